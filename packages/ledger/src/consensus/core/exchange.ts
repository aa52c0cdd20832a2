/**
 * How validators fill each other's gaps: one tells what it has of the height, the other answers with what is
 * missing. Sent now and then to a few peers and on every new connection, it brings every message to every
 * honest validator in the end, which is all that Tendermint asks of gossip.
 */
import { bitsOf, hasBit } from './bits.js'
import type { BlockId, Message } from './message.js'
import type { ConsensusState } from './state.js'
import type { Round } from './votes/rounds.js'
import { type Tally, votesFor } from './votes/tally.js'

/** Votes of one type in a round. */
export interface TallySummary {
  /** A bit for each validator that voted. */
  voters: Uint8Array
  /** Blocks (or `NIL`) that a quorum voted for. */
  quorums: readonly BlockId[]
}

/** What a validator has of a round. */
export interface RoundSummary {
  round: number
  proposal: BlockId | undefined
  prevotes: TallySummary
  precommits: TallySummary
}

/** What a validator has of the height that it decides. */
export interface Summary {
  height: number
  round: number
  /** The rounds in which it needs something, at most six. */
  rounds: readonly RoundSummary[]
  /** A bit for each part of the blocks proposed in them. */
  blocks: readonly { blockId: BlockId; parts: Uint8Array }[]
}

/** What this validator has, for others to see what it lacks. */
export function summarise(state: ConsensusState): Summary {
  const { height, round, rounds, candidates } = state
  const records = roundsOfInterest(state).map(number => rounds.kept.get(number) ?? number)
  const blocks = [...candidates.values()].map(({ blockId, parts }) => ({ blockId, parts: bitsOf(parts) }))
  return { height, round, rounds: records.map(summariseRound), blocks }
}

/**
 * What the sender of a summary lacks and this validator has, most urgent first; nothing for another height.
 * `maxParts` bounds the parts in one answer.
 */
export function answer(state: ConsensusState, summary: Summary, maxParts: number): Message[] {
  if (summary.height !== state.height) return []
  const theirs = new Map(summary.rounds.map(round => [round.round, round]))
  const wanted = new Set([...theirs.keys(), ...(state.round > summary.round ? roundsOfInterest(state) : [])])
  const messages: Message[] = []
  const blocks = new Set<BlockId>()
  for (const number of [...wanted].sort((a, b) => b - a)) {
    const round = state.rounds.kept.get(number)
    if (round === undefined) continue
    const their = theirs.get(number)
    missingVotes(round.precommits, their?.precommits, messages)
    missingVotes(round.prevotes, their?.prevotes, messages)
    const { proposal } = round
    if (proposal === undefined) continue
    blocks.add(proposal.blockId)
    if (
      their?.proposal !== proposal.blockId &&
      (their?.proposal === undefined || isChosen(round, proposal.blockId))
    )
      messages.push({ type: 'proposal', proposal })
  }
  // What brought this validator on brings the other on too.
  if (state.round > summary.round)
    for (const votes of state.rounds.far.values()) messages.push({ type: 'vote', vote: votes.at(-1)! })
  for (const blockId of blocks) missingParts(state, summary, blockId, maxParts, messages)
  return messages
}

/** The present round, those beside it, the one that the proposal refers to, and the one that decided. */
function roundsOfInterest({ round, rounds, commit }: ConsensusState): number[] {
  const present = Math.max(round, 0)
  const referred = rounds.kept.get(present)?.proposal?.validRound ?? -1
  const numbers = new Set([present - 1, present, present + 1, referred, commit?.round ?? -1])
  return [...numbers].filter(number => number >= 0)
}

function summariseRound(round: Round | number): RoundSummary {
  if (typeof round === 'number') {
    const none: TallySummary = { voters: new Uint8Array(0), quorums: [] }
    return { round, proposal: undefined, prevotes: none, precommits: none }
  }
  const { prevotes, precommits, proposal } = round
  return {
    round: round.round,
    proposal: proposal?.blockId,
    prevotes: { voters: bitsOf(prevotes.first), quorums: [...prevotes.quorums] },
    precommits: { voters: bitsOf(precommits.first), quorums: [...precommits.quorums] },
  }
}

/** A quorum goes as a whole, so that whoever has other votes of the same validators takes it; else what lacks. */
function missingVotes(tally: Tally, theirs: TallySummary | undefined, messages: Message[]): void {
  for (const blockId of tally.quorums)
    if (!theirs?.quorums.includes(blockId))
      messages.push({ type: 'certificate', votes: votesFor(tally, blockId) })
  for (const [index, vote] of tally.first.entries()) {
    const isInCertificate = vote !== undefined && tally.quorums.includes(vote.blockId)
    if (vote !== undefined && !isInCertificate && !(theirs && hasBit(theirs.voters, index)))
      messages.push({ type: 'vote', vote })
  }
}

function isChosen({ prevotes, precommits }: Round, blockId: BlockId): boolean {
  return prevotes.quorums.includes(blockId) || precommits.quorums.includes(blockId)
}

function missingParts(
  { candidates }: ConsensusState,
  summary: Summary,
  blockId: BlockId,
  maxParts: number,
  messages: Message[],
): void {
  const theirs = summary.blocks.find(block => block.blockId === blockId)?.parts
  const parts = candidates.get(blockId)?.parts ?? []
  let left = maxParts
  for (const [index, part] of parts.entries()) {
    if (part === undefined || (theirs && hasBit(theirs, index)) || left-- <= 0) continue
    messages.push({ type: 'part', part })
  }
}
