import { ProposalBody } from '@neurovoyance/protocol'
import { signingPrefix } from '../../core/crypto/domains.js'
import { voteBytes } from '../../core/crypto/vote.js'
import type { Unsigned } from '../core/message.js'
import { proposalBody, voteBody } from './message.js'

/** What proposals sign begins with this. */
export const PROPOSAL_DOMAIN = 'neurovoyance/proposal/1'

/** The bytes that a validator signs for a message. */
export function signedBytesOf(chainId: string, message: Unsigned): Uint8Array {
  if (message.kind === 'vote') return voteBytes(chainId, voteBody(message))
  const prefix = signingPrefix(PROPOSAL_DOMAIN, chainId)
  const body = ProposalBody.encode(proposalBody(message))
  const bytes = new Uint8Array(prefix.length + body.length)
  bytes.set(prefix)
  bytes.set(body, prefix.length)
  return bytes
}
