import type { WorkerRewards } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { least, shareOf } from '../../amount.js'
import type { Id } from '../../hex.js'
import type { BlockContext } from '../../machine/context.js'
import { noteMinted } from '../../machine/supply.js'
import { credit, creditVesting } from '../accounts/account.js'
import { earnedPurse } from '../accounts/purse.js'
import { epochId, epochRewards, workerRewards } from './records.js'

/**
 * Mints a worker's share of an epoch that is over: of the epoch's budget or of what its work may have minted,
 * whichever is less, in proportion to his work. A part is earned at once, the rest vests from now on.
 */
export function payRewards(context: BlockContext, worker: Id, { epoch, allowance }: WorkerRewards): void {
  const { draft, parameters, timeMs } = context
  const id = epochId(epoch)
  const all = epochRewards.get(draft, id)
  if (all === undefined) throw ledgerError('LEDGER_MODULE_FAULT', `the work of epoch ${epoch} is not known`)
  const minted = (least(all.budget, all.allowance) * allowance) / all.allowance
  const unclaimed = all.unclaimed - allowance
  workerRewards.delete(draft, worker)
  if (unclaimed === 0n) epochRewards.delete(draft, id)
  else epochRewards.set(draft, id, { ...all, unclaimed })
  const immediate = shareOf(minted, parameters.of('rewards/immediateShare'))
  noteMinted(draft, minted)
  credit(context, worker, earnedPurse(immediate, timeMs))
  creditVesting(context, worker, minted - immediate, Number(parameters.of('rewards/vestingMs')))
  context.emit({
    kind: 'rewards/minted',
    accounts: [worker],
    fields: { worker, epoch, earned: immediate, vesting: minted - immediate },
  })
}
