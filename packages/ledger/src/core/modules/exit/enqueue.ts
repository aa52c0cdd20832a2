import { type ExitPosition, LIMITS, type Purse } from '@neurovoyance/protocol'
import { WHOLE } from '../../amount.js'
import { bytesOf, type Id } from '../../hex.js'
import type { BlockContext } from '../../machine/context.js'
import { credit } from '../accounts/account.js'
import { EMPTY_PURSE, earnedOf, joined, takeFrom } from '../accounts/purse.js'
import { settleExit } from './pay-out.js'
import { cohortId, exitAccounts, exitCohorts, exitMembers, exitQueue, memberId, queueOf } from './records.js'
import { tributeOf } from './tribute.js'

/**
 * Requests are multiples of this many base units. An index in millionths then divides each of them without a
 * remainder: nothing is ever rounded, for nobody.
 */
export const EXIT_UNIT = WHOLE

/**
 * Puts earned coins of an account, that were taken from wherever they were, into the queue: the oldest. What is
 * too little for a request (less than `exit/least`, or than a unit) goes to the account and stays earned, and so
 * does all where the account has too many requests.
 *
 * @returns how many went into the queue
 */
export function enqueueEarned(context: BlockContext, account: Id, coins: Purse): bigint {
  const all = earnedOf(coins)
  const whole = all - (all % EXIT_UNIT)
  const amount = whole < context.parameters.of('exit/least') ? 0n : whole
  const { taken, left } = takeFrom(coins, amount, ['earned'], 'oldest')
  if (left.earned.length > 0) credit(context, account, left)
  if (amount === 0n) return 0n
  const { positions } = settleExit(context, account)
  const queue = queueOf(context.draft)
  if (isFull(positions, queue.open)) {
    credit(context, account, taken)
    return 0n
  }
  const cohort = exitCohorts.get(context.draft, cohortId(queue.open)) ?? {
    start: queue.index,
    total: 0n,
    members: 0,
  }
  const mine = positions.find(position => position.cohort === queue.open)
  const earned =
    mine === undefined ? taken.earned : joined({ ...EMPTY_PURSE, earned: mine.lots }, taken).earned
  const position = {
    cohort: queue.open,
    start: cohort.start,
    lots: earned,
    tribute: (mine?.tribute ?? 0n) + tributeOf(context, taken.earned),
    paid: 0n,
  }
  const others = positions.filter(other => other !== mine)
  exitAccounts.set(context.draft, account, { positions: [...others, position] })
  if (mine === undefined) {
    exitMembers.set(context.draft, memberId(queue.open, cohort.members), { account: bytesOf(account) })
  }
  exitCohorts.set(context.draft, cohortId(queue.open), {
    ...cohort,
    total: cohort.total + amount,
    members: cohort.members + (mine === undefined ? 1 : 0),
  })
  exitQueue.set(context.draft, { ...queue, total: queue.total + amount })
  context.emit({ kind: 'exit/queued', accounts: [account], fields: { amount, cohort: queue.open } })
  return amount
}

/** Whether an account with these requests can have no other. */
const isFull = (positions: readonly ExitPosition[], open: number): boolean =>
  positions.length >= LIMITS.exitPositions && positions.every(({ cohort }) => cohort !== open)
