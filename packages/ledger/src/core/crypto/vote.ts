import { VoteBody } from '@neurovoyance/protocol'
import { signingPrefix } from './domains.js'
import { sha256 } from './sha256.js'

/** What votes sign begins with this. */
export const VOTE_DOMAIN = 'neurovoyance/vote/1'

/** The bytes that a validator signs for a vote. */
export function voteBytes(chainId: string, vote: VoteBody): Uint8Array {
  const prefix = signingPrefix(VOTE_DOMAIN, chainId)
  const body = VoteBody.encode(vote)
  const bytes = new Uint8Array(prefix.length + body.length)
  bytes.set(prefix)
  bytes.set(body, prefix.length)
  return bytes
}

/** A block's id: SHA-256 of its encoded header's SHA-256, the number of its parts (four bytes) and their root. */
export function blockIdFrom(header: Uint8Array, parts: number, partsRoot: Uint8Array): Uint8Array {
  const count = new Uint8Array(4)
  new DataView(count.buffer).setUint32(0, parts)
  return sha256(sha256(header), count, partsRoot)
}
