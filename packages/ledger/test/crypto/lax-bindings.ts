import type { Action } from '@neurovoyance/protocol'
import { actions, type Id, keyProofBytes, NODE_DOMAIN } from '../../src/index.js'
import { laxSigner } from './lax-signatures.js'

/** Binds nodes whose proofs the rules take, and the platform's verifier does not. */
export function laxBindings(init: { chainId: string; owner: Id; nonce: number; count: number }): Action[] {
  const message = keyProofBytes({ domain: NODE_DOMAIN, ...init })
  return Array.from({ length: init.count }, (_, index) => {
    const { publicKey, sign } = laxSigner(1 + index)
    return actions.bindNode({ nodeKey: publicKey, proof: sign(message) })
  })
}
