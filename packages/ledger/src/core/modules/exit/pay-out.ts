import type { ExitAccount, ExitPosition } from '@neurovoyance/protocol'
import { WHOLE } from '../../amount.js'
import type { Id } from '../../hex.js'
import type { BlockContext } from '../../machine/context.js'
import { noteBurnt } from '../../machine/supply.js'
import { credit } from '../accounts/account.js'
import { liquidPurse } from '../accounts/purse.js'
import { amountOf, exitAccounts, queueOf } from './records.js'

/** What a request has been released at an index, tribute included. Exact: amounts are multiples of `EXIT_UNIT`. */
export function releasedOf(position: Pick<ExitPosition, 'lots' | 'start'>, index: number): bigint {
  const share = Math.min(Number(WHOLE), Math.max(0, index - position.start))
  return (amountOf(position) * BigInt(share)) / WHOLE
}

/** The tribute on the first `paid` coins of a request. */
export function tributeOn(position: Pick<ExitPosition, 'lots' | 'tribute'>, paid: bigint): bigint {
  const amount = amountOf(position)
  return (position.tribute * paid + amount - 1n) / amount
}

/** Makes what the queue has released to an account liquid, less the tribute; what it has left in the queue. */
export function settleExit(context: BlockContext, account: Id): ExitAccount {
  const { draft } = context
  const before = exitAccounts.get(draft, account)
  if (before === undefined) return { positions: [] }
  const { index } = queueOf(draft)
  let paid = 0n
  let burnt = 0n
  const positions = before.positions.flatMap(position => {
    const released = releasedOf(position, index)
    if (released === position.paid) return [position]
    paid += released - position.paid
    burnt += tributeOn(position, released) - tributeOn(position, position.paid)
    return released === amountOf(position) ? [] : [{ ...position, paid: released }]
  })
  if (paid === 0n) return before
  const after = { positions }
  if (positions.length > 0) exitAccounts.set(draft, account, after)
  else exitAccounts.delete(draft, account)
  credit(context, account, liquidPurse(paid - burnt))
  noteBurnt(draft, burnt)
  context.emit({ kind: 'exit/released', accounts: [account], fields: { liquid: paid - burnt, burnt } })
  return after
}
