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

/** A block's id: SHA-256 of its encoded header's SHA-256 and the root of its parts. */
export const blockIdFrom = (header: Uint8Array, partsRoot: Uint8Array): Uint8Array =>
  sha256(sha256(header), partsRoot)
