import { idOf } from '../../hex.js'
import type { BlockContext } from '../../machine/context.js'
import { dueList } from '../../state/due-queue.js'
import { credit } from '../accounts/account.js'
import { EMPTY_PURSE, joined, totalOf } from '../accounts/purse.js'
import { nodeOf, nodes } from './node.js'

/** Nodes whose stake comes back, by time. */
export const returning = dueList('nodes/returning')

/** Nodes whose owners get stake back with one block. */
const NODES_PER_BLOCK = 32

/** Gives back what has unbonded, as what it was, without being asked. */
export function mature({ draft, timeMs, emit }: BlockContext): void {
  for (const key of returning.take(draft, timeMs, NODES_PER_BLOCK)) {
    const node = nodes.get(draft, key)
    if (node === undefined) continue
    const due = node.unbonding.filter(({ endsMs }) => endsMs <= timeMs)
    const unbonding = node.unbonding.filter(part => !due.includes(part))
    if (node.retired && unbonding.length === 0) nodes.delete(draft, key)
    else nodes.set(draft, key, { ...nodeOf(draft, key), unbonding })
    const coins = due.reduce((sum, { purse }) => joined(sum, purse!), EMPTY_PURSE)
    if (totalOf(coins) === 0n) continue
    const owner = idOf(node.owner)
    credit({ draft, timeMs }, owner, coins)
    emit({ kind: 'nodes/returned', accounts: [owner], fields: { node: key, amount: totalOf(coins) } })
  }
}
