import { NodeRecord, type Purse } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { type Id, idOf } from '../../hex.js'
import type { ActionContext } from '../../machine/context.js'
import { collection } from '../../state/collection.js'
import type { Draft } from '../../state/draft.js'
import { EMPTY_PURSE, totalOf } from '../accounts/purse.js'

/** Nodes by their network key. */
export const nodes = collection<NodeRecord>('nodes', {
  codec: NodeRecord,
  holdings: ({ stake, unbonding }) => ({
    bonded: totalOf(stake ?? EMPTY_PURSE),
    unbonding: unbonding.reduce((sum, { purse }) => sum + totalOf(purse!), 0n),
  }),
})

/**
 * A node.
 *
 * @throws LedgerError `LEDGER_NOT_FOUND`
 */
export function nodeOf(draft: Draft, key: Id): NodeRecord {
  const node = nodes.get(draft, key)
  if (node === undefined) throw ledgerError('LEDGER_NOT_FOUND', `nobody answers for node ${key}`, { key })
  return node
}

/**
 * A node of the sender that works.
 *
 * @throws LedgerError `LEDGER_NOT_FOUND`, `LEDGER_FORBIDDEN`
 */
export function ownNode({ draft, sender }: ActionContext, key: Id): NodeRecord {
  const node = nodeOf(draft, key)
  if (idOf(node.owner) !== sender) {
    throw ledgerError('LEDGER_FORBIDDEN', `somebody else answers for node ${key}`, { key })
  }
  if (node.retired) throw ledgerError('LEDGER_FORBIDDEN', `node ${key} has retired`, { key })
  return node
}

/** The stake of a node that works, in coins; what is on its way back does not count. */
export const stakeOf = (draft: Draft, key: Id): bigint => totalOf(nodes.get(draft, key)?.stake ?? EMPTY_PURSE)

/** A node with another stake. */
export const withStake = ({ stake: _, ...node }: NodeRecord, stake: Purse): NodeRecord =>
  totalOf(stake) === 0n ? node : { ...node, stake }
