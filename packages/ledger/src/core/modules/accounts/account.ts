import { Account, type Purse } from '@neurovoyance/protocol'
import { least } from '../../amount.js'
import type { Id } from '../../hex.js'
import type { BlockContext } from '../../machine/context.js'
import { collection } from '../../state/collection.js'
import { EMPTY_PURSE, earnedPurse, joined, purseHoldings, type TakeOrder, takeFrom } from './purse.js'
import { addVesting, releaseVested, vestingTotal } from './vesting.js'

/** Accounts by address. */
export const accounts = collection<Account>('accounts', {
  codec: Account,
  holdings: ({ purse, vesting }) => ({ ...purseHoldings(purse), vesting: vestingTotal(vesting) }),
})

const NEW_ACCOUNT: Account = Object.freeze({ nonce: 0, vesting: [] })

/** What rules about coins need of a block. */
export type CoinContext = Pick<BlockContext, 'draft' | 'timeMs'>

/** An account with what has vested up to now among its earned coins; one that nobody has used is empty. */
export function accountOf({ draft, timeMs }: CoinContext, id: Id): Account & { readonly purse: Purse } {
  const account = accounts.get(draft, id) ?? NEW_ACCOUNT
  const purse = account.purse ?? EMPTY_PURSE
  if (account.vesting.length === 0) return { ...account, purse }
  const { released, vesting } = releaseVested(account.vesting, timeMs)
  return { ...account, vesting, purse: joined(purse, earnedPurse(released, timeMs)) }
}

/** Puts coins into an account, as what they are. */
export function credit(context: CoinContext, id: Id, coins: Purse): void {
  const account = accountOf(context, id)
  accounts.set(context.draft, id, { ...account, purse: joined(account.purse, coins) })
}

/**
 * Takes coins out of an account.
 *
 * @throws LedgerError `LEDGER_INSUFFICIENT_FUNDS`
 */
export function debit(
  context: CoinContext,
  id: Id,
  amount: bigint,
  order: TakeOrder,
  earnedFrom: 'newest' | 'oldest' = 'newest',
): Purse {
  const account = accountOf(context, id)
  const { taken, left } = takeFrom(account.purse, amount, order, earnedFrom)
  accounts.set(context.draft, id, { ...account, purse: left })
  return taken
}

/** Puts coins into an account that vest from now on. */
export function creditVesting(context: CoinContext, id: Id, amount: bigint, vestingMs: number): void {
  const account = accountOf(context, id)
  const vesting = addVesting(account.vesting, amount, context.timeMs, vestingMs)
  accounts.set(context.draft, id, { ...account, vesting })
}

/** Takes coins out of what vests in an account, from the last to vest on; as many as there are of `amount`. */
export function debitVesting(context: CoinContext, id: Id, amount: bigint): bigint {
  const account = accountOf(context, id)
  let rest = amount
  const vesting = account.vesting
    .toReversed()
    .map(lot => {
      const part = least(lot.remaining, rest)
      rest -= part
      return { ...lot, remaining: lot.remaining - part }
    })
    .filter(({ remaining }) => remaining > 0n)
    .reverse()
  accounts.set(context.draft, id, { ...account, vesting })
  return amount - rest
}
