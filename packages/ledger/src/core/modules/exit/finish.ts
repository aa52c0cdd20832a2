import { type Id, idOf } from '../../hex.js'
import type { BlockContext } from '../../machine/context.js'
import type { Draft } from '../../state/draft.js'
import { settleExit } from './pay-out.js'
import { cohortId, exitAccounts, exitCohorts, exitMembers, exitQueue, memberId, queueOf } from './records.js'

/** Members that are paid out with one block. */
const MEMBERS_PER_BLOCK = 64

/** Pays out the members of cohorts that are released whole, some with each block, without being asked. */
export function finish(context: BlockContext): void {
  const { draft } = context
  const queue = queueOf(draft)
  let { finishing, member } = queue
  if (finishing === queue.oldest) return
  for (let paid = 0; paid < MEMBERS_PER_BLOCK && finishing < queue.oldest; paid++) {
    const id = memberId(finishing, member)
    const account = idOf(exitMembers.get(draft, id)!.account)
    if (isMember(draft, account, finishing)) settleExit(context, account)
    exitMembers.delete(draft, id)
    member++
    if (member < exitCohorts.get(draft, cohortId(finishing))!.members) continue
    exitCohorts.delete(draft, cohortId(finishing))
    finishing++
    member = 0
  }
  exitQueue.set(draft, { ...queue, finishing, member })
}

/** Whether an account still has a request in a cohort: not if it was cancelled, or claimed in the meantime. */
const isMember = (draft: Draft, account: Id, cohort: number): boolean =>
  exitAccounts.get(draft, account)?.positions.some(position => position.cohort === cohort) ?? false
