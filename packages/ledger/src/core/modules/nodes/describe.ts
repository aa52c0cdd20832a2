import { NodesDescribe } from '@neurovoyance/protocol'
import { idOf } from '../../hex.js'
import { action } from '../../machine/module.js'
import { nodes, ownNode } from './node.js'

/** Replaces the description of a node: `nodes/describe`. */
export const describe = action(NodesDescribe, 100, (context, { nodeKey, capabilities }) => {
  const key = idOf(nodeKey)
  nodes.set(context.draft, key, { ...ownNode(context, key), capabilities })
  context.emit({
    kind: 'nodes/described',
    accounts: [context.sender],
    fields: { node: key, capabilities: idOf(capabilities) },
  })
})
