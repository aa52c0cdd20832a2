import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  afterSigning,
  type ConsensusEvent,
  firstBeginning,
  isStale,
  NIL,
  recover,
  replay,
  resume,
  type Unsigned,
} from '../../src/consensus/core/index.js'
import {
  type BenchCore,
  benchCore,
  blockOf,
  FOUR,
  ofType,
  proposalOf,
  SMALL_PARTS,
  said,
  voteOf,
} from './bench-core.js'

const blocks = [blockOf(1), blockOf(2)]
const [x] = blocks as [(typeof blocks)[number]]
const identity = { self: 'd', settings: SMALL_PARTS }

/** Anything that may happen to d at height 1, in any order. */
const arbitraryAct = fc.oneof(
  fc.record({
    act: fc.constant('vote' as const),
    type: fc.constantFrom('prevote' as const, 'precommit' as const),
    validator: fc.constantFrom('a', 'b', 'c'),
    round: fc.nat(4),
    block: fc.constantFrom(NIL, ...blocks.map(({ blockId }) => blockId)),
    validRound: fc.integer({ min: -1, max: 3 }),
  }),
  fc.record({
    act: fc.constant('propose' as const),
    block: fc.nat(1),
    round: fc.nat(4),
    validRound: fc.integer({ min: -1, max: 3 }),
  }),
  fc.record({ act: fc.constant('fire' as const), which: fc.nat(3) }),
)

type Act = typeof arbitraryAct extends fc.Arbitrary<infer Value> ? Value : never

function play(core: BenchCore, acts: readonly Act[]): void {
  for (const act of acts) {
    if (act.act === 'vote') core.vote(act.type, act.validator, act.round, act.block, act.validRound)
    if (act.act === 'propose') core.propose(blocks[act.block]!, act.round, act.validRound)
    const timers = [...core.state.timers.values()]
    if (act.act === 'fire' && timers.length > 0)
      core.feed({ type: 'timeout', timeout: timers[act.which % timers.length]! })
    if (core.state.decided)
      core.feed({ type: 'applied', height: core.state.height, updates: [], wanted: true })
  }
}

describe('a log of events', () => {
  it('gives the same state again', () => {
    fc.assert(
      fc.property(fc.array(arbitraryAct, { maxLength: 80 }), acts => {
        const core = benchCore()
        play(core, acts)
        expect(replay(firstBeginning(FOUR), identity, core.events)).toEqual(core.state)
      }),
    )
  })

  it('with the effects that a height began with, gives the same height again', () => {
    const core = benchCore()
    core.propose(x, 0)
    core.vote('prevote', 'ab', 0, x.blockId)
    core.vote('precommit', 'ab', 0, x.blockId)
    core.feed({ type: 'applied', height: 1, updates: [], wanted: true })
    const at = core.events.length
    const [begun] = ofType(core.effects, 'begin')
    core.vote('precommit', 'abc', 0, NIL)
    core.fire('precommit')
    const again = replay(begun!.beginning, identity, core.events.slice(at))
    expect({ ...again, previous: undefined }).toEqual({ ...core.state, previous: undefined })
  })
})

describe('a restart', () => {
  it('asks again for what was asked for and not answered, and says again what was said', () => {
    fc.assert(
      fc.property(fc.array(arbitraryAct, { maxLength: 60 }), fc.nat(), (acts, at) => {
        const core = benchCore()
        play(core, acts)
        const cut = core.events.slice(0, at % (core.events.length + 1))
        const state = replay(firstBeginning(FOUR), identity, cut)
        const asked = resume(state)
        expect(ofType(asked, 'persist').map(({ id }) => id)).toEqual([...state.unsaid.keys()])
        expect(ofType(asked, 'schedule').map(({ timeout }) => timeout)).toEqual([...state.timers.values()])
        expect(said(asked)).toHaveLength(state.own.size)
        expect(ofType(asked, 'decide')).toHaveLength(state.decided ? 1 : 0)
      }),
    )
  })

  it('asks for a block again, and for a verdict', () => {
    const proposer = benchCore({ self: 'a' })
    proposer.fire('commit')
    expect(ofType(resume(proposer.state), 'buildProposal')).toHaveLength(1)
    const events: ConsensusEvent[] = [{ type: 'proposal', proposal: proposalOf(x, 0) }]
    for (const part of x.parts) events.push({ type: 'part', part: part! })
    expect(ofType(resume(replay(firstBeginning(FOUR), identity, events)), 'checkProposal')).toHaveLength(1)
  })
})

/** A core that lost its log, told what its signer signed last. */
function restored(message: Unsigned, lock = { round: -1, blockId: NIL }): BenchCore {
  const core = benchCore()
  const signed = afterSigning(undefined, message, Uint8Array.of(7))
  core.feed({ type: 'restored', signed: { ...signed, lock } })
  return core
}

const unsigned = (...args: Parameters<typeof voteOf>): Unsigned => {
  const { signature: _signature, ...vote } = voteOf(...args)
  return { kind: 'vote', ...vote }
}

describe('a log that is lost', () => {
  it('is made up for by the signer: round, step, vote and lock', () => {
    const core = restored(unsigned('precommit', 'd', 3, x.blockId), { round: 3, blockId: x.blockId })
    expect(core.state).toMatchObject({
      round: 3,
      step: 'precommit',
      lock: { round: 3, blockId: x.blockId },
      valid: { round: 3, blockId: x.blockId },
    })
    expect(said(core.effects)).toContain('precommit 3 1')
    expect(said(core.propose(blockOf(2), 3))).toEqual([])
    core.vote('precommit', 'abc', 3, NIL)
    core.fire('precommit')
    expect(said(core.propose(blockOf(2), 4))).toEqual(['prevote 4 nil'])
  })

  it('loses none of what was said of late, which others may wait for', () => {
    const core = benchCore()
    const prevote = afterSigning(undefined, unsigned('prevote', 'd', 0, x.blockId), Uint8Array.of(1))
    const signed = afterSigning(prevote, unsigned('precommit', 'd', 0, NIL), Uint8Array.of(2))
    expect(said(core.feed({ type: 'restored', signed }))).toEqual(['prevote 0 1', 'precommit 0 nil'])
    const { prevotes, precommits } = core.state.rounds.kept.get(0)!
    expect([prevotes.power, precommits.power]).toEqual([1n, 1n])
  })

  it('makes nobody vote again in a step that the signer has signed', () => {
    const core = restored(unsigned('prevote', 'd', 0, x.blockId))
    expect(core.state.step).toBe('prevote')
    expect(said(core.propose(blockOf(2), 0))).toEqual([])
  })

  it('changes nothing where the log is there', () => {
    const [core, untouched] = [benchCore(), benchCore()]
    for (const { propose } of [core, untouched]) propose(x, 0)
    const message = unsigned('prevote', 'd', 0, x.blockId)
    core.feed({ type: 'restored', signed: afterSigning(undefined, message, Uint8Array.of(1)) })
    expect(core.state).toEqual(untouched.state)
  })

  it('is kept in mind until its height comes', () => {
    const core = restored(unsigned('prevote', 'd', 2, NIL, { height: 2 }))
    expect(core.state.round).toBe(-1)
    core.propose(x, 0)
    core.vote('prevote', 'abc', 0, x.blockId)
    core.vote('precommit', 'abc', 0, x.blockId)
    core.feed({ type: 'applied', height: 1, updates: [], wanted: true })
    expect(core.state).toMatchObject({ height: 2, round: 2, step: 'prevote' })
  })
})

describe('a start', () => {
  const signed = afterSigning(undefined, unsigned('prevote', 'd', 0, x.blockId), Uint8Array.of(1))
  const expected = firstBeginning(FOUR)
  const log = { beginning: expected, events: [] as ConsensusEvent[] }

  it('begins a log where there is none, or one of another height', () => {
    for (const found of [undefined, { ...log, beginning: { ...expected, height: 9 } }]) {
      const recovery = recover({ expected, log: found, signer: undefined }, identity)
      expect(recovery).toMatchObject({ type: 'ready', begin: expected, events: [], restored: 0 })
    }
  })

  it('goes on where the log ends', () => {
    const core = benchCore()
    core.propose(x, 0)
    const recovery = recover({ expected, log: { ...log, events: core.events }, signer: signed }, identity)
    expect(recovery).toMatchObject({ type: 'ready', state: core.state, begin: undefined, restored: 0 })
  })

  it('takes from the signer what the log has lost', () => {
    const recovery = recover({ expected, log, signer: signed }, identity)
    expect(recovery).toMatchObject({ type: 'ready', events: [{ type: 'restored', signed }], restored: 1 })
    expect(recovery.type === 'ready' && said(recovery.effects)).toEqual(['prevote 0 1'])
  })

  it('is refused with a signer’s state that is missing or older than the log', () => {
    const core = benchCore()
    core.propose(x, 0)
    core.vote('prevote', 'ab', 0, x.blockId)
    for (const signer of [undefined, signed])
      expect(recover({ expected, log: { ...log, events: core.events }, signer }, identity)).toEqual({
        type: 'stale',
      })
  })
})

describe("a signer's state", () => {
  it('is stale where the log says more', () => {
    const core = benchCore()
    core.propose(x, 0)
    core.vote('prevote', 'ab', 0, x.blockId)
    const prevote = afterSigning(undefined, unsigned('prevote', 'd', 0, x.blockId), Uint8Array.of(1))
    const precommit = afterSigning(prevote, unsigned('precommit', 'd', 0, x.blockId), Uint8Array.of(1))
    expect(isStale(undefined, core.state)).toBe(true)
    expect(isStale(prevote, core.state)).toBe(true)
    expect(isStale(precommit, core.state)).toBe(false)
    expect(isStale(undefined, benchCore().state)).toBe(false)
  })
})
