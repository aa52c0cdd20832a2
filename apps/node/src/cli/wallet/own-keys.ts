import { idOf, keyProofBytes, NODE_DOMAIN, VALIDATOR_DOMAIN } from '@neurovoyance/ledger'
import { loadIdentity } from '@neurovoyance/p2p/node'
import { parseAddress, peerIdFromPublicKey } from '@neurovoyance/protocol'
import { readValidatorKey } from '../../chain/validator-key.js'
import type { Home } from '../../config/home.js'
import { NodeError } from '../../errors.js'

/** To whom a key shows that it belongs, and by which transaction. */
interface Owner {
  readonly address: string
  readonly chainId: string
  readonly nonce: number
}

/** The network key of a node's home, and its consent to belong to an account. */
export async function nodeProof(home: Pick<Home, 'path'>, owner: Owner) {
  const key = await loadIdentity(home.path)
  const proof = await key.sign(proofBytes(NODE_DOMAIN, owner))
  const nodeKey = key.publicKey.raw
  return { nodeKey, peerId: peerIdFromPublicKey(nodeKey), proof: Uint8Array.from(proof) }
}

/** The validator's key of a node's home, and its consent to belong to an account. */
export async function validatorProof(home: Pick<Home, 'validatorKey'>, owner: Owner) {
  const key = await readValidatorKey(home.validatorKey)
  if (key === undefined) {
    throw new NodeError(
      'NODE_KEY_MISSING',
      `There is no validator's key in ${home.validatorKey}: make one with 'nv chain key --new'.`,
      { details: { path: home.validatorKey } },
    )
  }
  return { consensusKey: key.publicKey, proof: await key.sign(proofBytes(VALIDATOR_DOMAIN, owner)) }
}

const proofBytes = (domain: string, { address, chainId, nonce }: Owner): Uint8Array =>
  keyProofBytes({ domain, chainId, owner: idOf(parseAddress(address)), nonce })
