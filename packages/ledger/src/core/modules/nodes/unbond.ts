import { LIMITS, type NodeRecord, NodesUnbond, type Purse } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { type Id, idOf } from '../../hex.js'
import type { ActionContext } from '../../machine/context.js'
import { action } from '../../machine/module.js'
import { EMPTY_PURSE, joined, takeFrom, totalOf } from '../accounts/purse.js'
import { unbondedAt } from '../staking/parameters.js'
import { returning } from './mature.js'
import { nodes, ownNode, withStake } from './node.js'

/** Takes coins of a node's stake back: `nodes/unbond`. They answer for what it did until they are there. */
export const unbond = action(NodesUnbond, 300, (context, { nodeKey, liquid, earned }) => {
  const key = idOf(nodeKey)
  const node = ownNode(context, key)
  if (liquid + earned === 0n) throw ledgerError('LEDGER_BAD_ACTION', 'nothing to take back')
  const first = takeFrom(node.stake ?? EMPTY_PURSE, liquid, ['liquid'])
  const second = takeFrom(first.left, earned, ['earned'], 'oldest')
  const rest = totalOf(second.left)
  const least = context.parameters.of('nodes/leastStake')
  if (rest > 0n && rest < least) {
    throw ledgerError('LEDGER_TOO_SMALL', `${rest} would stay: all, or ${least} at least`)
  }
  const coins = joined(first.taken, second.taken)
  nodes.set(context.draft, key, returningFrom(context, key, withStake(node, second.left), coins))
})

/**
 * A node with coins on their way back.
 *
 * @throws LedgerError `LEDGER_TOO_LARGE`
 */
export function returningFrom(context: ActionContext, key: Id, node: NodeRecord, purse: Purse): NodeRecord {
  const { draft, sender, timeMs } = context
  const endsMs = unbondedAt(context)
  const unbonding = [...node.unbonding, { purse, sinceMs: timeMs, endsMs }].sort(
    (a, b) => a.endsMs - b.endsMs,
  )
  if (unbonding.length > LIMITS.unbondings) {
    throw ledgerError('LEDGER_TOO_LARGE', `a node has ${LIMITS.unbondings} parts on their way back at most`)
  }
  returning.push(draft, key, endsMs)
  context.emit({
    kind: 'nodes/unbonding',
    accounts: [sender],
    fields: { node: key, amount: totalOf(purse), endsMs },
  })
  return { ...node, unbonding }
}
