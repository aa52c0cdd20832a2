import { describe, expect, it } from 'vitest'
import { isAmnesia, isDoubleVote, isEvidence, NIL } from '../../src/consensus/core/index.js'
import { benchCore, blockOf, ofType, voteOf } from './bench-core.js'

const x = blockOf(1).blockId
const y = blockOf(2).blockId

describe('double votes', () => {
  it('are two votes at one place that differ, in their valid round too', () => {
    const vote = voteOf('prevote', 'a', 3, x)
    expect(isDoubleVote(vote, voteOf('prevote', 'a', 3, y))).toBe(true)
    expect(isDoubleVote(vote, voteOf('prevote', 'a', 3, NIL))).toBe(true)
    expect(isDoubleVote(vote, voteOf('prevote', 'a', 3, x, { validRound: 1 }))).toBe(true)
  })

  it('are not the same vote twice, or votes at different places', () => {
    const vote = voteOf('prevote', 'a', 3, x)
    expect(isDoubleVote(vote, { ...vote, signature: Uint8Array.of(9) })).toBe(false)
    expect(isDoubleVote(vote, voteOf('precommit', 'a', 3, y))).toBe(false)
    expect(isDoubleVote(vote, voteOf('prevote', 'a', 4, y))).toBe(false)
    expect(isDoubleVote(vote, voteOf('prevote', 'b', 3, y))).toBe(false)
    expect(isDoubleVote(vote, voteOf('prevote', 'a', 3, y, { height: 2 }))).toBe(false)
  })

  it('are reported once', () => {
    const core = benchCore()
    core.fire('commit')
    core.vote('prevote', 'a', 0, x)
    const found = [
      ...core.vote('prevote', 'a', 0, y),
      ...core.vote('prevote', 'a', 0, NIL),
      ...core.vote('precommit', 'a', 0, x),
      ...core.vote('precommit', 'a', 0, y),
    ]
    const evidence = ofType(found, 'evidence')
    expect(evidence).toMatchObject([{ evidence: { type: 'double-vote', validator: 'a' } }])
    expect(isEvidence(evidence[0]!.evidence)).toBe(true)
  })

  it('are found among votes of the height before', () => {
    const core = benchCore()
    const block = blockOf(1)
    core.propose(block, 0)
    core.vote('prevote', 'abc', 0, x)
    core.vote('precommit', 'abc', 0, x)
    core.feed({ type: 'applied', height: 1, updates: [], wanted: false })
    const found = core.feed({ type: 'vote', vote: voteOf('prevote', 'c', 0, NIL) })
    expect(ofType(found, 'evidence')).toMatchObject([{ evidence: { validator: 'c' } }])
  })

  it('are found in a certificate', () => {
    const core = benchCore()
    core.fire('commit')
    core.vote('prevote', 'a', 0, y)
    const votes = ['a', 'b', 'c'].map(id => voteOf('prevote', id, 0, x))
    expect(ofType(core.feed({ type: 'certificate', votes }), 'evidence')).toHaveLength(1)
    expect(core.state.rounds.kept.get(0)!.prevotes.quorums).toEqual([x])
  })
})

describe('amnesia', () => {
  it('is a prevote against an own precommit, without a later quorum', () => {
    const precommit = voteOf('precommit', 'a', 2, x)
    expect(isAmnesia(precommit, voteOf('prevote', 'a', 3, y))).toBe(true)
    expect(isAmnesia(precommit, voteOf('prevote', 'a', 5, y, { validRound: 1 }))).toBe(true)
  })

  it('is not following a lock, nil, or a quorum of the same round or later', () => {
    const precommit = voteOf('precommit', 'a', 2, x)
    expect(isAmnesia(precommit, voteOf('prevote', 'a', 3, x))).toBe(false)
    expect(isAmnesia(precommit, voteOf('prevote', 'a', 3, NIL))).toBe(false)
    expect(isAmnesia(precommit, voteOf('prevote', 'a', 2, y))).toBe(false)
    expect(isAmnesia(precommit, voteOf('prevote', 'a', 5, y, { validRound: 2 }))).toBe(false)
    expect(isAmnesia(voteOf('precommit', 'a', 2, NIL), voteOf('prevote', 'a', 3, y))).toBe(false)
    expect(isAmnesia(precommit, voteOf('prevote', 'b', 3, y))).toBe(false)
  })

  it.each(['prevote', 'precommit'] as const)('is found when the %s comes first', first => {
    const core = benchCore()
    core.fire('commit')
    const votes = {
      precommit: voteOf('precommit', 'a', 0, x),
      prevote: voteOf('prevote', 'a', 1, y),
    }
    const second = first === 'prevote' ? 'precommit' : 'prevote'
    core.feed({ type: 'vote', vote: votes[first] })
    const found = core.feed({ type: 'vote', vote: votes[second] })
    expect(ofType(found, 'evidence')).toMatchObject([{ evidence: { type: 'amnesia', validator: 'a' } }])
  })
})

describe('an honest validator', () => {
  // Locked on x in round 0, then on y in round 1; a faulty proposer offers y again as if it were new, or with an
  // older round than the lock's. A prevote that repeated the proposer's round would look like amnesia.
  it.each([-1, 0])('cannot be framed by a proposal with valid round %i', validRound => {
    const [blockX, blockY] = [blockOf(1), blockOf(2)]
    const core = benchCore()
    core.propose(blockX, 0)
    core.vote('prevote', 'ab', 0, x)
    core.vote('precommit', 'abc', 0, NIL)
    core.fire('precommit')
    core.fire('propose')
    core.vote('prevote', 'abc', 1, y)
    core.vote('precommit', 'abc', 1, NIL)
    core.fire('precommit')
    core.propose(blockY, 2, 1)
    core.vote('prevote', 'ab', 2, y)
    core.vote('precommit', 'abc', 2, NIL)
    core.fire('precommit')
    core.vote('prevote', 'abc', 0, y)
    core.vote('precommit', 'abc', 3, NIL)
    core.fire('precommit')
    core.propose(blockY, 4, validRound)
    const own = core.effects.flatMap(effect =>
      effect.type === 'broadcast' && effect.message.type === 'vote' ? [effect.message.vote] : [],
    )
    expect(own.filter(({ blockId }) => blockId !== NIL)).toMatchObject([
      { type: 'prevote', round: 0, blockId: x },
      { type: 'precommit', round: 0, blockId: x },
      { type: 'prevote', round: 2, blockId: y, validRound: 1 },
      { type: 'precommit', round: 2, blockId: y },
      { type: 'prevote', round: 3, blockId: y, validRound: 2 },
      { type: 'prevote', round: 4, blockId: y, validRound: 2 },
    ])
    for (const a of own) for (const b of own) expect(isAmnesia(a, b) || isDoubleVote(a, b)).toBe(false)
  })
})
