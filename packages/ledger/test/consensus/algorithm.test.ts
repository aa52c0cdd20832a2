import { describe, expect, it } from 'vitest'
import { NIL } from '../../src/consensus/core/index.js'
import { type BenchCore, type BenchInit, benchCore, blockOf, ofType, proposalOf, said } from './bench-core.js'

const x = blockOf(1)
const y = blockOf(2)

/** A core whose first round has begun. */
function started(init: BenchInit = {}): BenchCore {
  const core = benchCore(init)
  core.fire('commit')
  return core
}

/** A core (d) that is locked on x since round 0, in round 1. */
function lockedOnX(): BenchCore {
  const core = started()
  core.propose(x, 0)
  core.vote('prevote', 'ab', 0, x.blockId)
  core.vote('precommit', 'ab', 0, NIL)
  core.fire('precommit')
  expect(core.state.lock).toEqual({ round: 0, blockId: x.blockId })
  expect(core.state.round).toBe(1)
  return core
}

describe('the proposer (lines 11–21)', () => {
  it('has a new block built, signs it, and sends it with its parts', () => {
    const core = benchCore({ self: 'a' })
    expect(ofType(core.fire('commit'), 'buildProposal')).toMatchObject([{ height: 1, round: 0 }])
    const { headerHash, bytes } = x
    const effects = core.feed({ type: 'built', height: 1, round: 0, headerHash, bytes: bytes! })
    expect(said(effects)).toEqual(['proposal 0 1', 'prevote 0 1'])
    expect(ofType(effects, 'broadcast').filter(({ message }) => message.type === 'part')).toHaveLength(3)
  })

  it('proposes the block that a quorum prevoted for, with that round', () => {
    const core = started({ self: 'b' })
    core.propose(x, 0)
    core.vote('prevote', 'ac', 0, x.blockId)
    core.vote('precommit', 'ac', 0, NIL)
    expect(said(core.fire('precommit'))).toContain('proposal 1 1 since 0')
  })

  it('throws away a block that is built after its round', () => {
    const core = benchCore({ self: 'a' })
    core.fire('commit')
    core.vote('precommit', 'bcd', 0, NIL)
    core.fire('precommit')
    const { headerHash, bytes } = x
    expect(core.feed({ type: 'built', height: 1, round: 0, headerHash, bytes: bytes! })).toEqual([])
  })

  it('refuses a block that is too large to propose', () => {
    const core = benchCore({ self: 'a' })
    core.fire('commit')
    const bytes = new Uint8Array(64 * 128 + 1)
    const event = { type: 'built', height: 1, round: 0, headerHash: x.headerHash, bytes } as const
    expect(() => core.feed(event)).toThrow(RangeError)
  })
})

describe('a new proposal (lines 22–27)', () => {
  it('gets a prevote when its parts are here and it is valid', () => {
    expect(said(started().propose(x, 0))).toEqual(['prevote 0 1'])
  })

  it('begins the round of who has not begun it', () => {
    expect(said(benchCore().propose(x, 0))).toEqual(['prevote 0 1'])
  })

  it.each([
    ['invalid', { valid: false, timely: true }],
    ['stamped too far from the clock', { valid: true, timely: false }],
  ])('gets nil when it is %s', (_, verdict) => {
    expect(said(started({ judge: () => verdict }).propose(x, 0))).toEqual(['prevote 0 nil'])
  })

  it('gets nil from who is locked on another block', () => {
    expect(said(lockedOnX().propose(y, 1))).toEqual(['prevote 1 nil'])
  })

  it('gets a prevote from who is locked on it, which says since when', () => {
    expect(said(lockedOnX().propose(x, 1))).toEqual(['prevote 1 1 since 0'])
  })

  it('is nothing from anyone but the proposer of the round', () => {
    const core = started()
    const proposal = { ...proposalOf(x, 0), proposer: 'c' }
    core.feed({ type: 'proposal', proposal })
    expect(core.state.candidates.size).toBe(0)
  })

  it('is nothing when its id does not bind its parts', () => {
    const core = started()
    core.feed({ type: 'proposal', proposal: { ...proposalOf(x, 0), total: 4 } })
    core.feed({ type: 'proposal', proposal: { ...proposalOf(x, 0), partsRoot: y.partsRoot } })
    expect(core.state.candidates.size).toBe(0)
  })
})

describe('a proposal that had a quorum before (lines 28–33)', () => {
  it('waits for the prevotes of that round, then gets a prevote that names it', () => {
    const core = started()
    core.vote('precommit', 'abc', 0, NIL)
    core.fire('propose')
    core.fire('precommit')
    expect(said(core.propose(x, 1, 0))).toEqual([])
    expect(said(core.vote('prevote', 'abc', 0, x.blockId))).toEqual(['prevote 1 1 since 0'])
  })

  it('frees from an older lock', () => {
    const core = lockedOnX()
    core.fire('propose')
    core.vote('prevote', 'abc', 1, y.blockId)
    core.vote('precommit', 'abc', 1, NIL)
    core.fire('precommit')
    expect(said(core.propose(y, 2, 1))).toEqual(['prevote 2 2 since 1'])
  })

  it('does not free from a younger lock', () => {
    const core = started()
    core.vote('precommit', 'abc', 0, NIL)
    core.fire('precommit')
    core.propose(x, 1)
    core.vote('prevote', 'ab', 1, x.blockId)
    core.vote('precommit', 'abc', 1, NIL)
    core.fire('precommit')
    core.vote('prevote', 'abc', 0, y.blockId)
    expect(said(core.propose(y, 2, 0))).toEqual(['prevote 2 nil'])
  })
})

describe('prevotes (lines 34–46)', () => {
  it('lock on a quorum for a valid block, and precommit it', () => {
    const core = started()
    core.propose(x, 0)
    expect(said(core.vote('prevote', 'ab', 0, x.blockId))).toEqual(['precommit 0 1'])
    expect(core.state.lock).toEqual({ round: 0, blockId: x.blockId })
    expect(core.state.valid).toEqual({ round: 0, blockId: x.blockId })
  })

  it('do not count below a quorum', () => {
    const core = started()
    core.propose(x, 0)
    expect(said(core.vote('prevote', 'a', 0, x.blockId))).toEqual([])
  })

  it('make a block valid, but no lock, after a precommit for nil', () => {
    const core = started()
    core.propose(x, 0)
    core.vote('prevote', 'ab', 0, NIL)
    expect(said(core.fire('prevote'))).toEqual(['precommit 0 nil'])
    core.vote('prevote', 'c', 0, x.blockId)
    core.feed({
      type: 'certificate',
      votes: ['a', 'b', 'c'].map(id => ({ ...voteFor(id, x.blockId), signature: new Uint8Array(1) })),
    })
    expect(core.state.lock.round).toBe(-1)
    expect(core.state.valid).toEqual({ round: 0, blockId: x.blockId })
  })

  it('for nil make a precommit for nil', () => {
    const core = started()
    core.fire('propose')
    expect(said(core.vote('prevote', 'ab', 0, NIL))).toEqual(['precommit 0 nil'])
  })

  it('for whatever start the timeout once, which makes a precommit for nil', () => {
    const core = started()
    core.fire('propose')
    core.vote('prevote', 'a', 0, NIL)
    const effects = core.vote('prevote', 'bc', 0, x.blockId)
    expect(ofType(effects, 'schedule')).toHaveLength(1)
    expect(said(core.fire('prevote'))).toEqual(['precommit 0 nil'])
  })
})

const voteFor = (validator: string, blockId: string) =>
  ({ type: 'prevote', height: 1, round: 0, blockId, validRound: -1, validator }) as const

describe('precommits (lines 47–54)', () => {
  it('for whatever start the timeout, which begins the next round', () => {
    const core = started()
    expect(ofType(core.vote('precommit', 'abc', 0, NIL), 'schedule')).toMatchObject([
      { timeout: { kind: 'precommit', round: 0 } },
    ])
    core.fire('precommit')
    expect(core.state.round).toBe(1)
  })

  it('decide a block with their commit', () => {
    const core = started()
    core.propose(x, 0)
    core.vote('prevote', 'ab', 0, x.blockId)
    const [decision] = ofType(core.vote('precommit', 'ab', 0, x.blockId), 'decide')
    expect(decision).toMatchObject({ height: 1, round: 0, blockId: x.blockId, bytes: x.bytes })
    expect(decision!.commit.signatures.map(({ validator }) => validator)).toEqual(['a', 'b', 'd'])
  })

  it('decide a block of an earlier round, and one whose parts come last', () => {
    const core = started()
    core.vote('precommit', 'a', 0, NIL)
    core.vote('precommit', 'bc', 0, x.blockId)
    core.fire('precommit')
    expect(core.state.round).toBe(1)
    core.vote('precommit', 'd', 0, x.blockId)
    expect(ofType(core.propose(x, 0), 'decide')).toHaveLength(1)
  })

  it('never decide an invalid block', () => {
    const core = started({ judge: () => ({ valid: false, timely: true }) })
    core.propose(x, 0)
    expect(ofType(core.vote('precommit', 'abc', 0, x.blockId), 'decide')).toEqual([])
  })
})

describe('rounds (lines 55–67)', () => {
  it('are skipped to where more than a third is', () => {
    const core = started()
    core.vote('prevote', 'a', 5, NIL)
    expect(core.state.round).toBe(0)
    core.vote('precommit', 'b', 5, NIL)
    expect(core.state.round).toBe(5)
  })

  it('are skipped to the highest that more than a third has reached', () => {
    const core = started()
    core.vote('prevote', 'a', 9, NIL)
    core.vote('prevote', 'b', 5, NIL)
    expect(core.state.round).toBe(5)
    core.vote('prevote', 'c', 7, NIL)
    expect(core.state.round).toBe(7)
  })

  it('last longer, one after the other', () => {
    const core = started()
    const delays = [0, 1, 2].map(round => {
      core.vote('precommit', 'abc', round, NIL)
      core.fire('precommit')
      return core.effects.findLast(effect => effect.type === 'schedule')
    })
    expect(delays).toMatchObject([{ delayMs: 2_500 }, { delayMs: 3_000 }, { delayMs: 3_500 }])
  })

  it('prevote nil when no proposal came', () => {
    expect(said(started().fire('propose'))).toEqual(['prevote 0 nil'])
  })

  it('ignore timeouts that are over', () => {
    const core = started()
    core.fire('propose')
    const timeout = { kind: 'propose', height: 1, round: 0 } as const
    expect(core.feed({ type: 'timeout', timeout })).toEqual([])
  })
})

/** A core that has decided x at height 1 by a, b and its own vote, and applied it. */
function decidedX(wanted: boolean): BenchCore {
  const core = started()
  core.propose(x, 0)
  core.vote('prevote', 'ab', 0, x.blockId)
  core.vote('precommit', 'ab', 0, x.blockId)
  core.feed({ type: 'applied', height: 1, updates: [], wanted })
  expect(core.state.height).toBe(2)
  return core
}

describe('between heights', () => {
  it('nothing is proposed until the pause is over and a block is due', () => {
    const core = decidedX(false)
    core.fire('commit')
    expect(core.state.step).toBe('new-height')
    core.feed({ type: 'transactions' })
    expect(core.state.step).toBe('propose')
  })

  it('the heartbeat makes a block due', () => {
    const core = decidedX(false)
    core.fire('commit')
    core.fire('heartbeat')
    expect(core.state.step).toBe('propose')
  })

  it('a block that is due waits for the pause, unless everyone has precommitted', () => {
    const core = decidedX(true)
    expect(core.state.step).toBe('new-height')
    core.feed({
      type: 'vote',
      vote: { ...voteFor('c', x.blockId), type: 'precommit', signature: new Uint8Array(1) },
    })
    expect(core.state.step).toBe('propose')
  })

  it('late precommits go into the next commit', () => {
    const core = benchCore({ self: 'b' })
    core.propose(x, 0)
    core.vote('prevote', 'ac', 0, x.blockId)
    core.vote('precommit', 'ac', 0, x.blockId)
    core.feed({ type: 'applied', height: 1, updates: [], wanted: true })
    const late = { ...voteFor('d', x.blockId), type: 'precommit', signature: new Uint8Array(1) } as const
    const [build] = ofType(core.feed({ type: 'vote', vote: late }), 'buildProposal')
    expect(build!.lastCommit!.signatures.map(({ validator }) => validator)).toEqual(['a', 'b', 'c', 'd'])
  })

  it('updates of the validators act two heights later', () => {
    const core = started()
    core.propose(x, 0)
    core.vote('prevote', 'ab', 0, x.blockId)
    core.vote('precommit', 'ab', 0, x.blockId)
    core.feed({ type: 'applied', height: 1, updates: [{ id: 'e', power: 3n }], wanted: true })
    expect(core.state.validators.totalPower).toBe(4n)
    expect(core.state.nextValidators.totalPower).toBe(7n)
  })
})

describe('whoever is not a validator', () => {
  it('says nothing, and decides all the same', () => {
    const core = started({ self: 'somebody' })
    core.propose(x, 0)
    core.vote('prevote', 'abc', 0, x.blockId)
    expect(ofType(core.vote('precommit', 'abc', 0, x.blockId), 'decide')).toHaveLength(1)
    expect(ofType(core.effects, 'persist')).toEqual([])
  })
})
