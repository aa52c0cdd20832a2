import {
  type Action,
  ExitCancel,
  ExitClaim,
  ExitRequest,
  GrantsGive,
  RewardsClaim,
} from '@neurovoyance/protocol'
import { type AccountName, accountBytes } from './account-name.js'

/** Gives a worker what the last epochs with work brought him. */
export const claimRewards = (worker: AccountName): Action => ({
  kind: 'rewards/claim',
  payload: RewardsClaim.encode({ worker: accountBytes(worker) }),
})

/** Puts earned coins into the exit queue: a multiple of 10⁶ base units. */
export const requestExit = (amount: bigint): Action => ({
  kind: 'exit/request',
  payload: ExitRequest.encode({ amount }),
})

/** Makes what the queue has released of the sender's coins liquid. */
export const claimExit = (): Action => ({ kind: 'exit/claim', payload: ExitClaim.encode({}) })

/** Takes back what the queue has not released of one request. */
export const cancelExit = (cohort: number): Action => ({
  kind: 'exit/cancel',
  payload: ExitCancel.encode({ cohort }),
})

/** Gives granted coins to a newcomer, out of the sponsor's budget. */
export const giveGrant = (guest: AccountName, amount: bigint): Action => ({
  kind: 'grants/give',
  payload: GrantsGive.encode({ guest: accountBytes(guest), amount }),
})
