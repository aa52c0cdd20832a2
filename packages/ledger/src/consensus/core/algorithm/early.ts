/**
 * Messages of the next height, from those who decided this one sooner: one proposal, a few parts and a few votes
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

/** Keeps a part, which may be of that proposal; the proof is checked later. */
export function keepEarlyPart({ early, settings }: ConsensusState, part: Part): void {
  const { orphanParts, partBytes } = settings.bounds
  if (early.parts.length < orphanParts && part.bytes.length <= partBytes && !isAmong(early.parts, part))
    early.parts.push(part)
}

/** Whether a part of this place is among these. */
export function isAmong(parts: readonly Part[], { partsRoot, index }: Part): boolean {
  return parts.some(part => part.partsRoot === partsRoot && part.index === index)
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
