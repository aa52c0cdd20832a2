import { formatAddress, RewardsClaim } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { idOf } from '../../hex.js'
import { action } from '../../machine/module.js'
import { epochOf } from '../time/time.js'
import { payRewards } from './pay-rewards.js'
import { workerRewards } from './records.js'

/** Mints what a worker has coming from an epoch that is over: `rewards/claim`. */
export const claim = action(RewardsClaim, 80, (context, payload) => {
  const worker = idOf(payload.worker)
  const rewards = workerRewards.get(context.draft, worker)
  if (rewards === undefined)
    throw ledgerError('LEDGER_NOT_FOUND', `nothing is due to ${formatAddress(payload.worker)}`, { worker })
  if (rewards.epoch === epochOf(context)) {
    throw ledgerError('LEDGER_TOO_EARLY', `epoch ${rewards.epoch} is not over`, { epoch: rewards.epoch })
  }
  payRewards(context, worker, rewards)
})
