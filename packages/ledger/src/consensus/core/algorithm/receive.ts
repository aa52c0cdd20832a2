/** Messages into their stores. What follows from them is `progress`. */
import { type Candidate, emptyCandidate, keepPart } from '../blocks/candidate.js'
import { blockIdOf } from '../blocks/merkle.js'
import { type Evidence, findAmnesia } from '../evidence.js'
import { NIL, type Part, type Proposal, type Vote } from '../message.js'
import { proposerOf } from '../proposer.js'
import type { ConsensusState } from '../state.js'
import { addCertificate, addVote, isCertificate, isCounted, openRound, type Rounds } from '../votes/rounds.js'
import { hasQuorum } from '../votes/tally.js'
import { askToCheck } from './ask.js'
import { isAmong, keepEarlyPart, keepEarlyProposal, keepEarlyVote } from './early.js'
import type { Turn } from './turn.js'

/** Keeps the proposal of a round: the first, or another if a quorum voted for that one. */
export function receiveProposal(turn: Turn, proposal: Proposal): void {
  const { state } = turn
  if (proposal.height === state.height + 1) keepEarlyProposal(state, proposal)
  if (proposal.height !== state.height || state.decided || !isSound(state, proposal)) return
  if (!isCounted(state.rounds, proposal.round) && !state.rounds.kept.has(proposal.round)) return
  if (proposal.proposer !== proposerOf(state, proposal.round)) return
  const record = openRound(state.rounds, proposal.round)
  const { proposal: earlier, prevotes, precommits } = record
  const isChosen = hasQuorum(prevotes, proposal.blockId) || hasQuorum(precommits, proposal.blockId)
  if (earlier !== undefined && (earlier.blockId === proposal.blockId || !isChosen)) return
  record.proposal = proposal
  if (state.candidates.has(proposal.blockId)) return
  state.candidates.set(proposal.blockId, emptyCandidate(proposal))
  const { orphans } = state
  state.orphans = []
  for (const part of orphans) receivePart(turn, part)
}

/** Keeps a part of a proposed block, and has the block checked once it is whole. */
export function receivePart(turn: Turn, part: Part): void {
  const { state } = turn
  if (part.height === state.height + 1) keepEarlyPart(state, part)
  if (part.height !== state.height || state.decided) return
  const candidates = [...state.candidates.values()].filter(({ partsRoot }) => partsRoot === part.partsRoot)
  if (candidates.length === 0) keepOrphan(state, part)
  for (const candidate of candidates)
    if (candidate.missing > 0 && keepPart(candidate, part, state.settings.bounds.partBytes))
      checkIfWhole(turn, candidate)
}

/** A part may overtake its proposal: the first few wait for one, unchecked. */
function keepOrphan({ orphans, settings }: ConsensusState, part: Part): void {
  const { orphanParts, partBytes } = settings.bounds
  if (orphans.length < orphanParts && part.bytes.length <= partBytes && !isAmong(orphans, part))
    orphans.push(part)
}

/** Asks the application about a block, once. */
export function checkIfWhole({ state, effects }: Turn, candidate: Candidate): void {
  const check = candidate.asked ? undefined : askToCheck(state, candidate)
  if (check === undefined) return
  candidate.asked = true
  effects.push(check)
}

/** Counts a vote of this height, of the one before, or keeps it for the next. */
export function receiveVote(turn: Turn, vote: Vote): void {
  const { state } = turn
  if (!isSoundVote(vote)) return
  if (vote.height === state.height + 1) keepEarlyVote(state, vote)
  if (vote.height === state.height - 1) receiveLateVote(turn, vote)
  if (vote.height !== state.height) return
  accuse(turn, state.rounds, vote, addVote(state.rounds, vote))
  noteCommit(state, vote)
}

/** Counts votes that are a quorum together. */
export function receiveCertificate(turn: Turn, votes: readonly Vote[]): void {
  const { state } = turn
  if (!isCertificate(state.rounds, votes) || !votes.every(isSoundVote)) return
  for (const [index, admission] of addCertificate(state.rounds, votes).entries())
    accuse(turn, state.rounds, votes[index]!, admission)
  noteCommit(state, votes[0]!)
}

/** Line 49, its second half: a quorum of precommits for a block, in any round. */
function noteCommit(state: ConsensusState, { type, round, blockId }: Vote): void {
  if (type !== 'precommit' || blockId === NIL || state.commit !== undefined) return
  if (hasQuorum(state.rounds.kept.get(round)?.precommits, blockId)) state.commit = { round, blockId }
}

/** A precommit that comes after the decision goes into the next block's commit, and may still be evidence. */
function receiveLateVote(turn: Turn, vote: Vote): void {
  const { state } = turn
  if (state.previous !== undefined) accuse(turn, state.previous, vote, addVote(state.previous, vote))
  const [decisive] = state.lastPrecommits.values()
  if (
    decisive === undefined ||
    vote.type !== 'precommit' ||
    !state.lastValidators?.indexOf.has(vote.validator)
  )
    return
  const isForLastBlock = vote.round === decisive.round && vote.blockId === decisive.blockId
  if (isForLastBlock && !state.lastPrecommits.has(vote.validator))
    state.lastPrecommits.set(vote.validator, vote)
}

function accuse(
  turn: Turn,
  rounds: Rounds,
  vote: Vote,
  admission: { kept: boolean; conflict?: Vote | undefined },
): void {
  if (!admission.kept) return
  const { validator } = vote
  if (admission.conflict !== undefined)
    give(turn, { type: 'double-vote', validator, first: admission.conflict, second: vote })
  const amnesia = findAmnesia(rounds, vote)
  if (amnesia !== undefined) give(turn, amnesia)
}

/** One piece of evidence of each type against a validator is enough for a height. */
function give({ state, effects }: Turn, evidence: Evidence): void {
  const { height } = evidence.type === 'amnesia' ? evidence.prevote : evidence.first
  const key = `${height}/${evidence.validator}/${evidence.type}`
  if (state.accused.has(key)) return
  state.accused.set(key, evidence)
  effects.push({ type: 'evidence', evidence })
}

function isSound({ settings }: ConsensusState, proposal: Proposal): boolean {
  const { round, validRound, total, blockId, headerHash, partsRoot } = proposal
  if (!Number.isInteger(round) || !Number.isInteger(validRound) || !Number.isInteger(total)) return false
  if (round < 0 || validRound < -1 || validRound >= round) return false
  return total >= 1 && total <= settings.bounds.parts && blockIdOf(headerHash, total, partsRoot) === blockId
}

/** Whether a vote's numbers are possible: only prevotes for a block name a round, an earlier one. */
function isSoundVote({ type, round, validRound, blockId }: Vote): boolean {
  if (!Number.isInteger(round) || !Number.isInteger(validRound) || round < 0) return false
  if (type === 'precommit' || blockId === NIL) return validRound === -1
  return validRound >= -1 && validRound < round
}
