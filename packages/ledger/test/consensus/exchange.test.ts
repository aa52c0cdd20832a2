import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { answer, NIL, summarise } from '../../src/consensus/core/index.js'
import { type BenchCore, benchCore, blockOf, voteOf } from './bench-core.js'

const x = blockOf(1)
const y = blockOf(2)

/** Tells `to` all that `from` has and `to` lacks, until nothing is left to say. */
function exchange(from: BenchCore, to: BenchCore, maxParts = 2): number {
  for (let turn = 0; turn < 20; turn++) {
    const messages = answer(from.state, summarise(to.state), maxParts)
    if (messages.length === 0) return turn
    for (const message of messages) to.feed(message)
  }
  throw new Error('the exchange does not end')
}

describe('an exchange', () => {
  it('brings a block and its decision to who has nothing', () => {
    const core = benchCore()
    core.propose(x, 0)
    core.vote('prevote', 'ab', 0, x.blockId)
    core.vote('precommit', 'ab', 0, x.blockId)
    const behind = benchCore({ self: 'c' })
    exchange(core, behind)
    expect(behind.state.decided).toBe(true)
  })

  it('brings who is rounds behind to the present one', () => {
    const core = benchCore({ self: 'a' })
    core.fire('commit')
    for (let round = 0; round < 30; round++) {
      core.vote('prevote', 'bcd', round, NIL)
      core.vote('precommit', 'bcd', round, NIL)
      core.fire('precommit')
    }
    core.vote('prevote', 'bc', 30, NIL)
    const behind = benchCore({ self: 'd' })
    exchange(core, behind)
    expect(behind.state.round).toBe(30)
  })

  it('brings the prevotes that a proposal refers to', () => {
    const core = benchCore()
    core.propose(x, 0)
    core.vote('prevote', 'ab', 0, x.blockId)
    core.vote('precommit', 'abc', 0, NIL)
    core.fire('precommit')
    core.propose(x, 1, 0)
    const behind = benchCore({ self: 'c' })
    exchange(core, behind)
    behind.fire('precommit')
    exchange(core, behind)
    expect([...behind.state.own.keys()]).toContain('1/1/prevote')
  })

  it('brings a quorum to who has other votes of the same validators', () => {
    const core = benchCore()
    core.vote('prevote', 'abc', 0, x.blockId)
    const told = benchCore({ self: 'd' })
    told.vote('prevote', 'ab', 0, y.blockId)
    told.vote('prevote', 'a', 0, NIL)
    exchange(core, told)
    expect(told.state.rounds.kept.get(0)!.prevotes.quorums).toEqual([x.blockId])
  })

  it('brings the other proposal of a proposer who made two, where a quorum chose it', () => {
    const core = benchCore()
    core.propose(x, 0)
    core.vote('prevote', 'ab', 0, x.blockId)
    core.vote('precommit', 'ab', 0, x.blockId)
    const told = benchCore({ self: 'c' })
    told.propose(y, 0)
    exchange(core, told)
    expect(told.state.decided).toBe(true)
  })

  it('says nothing to who is at another height, or has all', () => {
    const core = benchCore()
    core.propose(x, 0)
    const same = benchCore()
    same.propose(x, 0)
    expect(answer(core.state, summarise(same.state), 16)).toEqual([])
    expect(answer(core.state, { ...summarise(benchCore().state), height: 2 }, 16)).toEqual([])
  })

  it('ends, and leaves no vote of the present round behind', () => {
    const act = fc.record({
      type: fc.constantFrom('prevote' as const, 'precommit' as const),
      validator: fc.constantFrom('a', 'b', 'c'),
      round: fc.nat(3),
      block: fc.constantFrom(NIL, x.blockId, y.blockId),
    })
    fc.assert(
      fc.property(fc.array(act, { maxLength: 30 }), fc.array(act, { maxLength: 30 }), (ours, theirs) => {
        const [core, told] = [benchCore({ signs: false }), benchCore({ self: 'c', signs: false })]
        for (const [bench, acts] of [
          [core, ours],
          [told, theirs],
        ] as const)
          for (const { type, validator, round, block } of acts)
            bench.feed({ type: 'vote', vote: voteOf(type, validator, round, block) })
        exchange(core, told)
        if (core.state.decided || told.state.decided || core.state.round < told.state.round) return
        expect(told.state.round).toBe(core.state.round)
        for (const type of ['prevotes', 'precommits'] as const) {
          const voters = (bench: BenchCore): boolean[] =>
            bench.state.rounds.kept.get(core.state.round)?.[type].first.map(vote => vote !== undefined) ?? []
          for (const [index, voted] of voters(core).entries())
            if (voted) expect(voters(told)[index]).toBe(true)
        }
      }),
    )
  })
})
