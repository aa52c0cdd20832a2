import { formatAmount, NodesBond } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { idOf } from '../../hex.js'
import { action } from '../../machine/module.js'
import { EMPTY_PURSE, joined, totalOf } from '../accounts/purse.js'
import { coinsToBond } from '../staking/join.js'
import { nodes, ownNode, withStake } from './node.js'

/** Bonds coins of the sender to a node of its own: `nodes/bond`. Granted coins are spent and nothing else. */
export const bond = action(NodesBond, 200, (context, { nodeKey, liquid, earned }) => {
  const { draft, parameters, sender } = context
  const key = idOf(nodeKey)
  const node = ownNode(context, key)
  const stake = joined(node.stake ?? EMPTY_PURSE, coinsToBond(context, sender, { liquid, earned }))
  const least = parameters.of('nodes/leastStake')
  if (totalOf(stake) < least) {
    throw ledgerError('LEDGER_TOO_SMALL', `a stake is ${formatAmount(least)} NVY at least`, {
      least: String(least),
    })
  }
  nodes.set(draft, key, withStake(node, stake))
  context.emit({ kind: 'nodes/bonded', accounts: [sender], fields: { node: key, amount: liquid + earned } })
})
