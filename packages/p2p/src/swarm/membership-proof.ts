import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes, utf8ToBytes } from '@noble/hashes/utils.js'

/** What a proof is about: who calls whom, with which nonces. */
export interface ProofStatement {
  caller: string
  answerer: string
  /** 32 bytes, the caller's. */
  callerNonce: Uint8Array
  /** 32 bytes; of the answer only. */
  answererNonce?: Uint8Array
}

/** The key that proofs are made with, so that the swarm's own key is used for nothing else. */
export function proofKey(swarmKey: Uint8Array): Uint8Array {
  return hmac(sha256, swarmKey, utf8ToBytes('neurovoyance/membership/1'))
}

/**
 * A proof that its maker knows the swarm's key, good for one connection: it is bound to both peer ids, which the
 * connection's own handshake has proven, and to fresh nonces. HMAC-SHA-256, 32 bytes.
 */
export function makeProof(key: Uint8Array, statement: ProofStatement): Uint8Array {
  const { caller, answerer, callerNonce, answererNonce } = statement
  const role = answererNonce === undefined ? 'prove' : 'answer'
  const heading = utf8ToBytes(`${role}\n${caller}\n${answerer}\n`)
  return hmac(sha256, key, concatBytes(heading, callerNonce, answererNonce ?? new Uint8Array(0)))
}

/** Whether a proof is the one for a statement, in constant time. */
export function proofHolds(key: Uint8Array, statement: ProofStatement, proof: Uint8Array): boolean {
  const expected = makeProof(key, statement)
  let difference = expected.byteLength ^ proof.byteLength
  for (let index = 0; index < expected.byteLength; index++) {
    difference |= (expected[index] as number) ^ (proof[index] ?? 0)
  }
  return difference === 0
}
