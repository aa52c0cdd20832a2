import { bytesOf } from '../../core/hex.js'
import type { Message, Proposal, Vote } from '../core/message.js'
import { signedBytesOf } from './signed-bytes.js'

/** Whether an Ed25519 signature holds; `verifyZip215` or the platform's own verifier. */
export type VerifySignature = (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean

/** Whether every signature in a message is that of the validator it names. Parts have none: their proof is checked. */
export function isAuthentic(chainId: string, message: Message, verify: VerifySignature): boolean {
  const ofVote = (vote: Vote): boolean => {
    const bytes = signedBytesOf(chainId, { kind: 'vote', ...vote })
    return verify(bytesOf(vote.validator), bytes, vote.signature)
  }
  const ofProposal = (proposal: Proposal): boolean => {
    const bytes = signedBytesOf(chainId, { kind: 'proposal', ...proposal })
    return verify(bytesOf(proposal.proposer), bytes, proposal.signature)
  }
  switch (message.type) {
    case 'vote':
      return ofVote(message.vote)
    case 'certificate':
      return message.votes.every(ofVote)
    case 'proposal':
      return ofProposal(message.proposal)
    case 'part':
      return true
  }
}
