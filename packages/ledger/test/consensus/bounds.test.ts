import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_SETTINGS, genesisSet, NIL, rotate, wants } from '../../src/consensus/core/index.js'
import { benchCore, blockOf, FOUR, proposalOf, voteOf } from './bench-core.js'

const x = blockOf(1)
const y = blockOf(2)
const { orphanParts, pastRounds, pastQuorums, futureVotes, nextHeightVotes } = DEFAULT_SETTINGS.bounds

describe('what is kept', () => {
  it('of rounds far ahead is each validator’s latest few votes', () => {
    const core = benchCore()
    core.fire('commit')
    for (let round = 2; round < 500; round++) core.vote('prevote', 'a', round, NIL)
    const votes = core.state.rounds.far.get('a')!
    expect(votes.map(({ round }) => round)).toEqual(
      Array.from({ length: futureVotes }, (_, index) => 500 - futureVotes + index),
    )
    expect(core.state.rounds.kept.size).toBe(1)
  })

  it('of rounds far ahead counts when its round comes', () => {
    const core = benchCore()
    core.fire('commit')
    core.vote('precommit', 'a', 7, x.blockId)
    core.vote('precommit', 'bc', 7, x.blockId)
    expect(core.state.round).toBe(7)
    expect(core.state.commit).toEqual({ round: 7, blockId: x.blockId })
  })

  it('of past rounds are the last ones, and some in which a quorum prevoted for a block', () => {
    const core = benchCore()
    core.fire('commit')
    const rounds = pastRounds + pastQuorums + 20
    for (let round = 0; round < rounds; round++) {
      if (round < pastQuorums + 5) core.vote('prevote', 'abc', round, round % 2 === 0 ? x.blockId : y.blockId)
      core.vote('precommit', 'abc', round, NIL)
      core.fire('precommit')
    }
    const kept = [...core.state.rounds.kept.keys()].sort((a, b) => a - b)
    expect(kept.slice(0, pastQuorums)).toEqual([5, 6, 7, 8])
    expect(kept.length).toBeLessThanOrEqual(pastRounds + pastQuorums + 2)
    expect(wants(core.state, { type: 'vote', vote: voteOf('prevote', 'a', 2, NIL) })).toBe(false)
  })

  it('of blocks are those that may still be decided', () => {
    const core = benchCore()
    core.fire('commit')
    for (let round = 0; round < 40; round++) {
      if (round % 4 !== 3) core.propose(blockOf(100 + round), round)
      core.vote('precommit', 'abc', round, NIL)
      core.fire('precommit')
    }
    expect(core.state.candidates.size).toBeLessThanOrEqual(2)
  })

  it('of a round is one proposal, unless a quorum votes for another', () => {
    const core = benchCore()
    core.propose(x, 0)
    core.propose(y, 0)
    expect([...core.state.candidates.keys()]).toEqual([x.blockId])
    core.vote('precommit', 'abc', 0, y.blockId)
    core.propose(y, 0)
    expect(core.state.decided).toBe(true)
  })

  it('of parts without a proposal are the first few, and they count when it comes', () => {
    const core = benchCore()
    for (const part of x.parts) core.feed({ type: 'part', part: part! })
    for (let number = 0; number < 200; number++)
      core.feed({ type: 'part', part: { ...y.parts[0]!, index: number } })
    expect(core.state.orphans).toHaveLength(orphanParts)
    core.feed({ type: 'proposal', proposal: proposalOf(x, 0) })
    expect([...core.state.own.keys()]).toEqual(['1/0/prevote'])
  })

  it('of the next height is one proposal, a few parts and votes, and it is given out when it begins', () => {
    const core = benchCore()
    const early = blockOf(3, 2)
    for (const block of [early, blockOf(4, 2)]) {
      const proposal = {
        ...proposalOf(block, 0, -1, 2),
        proposer: rotate(core.state.nextValidators).proposer,
      }
      core.feed({ type: 'proposal', proposal })
      for (const part of [...block.parts, ...block.parts]) core.feed({ type: 'part', part: part! })
    }
    for (let round = 0; round < 50; round++)
      core.feed({ type: 'vote', vote: voteOf('prevote', 'a', round, NIL, { height: 2 }) })
    core.feed({ type: 'vote', vote: voteOf('prevote', 'stranger', 0, NIL, { height: 2 }) })
    core.propose(x, 0)
    core.vote('prevote', 'ab', 0, x.blockId)
    core.vote('precommit', 'ab', 0, x.blockId)
    const effects = core.feed({ type: 'applied', height: 1, updates: [], wanted: false })
    const given = effects.find(effect => effect.type === 'redeliver')!
    const count = (type: string): number => given.messages.filter(message => message.type === type).length
    expect([count('proposal'), count('part'), count('vote')]).toEqual([1, 6, nextHeightVotes])
  })

  it('is nothing of heights beyond the next', () => {
    const core = benchCore()
    const message = { type: 'vote', vote: voteOf('prevote', 'a', 0, NIL, { height: 3 }) } as const
    expect(wants(core.state, message)).toBe(false)
    core.feed(message)
    expect(core.state).toEqual(benchCore().state)
  })
})

describe('wants', () => {
  it('is false for what changes nothing', () => {
    const vote = fc.record({
      type: fc.constantFrom('prevote' as const, 'precommit' as const),
      validator: fc.constantFrom('a', 'b', 'stranger'),
      round: fc.nat(4),
      height: fc.integer({ min: 0, max: 3 }),
      block: fc.constantFrom(NIL, x.blockId, y.blockId),
    })
    fc.assert(
      fc.property(fc.array(vote, { maxLength: 40 }), votes => {
        const [core, sparing] = [benchCore(), benchCore()]
        for (const { type, validator, round, height, block } of votes) {
          const message = { type: 'vote', vote: voteOf(type, validator, round, block, { height }) } as const
          core.feed(message)
          if (wants(sparing.state, message)) sparing.feed(message)
        }
        expect(sparing.state).toEqual(core.state)
      }),
    )
  })
})

describe('a certificate', () => {
  const votes = ['a', 'b', 'c'].map(id => voteOf('precommit', id, 30, x.blockId))

  it('counts whatever its voters voted before, and however far its round is', () => {
    const core = benchCore()
    core.fire('commit')
    core.vote('precommit', 'a', 0, NIL)
    core.feed({ type: 'certificate', votes })
    expect(core.state.commit).toEqual({ round: 30, blockId: x.blockId })
  })

  it.each([
    ['too few', votes.slice(1)],
    ['one twice', [votes[0]!, votes[0]!, votes[1]!]],
    ['a stranger', [votes[0]!, votes[1]!, voteOf('precommit', 'stranger', 30, x.blockId)]],
    ['of two blocks', [votes[0]!, votes[1]!, voteOf('precommit', 'c', 30, y.blockId)]],
    ['of two rounds', [votes[0]!, votes[1]!, voteOf('precommit', 'c', 29, x.blockId)]],
    ['of another height', votes.map(vote => ({ ...vote, height: 2 }))],
    ['empty', []],
  ])('with %s is none', (_, wrong) => {
    const core = benchCore()
    core.feed({ type: 'certificate', votes: wrong })
    expect(core.state).toEqual(benchCore().state)
  })
})

describe('a block from someone who has it', () => {
  const synced = (precommits: readonly ReturnType<typeof voteOf>[]) => {
    const core = benchCore()
    const effects = core.feed({ type: 'synced', headerHash: x.headerHash, bytes: x.bytes!, precommits })
    return effects.some(({ type }) => type === 'decide')
  }

  it('is decided with its commit', () => {
    expect(synced(['a', 'b', 'c'].map(id => voteOf('precommit', id, 4, x.blockId)))).toBe(true)
  })

  it('is not, with a commit that is none, or of another block or height', () => {
    expect(synced(['a', 'b'].map(id => voteOf('precommit', id, 4, x.blockId)))).toBe(false)
    expect(synced(['a', 'b', 'c'].map(id => voteOf('precommit', id, 4, y.blockId)))).toBe(false)
    expect(synced(['a', 'b', 'c'].map(id => voteOf('prevote', id, 4, x.blockId)))).toBe(false)
    expect(synced(['a', 'b', 'c'].map(id => voteOf('precommit', id, 4, x.blockId, { height: 2 })))).toBe(
      false,
    )
    expect(synced([])).toBe(false)
  })
})

it('a quorum is more than two thirds, by power', () => {
  const { rules } = DEFAULT_SETTINGS
  expect([rules.isQuorum(2n, 3n), rules.isQuorum(3n, 4n), rules.isQuorum(67n, 100n)]).toEqual([
    false,
    true,
    true,
  ])
  expect(rules.isQuorum(66n, 100n)).toBe(false)
  const huge = 2n ** 62n
  expect(
    genesisSet([
      { id: 'a', power: huge },
      { id: 'b', power: huge },
    ]).totalPower,
  ).toBe(2n ** 63n)
  expect(FOUR.totalPower).toBe(4n)
})
