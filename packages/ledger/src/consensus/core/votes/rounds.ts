import { NIL, type Proposal, type ValidatorId, type Vote } from '../message.js'
import { exceedsThird, type Rules } from '../rules.js'
import type { Bounds } from '../settings.js'
import type { ValidatorSet } from '../validators.js'
import { type Admission, count, emptyTally, supportBlock, type Tally } from './tally.js'

/** What is known of one round. */
export interface Round {
  readonly round: number
  proposal: Proposal | undefined
  readonly prevotes: Tally
  readonly precommits: Tally
  /** Rules that apply once a round and have: lines 34, 36 and 47. */
  readonly fired: { anyPrevotes: boolean; polka: boolean; anyPrecommits: boolean }
}

/** The rounds of a height that are kept, and the latest votes for rounds that are far ahead. */
export interface Rounds {
  readonly height: number
  readonly validators: ValidatorSet
  readonly bounds: Bounds
  readonly rules: Rules
  readonly kept: Map<number, Round>
  /** By validator: votes beyond the next round, the latest few, by round. */
  readonly far: Map<ValidatorId, Vote[]>
  /** The highest of `kept` that may be opened by a vote. */
  current: number
}

const DROPPED: Admission = { kept: false }

/** A height of which nothing is known. */
export function emptyRounds(height: number, validators: ValidatorSet, bounds: Bounds, rules: Rules): Rounds {
  return { height, validators, bounds, rules, kept: new Map(), far: new Map(), current: -1 }
}

/** The round's record, made where there is none. */
export function openRound(rounds: Rounds, round: number): Round {
  let record = rounds.kept.get(round)
  if (record === undefined) {
    const size = rounds.validators.validators.length
    record = {
      round,
      proposal: undefined,
      prevotes: emptyTally(size),
      precommits: emptyTally(size),
      fired: { anyPrevotes: false, polka: false, anyPrecommits: false },
    }
    rounds.kept.set(round, record)
  }
  return record
}

/** The votes of a type in a round, where the round is kept. */
export function tallyOf(rounds: Rounds, type: Vote['type'], round: number): Tally | undefined {
  const record = rounds.kept.get(round)
  return type === 'prevote' ? record?.prevotes : record?.precommits
}

/** Whether votes of this round are counted: it is near the present one, or kept for another reason. */
export function isCounted(rounds: Rounds, round: number): boolean {
  const { current, bounds, kept } = rounds
  if (round > current + 1) return false
  return round >= current - bounds.pastRounds || kept.has(round)
}

/** Counts a vote of this height, or keeps it for later where its round is far ahead. */
export function addVote(rounds: Rounds, vote: Vote): Admission {
  const index = rounds.validators.indexOf.get(vote.validator)
  if (index === undefined) return DROPPED
  if (vote.round > rounds.current + 1) return keepFar(rounds, vote)
  if (!isCounted(rounds, vote.round)) return DROPPED
  const record = openRound(rounds, vote.round)
  const tally = vote.type === 'prevote' ? record.prevotes : record.precommits
  return count(tally, index, vote, rounds.validators, rounds.rules)
}

/**
 * Counts votes that are a quorum together, whatever their senders voted before and however far their round is:
 * a validator that votes differently to each cannot keep a quorum from anyone.
 */
export function addCertificate(rounds: Rounds, votes: readonly Vote[]): Admission[] {
  const { type, round } = votes[0]!
  const record = openRound(rounds, round)
  const tally = type === 'prevote' ? record.prevotes : record.precommits
  return votes.map(vote => {
    const index = rounds.validators.indexOf.get(vote.validator)!
    const admission = count(tally, index, vote, rounds.validators, rounds.rules)
    supportBlock(tally, index, vote, rounds.validators, rounds.rules)
    return admission
  })
}

/** Whether these are votes of one kind, by validators of this height, and a quorum. */
export function isCertificate(rounds: Rounds, votes: readonly Vote[]): boolean {
  const [first] = votes
  const { indexOf, validators, totalPower } = rounds.validators
  if (first === undefined || votes.length > validators.length) return false
  const isOfOneKind = votes.every(
    ({ type, height, round, blockId }) =>
      type === first.type && height === rounds.height && round === first.round && blockId === first.blockId,
  )
  const voters = new Set(votes.map(vote => indexOf.get(vote.validator)))
  if (!isOfOneKind || voters.has(undefined) || voters.size !== votes.length) return false
  const power = [...voters].reduce((sum, index) => sum + validators[index!]!.power, 0n)
  return rounds.rules.isQuorum(power, totalPower)
}

/**
 * Line 55: the highest round beyond the present one that more than a third has reached. Votes of still later
 * rounds count too, since whoever sent them has been there.
 */
export function roundToSkipTo(rounds: Rounds): number | undefined {
  if (rounds.far.size === 0 && !isAnyLater(rounds)) return undefined
  const { validators, totalPower } = rounds.validators
  const ahead = validators
    .map(({ id, power }, index) => ({ power, round: highestRound(rounds, id, index) }))
    .filter(({ round }) => round > rounds.current)
    .sort((a, b) => b.round - a.round)
  let sum = 0n
  for (const { power, round } of ahead) {
    sum += power
    if (exceedsThird(sum, totalPower)) return round
  }
  return undefined
}

/** Moves on: far votes that are near now are counted, and old rounds that nothing needs are forgotten. */
export function enterRound(rounds: Rounds, round: number, needed: ReadonlySet<number>): Vote[] {
  rounds.current = round
  openRound(rounds, round)
  forgetOldRounds(rounds, needed)
  const near: Vote[] = []
  for (const [validator, votes] of rounds.far) {
    const later = votes.filter(vote => vote.round > round + 1)
    near.push(...votes.filter(vote => vote.round <= round + 1))
    if (later.length > 0) rounds.far.set(validator, later)
    else rounds.far.delete(validator)
  }
  return near
}

/** Certificates may have opened rounds beyond the next one. */
function isAnyLater({ kept, current }: Rounds): boolean {
  for (const round of kept.keys()) if (round > current) return true
  return false
}

function highestRound({ kept, far, current }: Rounds, id: ValidatorId, index: number): number {
  let highest = far.get(id)?.at(-1)?.round ?? -1
  for (const { round, prevotes, precommits } of kept.values()) {
    if (round <= Math.max(highest, current)) continue
    if (prevotes.first[index] !== undefined || precommits.first[index] !== undefined) highest = round
  }
  return highest
}

function keepFar(rounds: Rounds, vote: Vote): Admission {
  const votes = rounds.far.get(vote.validator) ?? []
  const earlier = votes.find(other => other.round === vote.round && other.type === vote.type)
  if (earlier !== undefined) return DROPPED
  const later = [...votes, vote].sort((a, b) => a.round - b.round).slice(-rounds.bounds.futureVotes)
  rounds.far.set(vote.validator, later)
  return later.includes(vote) ? { kept: true, conflict: undefined } : DROPPED
}

function forgetOldRounds(rounds: Rounds, needed: ReadonlySet<number>): void {
  const oldest = rounds.current - rounds.bounds.pastRounds
  const old = [...rounds.kept.values()].filter(({ round }) => round < oldest && !needed.has(round))
  const polkas = old
    .filter(({ prevotes }) => prevotes.quorums.some(blockId => blockId !== NIL))
    .sort((a, b) => b.round - a.round)
    .slice(0, rounds.bounds.pastQuorums)
  for (const record of old) if (!polkas.includes(record)) rounds.kept.delete(record.round)
}
