import { NodesBind } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { keyProofBytes } from '../../crypto/key-proof.js'
import { isSoundKey } from '../../crypto/zip215.js'
import { bytesOf, idOf } from '../../hex.js'
import type { ActionContext } from '../../machine/context.js'
import { type Awaiting, action } from '../../machine/module.js'
import type { SignatureCheck } from '../../machine/transaction.js'
import { nodes } from './node.js'

/** What network keys sign to belong to an account. */
export const NODE_DOMAIN = 'neurovoyance/node/1'

/**
 * Binds a node to the sender: `nodes/bind`. The transaction shows that the owner agrees, the proof that the node does,
 * to this owner and by this transaction: nobody binds another's node, nor an own one again behind its back.
 */
export const bind = action(NodesBind, 4_000, bindNode, proofOf)

function bindNode(context: ActionContext, payload: NodesBind): void {
  const { draft, sender, verify } = context
  const { nodeKey, capabilities } = payload
  const key = idOf(nodeKey)
  if (!isSoundKey(nodeKey)) {
    throw ledgerError(
      'LEDGER_BAD_KEYS',
      `${key} is not an Ed25519 key in its one encoding, or of small order`,
    )
  }
  if (nodes.get(draft, key) !== undefined) {
    throw ledgerError('LEDGER_CONFLICT', `somebody answers for node ${key}`, { key })
  }
  const { publicKey, message, signature } = proofOf(context, payload)
  if (!verify(publicKey, message, signature)) {
    throw ledgerError('LEDGER_BAD_SIGNATURE', 'the node has not signed for this account and nonce')
  }
  nodes.set(draft, key, { owner: bytesOf(sender), capabilities, unbonding: [], retired: false })
  context.emit({ kind: 'nodes/bound', accounts: [sender], fields: { node: key } })
}

function proofOf({ chainId, sender, nonce }: Awaiting, { nodeKey, proof }: NodesBind): SignatureCheck {
  const message = keyProofBytes({ domain: NODE_DOMAIN, chainId, owner: sender, nonce })
  return { publicKey: nodeKey, message, signature: proof }
}
