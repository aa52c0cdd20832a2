import { type Id, idOf } from '../../hex.js'
import type { BlockContext } from '../../machine/context.js'
import { noteBurnt } from '../../machine/supply.js'
import { EMPTY_PURSE, totalOf } from '../accounts/purse.js'
import { slashed } from '../staking/liability.js'
import { nodeOf, nodes, withStake } from './node.js'

/** What a node's fault takes. */
export interface NodeSlash {
  /** Ledger time of the fault: stake that left before it is spared. */
  readonly faultMs: number
  /** In millionths. */
  readonly share: number
}

/**
 * Takes a share of a node's stake for a fault, and of what left it since, and burns it. Rules that judge work call it.
 *
 * @returns what is burnt
 */
export function slashNode(context: BlockContext, key: Id, { faultMs, share }: NodeSlash): bigint {
  const { draft } = context
  const node = nodeOf(draft, key)
  const before = node.stake ?? EMPTY_PURSE
  const after = slashed(before, share)
  let burnt = totalOf(before) - totalOf(after)
  const unbonding = node.unbonding.map(part => {
    if (part.sinceMs < faultMs) return part
    const purse = slashed(part.purse!, share)
    burnt += totalOf(part.purse!) - totalOf(purse)
    return { ...part, purse }
  })
  nodes.set(draft, key, withStake({ ...node, unbonding }, after))
  noteBurnt(draft, burnt)
  context.emit({ kind: 'nodes/slashed', accounts: [idOf(node.owner)], fields: { node: key, share, burnt } })
  return burnt
}
