import {
  type Action,
  NodesBind,
  NodesBond,
  NodesDescribe,
  NodesRetire,
  NodesUnbond,
} from '@neurovoyance/protocol'
import type { Coins } from './staking.js'

/** A node to be bound to the sender. */
export interface NodeBinding {
  /** The Ed25519 key of its PeerId. */
  readonly nodeKey: Uint8Array
  /** Its signature of `keyProofBytes` in `NODE_DOMAIN`. */
  readonly proof: Uint8Array
  /** SHA-256 of the node's description; zeros for none. */
  readonly capabilities?: Uint8Array
}

/** Binds a node's network key to the sender. */
export const bindNode = ({ nodeKey, proof, capabilities = new Uint8Array(32) }: NodeBinding): Action => ({
  kind: 'nodes/bind',
  payload: NodesBind.encode({ nodeKey, proof, capabilities }),
})

/** Replaces the description of a node. */
export const describeNode = (nodeKey: Uint8Array, capabilities: Uint8Array): Action => ({
  kind: 'nodes/describe',
  payload: NodesDescribe.encode({ nodeKey, capabilities }),
})

/** Bonds coins to a node of one's own, as a worker's stake. */
export const bondToNode = (nodeKey: Uint8Array, { liquid = 0n, earned = 0n }: Coins): Action => ({
  kind: 'nodes/bond',
  payload: NodesBond.encode({ nodeKey, liquid, earned }),
})

/** Takes coins of a node's stake back after the time of unbonding. */
export const unbondFromNode = (nodeKey: Uint8Array, { liquid = 0n, earned = 0n }: Coins): Action => ({
  kind: 'nodes/unbond',
  payload: NodesUnbond.encode({ nodeKey, liquid, earned }),
})

/** Retires a node: its whole stake unbonds. */
export const retireNode = (nodeKey: Uint8Array): Action => ({
  kind: 'nodes/retire',
  payload: NodesRetire.encode({ nodeKey }),
})
