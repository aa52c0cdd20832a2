/** The rules of Algorithm 1 that wait for messages, each tried until none applies any more. */
import { NIL } from '../message.js'
import { roundToSkipTo } from '../votes/rounds.js'
import { hasQuorum } from '../votes/tally.js'
import { askToDecide } from './ask.js'
import { exceedsQuorum, presentRound } from './present.js'
import { proposalToVoteOn } from './proposal-to-vote-on.js'
import { sayVote } from './say.js'
import { startRound } from './start-round.js'
import { schedule, type Turn } from './turn.js'

/** A rule: does what it says where its condition holds, and says whether it did. */
type Rule = (turn: Turn) => boolean

const RULES: readonly Rule[] = [
  decide,
  skipRound,
  beginHeight,
  prevoteProposal,
  awaitPrevotes,
  lockOnQuorum,
  precommitNil,
  awaitPrecommits,
]

/** Applies every rule that can be applied. */
export function progress(turn: Turn): void {
  while (!turn.state.decided && RULES.some(rule => rule(turn)));
}

/** Lines 49–54: a quorum of precommits, in any round, for a block that is here and valid. */
function decide({ state, effects }: Turn): boolean {
  const candidate = state.commit && state.candidates.get(state.commit.blockId)
  const decision = candidate?.verdict?.valid ? askToDecide(state) : undefined
  if (decision === undefined) return false
  state.decided = true
  state.step = 'commit'
  state.timers.clear()
  effects.push(decision)
  return true
}

/** Lines 55–56: more than a third is in a later round. */
function skipRound(turn: Turn): boolean {
  const round = roundToSkipTo(turn.state.rounds)
  if (round === undefined) return false
  startRound(turn, round)
  return true
}

/** The height's first round begins when a block is due and the pause is over, or when someone else began it. */
function beginHeight(turn: Turn): boolean {
  const { state } = turn
  if (state.round !== -1) return false
  const isDue = state.rested && state.wanted
  if (!isDue && state.rounds.kept.get(0)?.proposal === undefined) return false
  startRound(turn, 0)
  return true
}

/** Lines 22–33. */
function prevoteProposal(turn: Turn): boolean {
  const { state } = turn
  if (state.step !== 'propose') return false
  const proposed = proposalToVoteOn(state)
  if (proposed === undefined) return false
  const { blockId, isGood, validRound } = proposed
  const { lock, settings } = state
  const isAllowed = isGood && settings.rules.mayPrevote(lock, proposed) // lines 23, 29
  // A block that one is locked on is known to have had a quorum in the lock's round: say so, whatever the
  // proposer said, or following the lock would look like having forgotten an earlier one.
  const knownRound = blockId === lock.blockId ? Math.max(validRound, lock.round) : validRound
  if (isAllowed)
    sayVote(turn, 'prevote', blockId, knownRound) // lines 24, 30
  else sayVote(turn, 'prevote', NIL) // lines 26, 32
  state.step = 'prevote' // lines 27, 33
  return true
}

/** Lines 34–35: a quorum prevoted, for whatever. */
function awaitPrevotes(turn: Turn): boolean {
  const { state } = turn
  if (state.step !== 'prevote') return false
  const record = presentRound(state)
  if (record.fired.anyPrevotes || !exceedsQuorum(state, record.prevotes.power)) return false
  record.fired.anyPrevotes = true
  schedule(turn, 'prevote')
  return true
}

/** Lines 36–43: a quorum prevoted for a valid block. */
function lockOnQuorum(turn: Turn): boolean {
  const { state } = turn
  if (state.step !== 'prevote' && state.step !== 'precommit') return false
  const record = presentRound(state)
  if (record.fired.polka) return false
  const blockId = record.prevotes.quorums.find(id => id !== NIL && state.candidates.get(id)?.verdict?.valid)
  if (blockId === undefined) return false
  record.fired.polka = true
  const { round } = state
  if (state.step === 'prevote') {
    state.lock = { round, blockId } // lines 38–39
    sayVote(turn, 'precommit', blockId) // line 40
    state.step = 'precommit' // line 41
  }
  state.valid = { round, blockId } // lines 42–43
  return true
}

/** Lines 44–46: a quorum prevoted nil. */
function precommitNil(turn: Turn): boolean {
  const { state } = turn
  if (state.step !== 'prevote' || !hasQuorum(presentRound(state).prevotes, NIL)) return false
  sayVote(turn, 'precommit', NIL)
  state.step = 'precommit'
  return true
}

/** Lines 47–48: a quorum precommitted, for whatever. */
function awaitPrecommits(turn: Turn): boolean {
  const { state } = turn
  if (state.round < 0) return false
  const record = presentRound(state)
  if (record.fired.anyPrecommits || !exceedsQuorum(state, record.precommits.power)) return false
  record.fired.anyPrecommits = true
  schedule(turn, 'precommit')
  return true
}
