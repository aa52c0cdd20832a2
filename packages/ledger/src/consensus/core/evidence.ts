import { NIL, sameVote, type ValidatorId, type Vote } from './message.js'
import type { Rounds } from './votes/rounds.js'

/** Proof by two signed votes that a validator broke the rules; anyone can check it without more. */
export type Evidence =
  | { type: 'double-vote'; validator: ValidatorId; first: Vote; second: Vote }
  | { type: 'amnesia'; validator: ValidatorId; precommit: Vote; prevote: Vote }

/** Whether two votes cannot both come from an honest validator because he votes once. */
export function isDoubleVote(a: Vote, b: Vote): boolean {
  const isSamePlace =
    a.validator === b.validator && a.type === b.type && a.height === b.height && a.round === b.round
  return isSamePlace && !sameVote(a, b)
}

/**
 * Whether a validator forgot that it was locked: it precommitted x in round r, and in a later round prevoted
 * y ≠ x without a quorum for y in round r or later. Honest prevotes name the lock's round where they follow the
 * lock, so they never look like this.
 */
export function isAmnesia(precommit: Vote, prevote: Vote): boolean {
  return (
    precommit.type === 'precommit' &&
    prevote.type === 'prevote' &&
    precommit.validator === prevote.validator &&
    precommit.height === prevote.height &&
    precommit.round < prevote.round &&
    precommit.blockId !== NIL &&
    prevote.blockId !== NIL &&
    precommit.blockId !== prevote.blockId &&
    prevote.validRound < precommit.round
  )
}

/** Whether evidence proves what it says. */
export function isEvidence(evidence: Evidence): boolean {
  if (evidence.type === 'double-vote')
    return evidence.first.validator === evidence.validator && isDoubleVote(evidence.first, evidence.second)
  return (
    evidence.precommit.validator === evidence.validator && isAmnesia(evidence.precommit, evidence.prevote)
  )
}

/** Evidence of amnesia that a vote is, together with one that was kept before. */
export function findAmnesia(rounds: Rounds, vote: Vote): Evidence | undefined {
  const index = rounds.validators.indexOf.get(vote.validator)
  if (index === undefined || vote.blockId === NIL) return undefined
  for (const { round, prevotes, precommits } of rounds.kept.values()) {
    if (vote.type === 'prevote' && round < vote.round) {
      const precommit = precommits.first[index]
      if (precommit !== undefined && isAmnesia(precommit, vote))
        return { type: 'amnesia', validator: vote.validator, precommit, prevote: vote }
    }
    if (vote.type === 'precommit' && round > vote.round) {
      const prevote = prevotes.first[index]
      if (prevote !== undefined && isAmnesia(vote, prevote))
        return { type: 'amnesia', validator: vote.validator, precommit: vote, prevote }
    }
  }
  return undefined
}
