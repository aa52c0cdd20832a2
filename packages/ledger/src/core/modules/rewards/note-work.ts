import { shareOf } from '../../amount.js'
import type { Id } from '../../hex.js'
import type { BlockContext } from '../../machine/context.js'
import { epochOf } from '../time/time.js'
import { payRewards } from './pay-rewards.js'
import { epochId, epochRewards, workerRewards } from './records.js'
import { budgetOf } from './schedule.js'

/** Who chose the worker of some work. Who chooses for himself can choose himself. */
export type ChosenBy = 'payer' | 'ledger'

const MINT_SHARE = { payer: 'rewards/mintShare', ledger: 'rewards/drawnMintShare' } as const

/**
 * Counts paid work towards what is minted for this epoch. What the worker has coming from another epoch is paid
 * now, so that there is one record a worker however long he works, and nothing to do when an epoch ends.
 */
export function noteWork(context: BlockContext, worker: Id, paid: bigint, chosenBy: ChosenBy): void {
  const { draft, parameters } = context
  const allowance = shareOf(paid, parameters.of(MINT_SHARE[chosenBy]))
  if (allowance === 0n) return
  const epoch = epochOf(context)
  const id = epochId(epoch)
  const before = workerRewards.get(draft, worker)
  if (before !== undefined && before.epoch !== epoch) payRewards(context, worker, before)
  const mine = before?.epoch === epoch ? before.allowance : 0n
  workerRewards.set(draft, worker, { epoch, allowance: mine + allowance })
  const all = epochRewards.get(draft, id) ?? {
    budget: budgetOf(context, epoch),
    allowance: 0n,
    unclaimed: 0n,
  }
  epochRewards.set(draft, id, {
    ...all,
    allowance: all.allowance + allowance,
    unclaimed: all.unclaimed + allowance,
  })
}
