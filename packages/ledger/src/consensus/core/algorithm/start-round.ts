import type { Candidate } from '../blocks/candidate.js'
import type { BlockId } from '../message.js'
import { proposerOf } from '../proposer.js'
import type { ConsensusState } from '../state.js'
import { enterRound } from '../votes/rounds.js'
import { askToBuild } from './ask.js'
import { receiveVote } from './receive.js'
import { say } from './say.js'
import { schedule, type Turn } from './turn.js'

/** StartRound (lines 11–21). */
export function startRound(turn: Turn, round: number): void {
  const { state } = turn
  state.round = round // line 12
  state.step = 'propose' // line 13
  state.building = undefined
  state.timers.clear()
  for (const vote of enterRound(state.rounds, round, neededRounds(state))) receiveVote(turn, vote)
  forgetCandidates(state)
  if (proposerOf(state, round) === state.self) propose(turn) // line 14
  // Line 21. The proposer waits as well: its block may be built or put on disk too late.
  schedule(turn, 'propose')
}

/** Lines 15–19: the block that a quorum prevoted for, or a new one. */
function propose(turn: Turn): void {
  const { state, effects } = turn
  const { round, valid } = state
  const known = state.candidates.get(valid.blockId)
  if (known?.bytes !== undefined) {
    sayProposal(turn, known, valid.round) // line 16
  } else {
    state.building = round // line 18
    effects.push(askToBuild(state, round))
  }
}

/** Line 19. */
export function sayProposal(turn: Turn, candidate: Candidate, validRound: number): void {
  const { height, round, self } = turn.state
  const { blockId, headerHash, partsRoot, parts } = candidate
  const total = parts.length
  const proposer = self ?? ''
  say(turn, { kind: 'proposal', height, round, validRound, blockId, headerHash, partsRoot, total, proposer })
}

/** Rounds whose votes may still be asked for. */
function neededRounds({ lock, valid, commit, rounds }: ConsensusState): Set<number> {
  const needed = new Set([lock.round, valid.round, commit?.round ?? -1])
  for (const { proposal } of rounds.kept.values()) if (proposal !== undefined) needed.add(proposal.validRound)
  return needed
}

/** Blocks of past rounds that nobody can decide any more, as far as is known here, are forgotten. */
function forgetCandidates({ candidates, rounds, lock, valid, commit, round }: ConsensusState): void {
  const needed = new Set<BlockId | undefined>([lock.blockId, valid.blockId, commit?.blockId])
  for (const record of rounds.kept.values()) {
    if (record.round >= round - 1) needed.add(record.proposal?.blockId)
    for (const blockId of [...record.prevotes.quorums, ...record.precommits.quorums]) needed.add(blockId)
  }
  for (const blockId of candidates.keys()) if (!needed.has(blockId)) candidates.delete(blockId)
}
