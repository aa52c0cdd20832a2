import { NodesRetire } from '@neurovoyance/protocol'
import { idOf } from '../../hex.js'
import { action } from '../../machine/module.js'
import { EMPTY_PURSE, totalOf } from '../accounts/purse.js'
import { nodes, ownNode, withStake } from './node.js'
import { returningFrom } from './unbond.js'

/** Retires a node: `nodes/retire`. Its whole stake unbonds; when nothing is on its way back, its key is free. */
export const retire = action(NodesRetire, 300, (context, { nodeKey }) => {
  const { draft, sender } = context
  const key = idOf(nodeKey)
  const node = { ...ownNode(context, key), retired: true }
  const stake = node.stake ?? EMPTY_PURSE
  if (totalOf(stake) > 0n) {
    nodes.set(draft, key, returningFrom(context, key, withStake(node, EMPTY_PURSE), stake))
  } else if (node.unbonding.length > 0) nodes.set(draft, key, node)
  else nodes.delete(draft, key)
  context.emit({ kind: 'nodes/retired', accounts: [sender], fields: { node: key } })
})
