import type { Id } from '../../hex.js'
import type { Draft } from '../../state/draft.js'
import { releasedOf, tributeOn } from './pay-out.js'
import { amountOf, exitAccounts, queueOf } from './records.js'

/** How far a request is. */
export interface ExitProgress {
  /** What `exit/cancel` calls it by. */
  readonly cohort: number
  /** The coins it came in with. */
  readonly amount: bigint
  /** Coins that left the queue, tribute included. */
  readonly paid: bigint
  /** Coins that are released and wait for a claim, tribute included. */
  readonly claimable: bigint
  /** Coins that the queue still holds back. */
  readonly waiting: bigint
  /** What is burnt of `waiting`. */
  readonly tribute: bigint
}

/** How far the requests of an account are, oldest first. */
export function exitProgress(draft: Draft, account: Id): readonly ExitProgress[] {
  const { index } = queueOf(draft)
  return (exitAccounts.get(draft, account)?.positions ?? []).map(position => {
    const amount = amountOf(position)
    const released = releasedOf(position, index)
    return {
      cohort: position.cohort,
      amount,
      paid: position.paid,
      claimable: released - position.paid,
      waiting: amount - released,
      tribute: position.tribute - tributeOn(position, released),
    }
  })
}
