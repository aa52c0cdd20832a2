/**
 * Messages of the next height, from those who decided this one sooner: one proposal, its parts and a few votes
 * of each validator are kept, and given out again when the height begins.
 */
import type { Message, Part, Proposal, Vote } from '../message.js'
import { rotate } from '../rotation.js'
import type { ConsensusState } from '../state.js'

/** Keeps the proposal of the next height's first round. */
export function keepEarlyProposal(
  { early, nextValidators, settings }: ConsensusState,
  proposal: Proposal,
): void {
  if (early.proposal !== undefined || proposal.round !== 0 || proposal.total > settings.bounds.parts) return
  if (rotate(nextValidators).proposer === proposal.proposer) early.proposal = proposal
}

/** Keeps a part of it; the proof is checked later. */
export function keepEarlyPart({ early }: ConsensusState, part: Part): void {
  const { proposal, parts } = early
  if (proposal === undefined || part.partsRoot !== proposal.partsRoot || parts.length >= proposal.total)
    return
  if (!parts.some(({ index }) => index === part.index)) parts.push(part)
}

/** Keeps a vote. */
export function keepEarlyVote({ early, nextValidators, settings }: ConsensusState, vote: Vote): void {
  if (!nextValidators.indexOf.has(vote.validator)) return
  const votes = early.votes.get(vote.validator) ?? []
  if (votes.length >= settings.bounds.nextHeightVotes) return
  if (votes.some(({ type, round }) => type === vote.type && round === vote.round)) return
  early.votes.set(vote.validator, [...votes, vote])
}

/** All that was kept. */
export function earlyMessages({ early }: ConsensusState): Message[] {
  const { proposal, parts, votes } = early
  const messages: Message[] = proposal === undefined ? [] : [{ type: 'proposal', proposal }]
  for (const part of parts) messages.push({ type: 'part', part })
  for (const list of votes.values()) for (const vote of list) messages.push({ type: 'vote', vote })
  return messages
}
