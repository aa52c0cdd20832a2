import { AccountsRotate, AccountsTransfer, type Action, type KeySet } from '@neurovoyance/protocol'
import { type AccountName, accountBytes } from './account-name.js'

/** Gives liquid coins to another account. */
export const transfer = (to: AccountName, amount: bigint): Action => ({
  kind: 'accounts/transfer',
  payload: AccountsTransfer.encode({ to: accountBytes(to), amount }),
})

/** Replaces the keys of the account; its address stays. */
export const rotateKeys = (keys: KeySet): Action => ({
  kind: 'accounts/rotate',
  payload: AccountsRotate.encode({ keys }),
})
