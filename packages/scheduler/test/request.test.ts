import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createRequest,
  judge,
  type Proposal,
  type RequestEffect,
  type RequestEvent,
  type RequestState,
  stepRequest,
} from '../src/index.js'

const proposal = (peerId: string, changes: Partial<Proposal> = {}): Proposal => ({
  peerId,
  predictedMs: 10,
  tailMs: 20,
  known: true,
  alternatives: 2,
  connected: true,
  connectedAlternatives: 2,
  ...changes,
})

/** Feeds events in a row; gives the last state and all effects. */
function play(events: RequestEvent[], state: RequestState = createRequest(0, 1_000)) {
  const effects: RequestEffect[] = []
  for (const event of events) {
    const step = stepRequest(state, event)
    state = step.state
    effects.push(...step.effects)
  }
  return { state, effects }
}

const start: RequestEvent = { type: 'start', nowMs: 0 }
const picked = (
  nowMs: number,
  peerId: string,
  purpose: 'first' | 'retry' | 'hedge' = 'first',
  changes = {},
): RequestEvent => ({
  type: 'picked',
  nowMs,
  purpose,
  proposal: proposal(peerId, changes),
  hosts: 3,
})
const nobody = (nowMs: number, hosts = 0): RequestEvent => ({
  type: 'picked',
  nowMs,
  purpose: 'first',
  proposal: undefined,
  hosts,
})
const failed = (nowMs: number, attempt: number, code: string): RequestEvent => ({
  type: 'failed',
  nowMs,
  attempt,
  verdict: judge(code),
  code,
})

describe('stepRequest', () => {
  it('picks, sends, answers', () => {
    const { state, effects } = play([start, picked(0, 'a'), { type: 'succeeded', nowMs: 9, attempt: 0 }])
    expect(effects.map(effect => effect.type)).toEqual(['pick', 'send', 'settle'])
    expect(state.attempts[0]).toMatchObject({ peerId: 'a', status: 'succeeded', endedAtMs: 9 })
  })

  it('tries another node when one fails, and never the same before the others', () => {
    const { effects } = play([start, picked(0, 'a'), failed(5, 0, 'P2P_STREAM_RESET')])
    expect(effects.at(-1)).toEqual({ type: 'pick', purpose: 'retry', exclude: ['a'] })
  })

  it('gives up at once on what no node can do', () => {
    for (const code of ['ONNX_INPUT_SHAPE', 'RUNTIME_MODEL_FAILED']) {
      const { state, effects } = play([start, picked(0, 'a'), failed(5, 0, code)])
      expect(state.phase).toBe('settled')
      expect(effects.at(-1)).toEqual({ type: 'settle', outcome: { type: 'refused', attempt: 0 } })
    }
  })

  it('takes it from two nodes that a model cannot be loaded', () => {
    for (const code of ['RUNTIME_LOAD_FAILED', 'RUNTIME_UNSUPPORTED_TYPE']) {
      const once = play([start, picked(0, 'a'), failed(5, 0, code)])
      expect(once.effects.at(-1)).toEqual({ type: 'pick', purpose: 'retry', exclude: ['a'] })
      const twice = play([picked(5, 'b', 'retry'), failed(9, 1, code)], once.state)
      expect(twice.effects.at(-1)).toEqual({ type: 'settle', outcome: { type: 'refused', attempt: 1 } })
      const otherwise = play([picked(5, 'b', 'retry'), failed(9, 1, 'P2P_STREAM_RESET')], once.state)
      expect(otherwise.effects.at(-1)).toMatchObject({ type: 'pick', exclude: ['a', 'b'] })
      const done = play([picked(5, 'b', 'retry'), { type: 'succeeded', nowMs: 9, attempt: 1 }], once.state)
      expect(done.effects.at(-1)).toEqual({ type: 'settle', outcome: { type: 'answered', attempt: 1 } })
    }
  })

  it('leaves time for another node before it gives one up', () => {
    const { effects } = play([start, picked(0, 'a', 'first', { tailMs: 400 })])
    const send = effects.at(-1) as Extract<RequestEffect, { type: 'send' }>
    expect(send.timeoutMs).toBe(600)
    const only = play([start, picked(0, 'a', 'first', { tailMs: 400, alternatives: 0 })]).effects.at(-1)
    expect((only as typeof send).timeoutMs).toBe(1_000)
  })

  it('aborts an attempt that is out of its time and goes elsewhere', () => {
    const { effects } = play([start, picked(0, 'a', 'first', { known: false }), { type: 'tick', nowMs: 500 }])
    expect(effects.slice(-2)).toEqual([
      { type: 'abort', attempt: 0, reason: 'timeout' },
      { type: 'pick', purpose: 'retry', exclude: ['a'] },
    ])
  })

  describe('strangers, whose offers may be of nobody', () => {
    const stranger = { connected: false, connectedAlternatives: 0 }
    const onlyPeer = { connected: true, connectedAlternatives: 0, alternatives: 100 }

    it('do not make us give up the only node that we are connected to: they are asked beside it', () => {
      const { effects, state } = play(
        [
          start,
          picked(0, 'peer', 'first', { ...onlyPeer, known: false }),
          { type: 'tick', nowMs: 5_000 },
          picked(5_000, 'ghost-1', 'retry', stranger),
          failed(5_001, 1, 'P2P_PEER_UNREACHABLE'),
          picked(5_001, 'ghost-2', 'retry', stranger),
          { type: 'tick', nowMs: 7_001 },
        ],
        createRequest(0, 10_000),
      )
      expect(effects[1]).toMatchObject({ type: 'send', peerId: 'peer', timeoutMs: 10_000 })
      expect(effects.slice(2)).toEqual([
        { type: 'pick', purpose: 'retry', exclude: ['peer'] },
        { type: 'send', attempt: 1, peerId: 'ghost-1', timeoutMs: 2_000 },
        { type: 'pick', purpose: 'retry', exclude: ['peer', 'ghost-1'], strangersLast: true },
        { type: 'send', attempt: 2, peerId: 'ghost-2', timeoutMs: 2_000 },
        { type: 'abort', attempt: 2, reason: 'timeout' },
        { type: 'pick', purpose: 'retry', exclude: ['peer', 'ghost-1', 'ghost-2'], strangersLast: true },
      ])
      const alone = play([nobody(7_001, 1)], state).state
      expect(alone).toMatchObject({ phase: 'running', wakeAtMs: 10_000 })
      expect(play([{ type: 'succeeded', nowMs: 9_999, attempt: 0 }], alone).effects.at(-1)).toEqual({
        type: 'settle',
        outcome: { type: 'answered', attempt: 0 },
      })
    })

    it('do not use up the request where they are silent', () => {
      let { state } = play([start], createRequest(0, 60_000))
      for (let ghost = 0; ghost < 20; ghost++)
        state = play(
          [picked(ghost, `g${ghost}`, 'retry', stranger), failed(ghost, ghost, 'P2P_PEER_UNREACHABLE')],
          state,
        ).state
      expect(state).toMatchObject({ phase: 'choosing', failures: 0 })
      const word = play(
        [picked(30, 'real', 'retry', stranger), failed(31, 20, 'RUNTIME_CHILD_CRASHED')],
        state,
      )
      expect(word.state.failures).toBe(1)
    })

    it('are not asked twice, but who gave an answer may be again after a silent one', () => {
      const { effects } = play([
        start,
        picked(0, 'peer', 'first', onlyPeer),
        failed(5, 0, 'P2P_STREAM_RESET'),
        picked(5, 'ghost', 'retry', stranger),
        failed(6, 1, 'P2P_PEER_UNREACHABLE'),
      ])
      expect(effects.filter(effect => effect.type === 'pick').map(({ exclude }) => exclude)).toEqual([
        [],
        ['peer'],
        ['ghost'],
      ])
    })
  })

  it('hedges once after the tail and cancels the loser', () => {
    const { state, effects } = play([
      start,
      picked(0, 'a'),
      { type: 'tick', nowMs: 20 },
      picked(20, 'b', 'hedge'),
      { type: 'succeeded', nowMs: 25, attempt: 1 },
    ])
    expect(effects.map(effect => effect.type)).toEqual(['pick', 'send', 'pick', 'send', 'abort', 'settle'])
    expect(effects[2]).toEqual({ type: 'pick', purpose: 'hedge', exclude: ['a'] })
    expect(state.attempts.map(attempt => attempt.status)).toEqual(['lost', 'succeeded'])
  })

  it('goes on with the hedge when the first attempt fails', () => {
    const { state, effects } = play([
      start,
      picked(0, 'a'),
      { type: 'tick', nowMs: 20 },
      picked(20, 'b', 'hedge'),
      failed(30, 0, 'P2P_STREAM_RESET'),
    ])
    expect(effects.at(-1)?.type).toBe('send')
    expect(state.phase).toBe('running')
  })

  it('calls for the model and waits for a host where there is none', () => {
    const { effects } = play([start, nobody(0), { type: 'hosts-changed', nowMs: 400 }])
    expect(effects.map(effect => effect.type)).toEqual(['pick', 'demand', 'pick'])
  })

  it('repeats the call, but not at every look', () => {
    const { effects } = play(
      [
        start,
        nobody(0),
        { type: 'hosts-changed', nowMs: 100 },
        nobody(100),
        { type: 'tick', nowMs: 3_100 },
        nobody(3_100),
      ],
      createRequest(0, 60_000),
    )
    expect(effects.filter(effect => effect.type === 'demand')).toHaveLength(2)
  })

  it('says clearly why there is no answer', () => {
    const outcomeOf = (events: RequestEvent[]) =>
      play(events).effects.findLast(effect => effect.type === 'settle')
    const late: RequestEvent = { type: 'tick', nowMs: 1_000 }
    expect(outcomeOf([start, nobody(0), late])).toMatchObject({ outcome: { type: 'no-node' } })
    expect(outcomeOf([start, picked(0, 'a'), late])).toMatchObject({ outcome: { type: 'deadline' } })
    expect(outcomeOf([start, picked(0, 'a'), failed(9, 0, 'X'), nobody(9), late])).toMatchObject({
      outcome: { type: 'all-failed' },
    })
    expect(outcomeOf([start, { type: 'cancelled', nowMs: 1 }])).toMatchObject({
      outcome: { type: 'cancelled' },
    })
  })

  it('does not count busy nodes as failures', () => {
    let { state } = play([start], createRequest(0, 60_000))
    for (let round = 0; round < 20; round++) {
      const nowMs = round * 10
      state = play(
        [picked(nowMs, `n${round}`, 'retry'), failed(nowMs + 1, round, 'RUNTIME_QUEUE_FULL')],
        state,
      ).state
    }
    expect(state.failures).toBe(0)
    expect(state.phase).toBe('choosing')
  })

  it('keeps its promises whatever happens', () => {
    const anything = fc.oneof(
      fc.record({ type: fc.constant('hosts-changed' as const) }),
      fc.record({ type: fc.constant('tick' as const) }),
      fc.record({ type: fc.constant('succeeded' as const), attempt: fc.nat(6) }),
      fc.record({
        type: fc.constant('failed' as const),
        attempt: fc.nat(6),
        code: fc.constantFrom(
          'P2P_STREAM_RESET',
          'RUNTIME_QUEUE_FULL',
          'ONNX_INPUT_TYPE',
          'P2P_PEER_UNREACHABLE',
        ),
      }),
    )
    const timed = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 120 }), anything, fc.option(fc.constantFrom('a', 'b', 'c'))),
    )
    fc.assert(
      fc.property(timed, steps => {
        let state = createRequest(0, 1_000)
        let nowMs = 0
        const out = new Set<number>()
        const settled: RequestEffect[] = []
        const post = (event: RequestEvent, peer: string | null): void => {
          const step = stepRequest(state, event)
          state = step.state
          for (const effect of step.effects) {
            if (effect.type === 'send') {
              expect(effect.timeoutMs).toBeGreaterThan(0)
              expect(nowMs + effect.timeoutMs).toBeLessThanOrEqual(1_000)
              out.add(effect.attempt)
            }
            if (effect.type === 'abort') expect(out.delete(effect.attempt)).toBe(true)
            if (effect.type === 'settle') settled.push(effect)
            if (effect.type === 'pick') {
              const found = peer !== null && !effect.exclude.includes(peer) ? proposal(peer) : undefined
              post(
                {
                  type: 'picked',
                  nowMs,
                  purpose: effect.purpose,
                  proposal: found,
                  hosts: peer === null ? 0 : 1,
                },
                peer,
              )
            }
          }
        }
        post(start, 'a')
        for (const [elapsedMs, event, peer] of steps) {
          nowMs += elapsedMs
          // The driver ticks whenever it was asked to, so no wake-up lies in the past.
          if (state.wakeAtMs !== undefined && state.wakeAtMs <= nowMs) post({ type: 'tick', nowMs }, peer)
          if ((event.type === 'succeeded' || event.type === 'failed') && !out.has(event.attempt)) continue
          if (event.type === 'succeeded' || event.type === 'failed') out.delete(event.attempt)
          post(event.type === 'failed' ? failed(nowMs, event.attempt, event.code) : { ...event, nowMs }, peer)
          if (state.phase !== 'settled') expect(state.wakeAtMs).toBeGreaterThan(nowMs - 1)
        }
        post({ type: 'tick', nowMs: Math.max(nowMs, 1_000) }, null)
        expect(state.phase).toBe('settled')
        expect(settled).toHaveLength(1)
        expect(state.attempts.filter(attempt => attempt.purpose === 'hedge').length).toBeLessThanOrEqual(1)
        expect(state.attempts.some(attempt => attempt.status === 'running')).toBe(false)
      }),
      { numRuns: 500 },
    )
  })
})
