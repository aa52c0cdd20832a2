import { ExitAccount, ExitCohort, ExitMember, type ExitPosition, ExitQueue } from '@neurovoyance/protocol'
import { collection, single } from '../../state/collection.js'
import type { Draft } from '../../state/draft.js'

/** The queue as a whole. */
export const exitQueue = single<ExitQueue>('exit/queue', { codec: ExitQueue })

/** Cohorts by number. */
export const exitCohorts = collection<ExitCohort>('exit/cohorts', { codec: ExitCohort })

/** Members of cohorts, so that they are found when their cohort finishes. */
export const exitMembers = collection<ExitMember>('exit/members', { codec: ExitMember })

/** What accounts have in the queue. */
export const exitAccounts = collection<ExitAccount>('exit/accounts', {
  codec: ExitAccount,
  holdings: ({ positions }) => ({
    queued: positions.reduce((sum, position) => sum + queuedOf(position), 0n),
  }),
})

const DIGITS = 12

/** A cohort's id. */
export const cohortId = (cohort: number): string => String(cohort).padStart(DIGITS, '0')

/** A member's id. */
export const memberId = (cohort: number, member: number): string =>
  `${cohortId(cohort)}-${String(member).padStart(DIGITS, '0')}`

/** The queue before anybody is in it. */
const NEW_QUEUE: ExitQueue = Object.freeze({
  index: 0,
  total: 0n,
  oldest: 0,
  open: 0,
  finishing: 0,
  member: 0,
})

/** The queue; an empty one where there is none. */
export const queueOf = (draft: Draft): ExitQueue => exitQueue.get(draft) ?? NEW_QUEUE

/** The coins that a request came in with. */
export const amountOf = ({ lots }: Pick<ExitPosition, 'lots'>): bigint =>
  lots.reduce((sum, { amount }) => sum + amount, 0n)

/** The coins of a request that are still in the queue. */
export const queuedOf = (position: ExitPosition): bigint => amountOf(position) - position.paid
