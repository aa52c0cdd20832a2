import { NeurovoyanceError } from '@neurovoyance/protocol'
import { createSeededRandom, createVirtualClock, type VirtualClock } from '@neurovoyance/testing/network'
import { describe, expect, it } from 'vitest'
import {
  createDispatcher,
  createMarket,
  type DispatcherInit,
  type SendOptions,
  type UnplacedRequests,
} from '../src/index.js'
import { hosted, MODEL, offerOf } from './fixtures.js'

type Send = (peerId: string, options: SendOptions) => Promise<string>

function createScene(peers: string[], init: Partial<DispatcherInit> = {}) {
  const clock = createVirtualClock()
  const market = createMarket({ clock })
  const offer = (peerId: string, sequence = 1) =>
    market.putOffer(offerOf(peerId, { sequence, expiresAtMs: clock.now() + 60_000, issuedAtMs: clock.now() }))
  for (const peerId of peers) offer(peerId)
  const dispatcher = createDispatcher({
    market,
    clock,
    random: createSeededRandom('d'),
    rtt: () => 1,
    ...init,
  })
  const ask = (send: Send, more: { deadlineMs?: number; signal?: AbortSignal } = {}) =>
    dispatcher.dispatch({ model: MODEL, send, ...more })
  return { clock, market, offer, dispatcher, ask }
}

const sleep = <T>(clock: VirtualClock, ms: number, value: T) =>
  new Promise<T>(resolve => void clock.after(ms, () => resolve(value)))
const fail = (code: string) => Promise.reject(new NeurovoyanceError(code, code))

/** Lets the clock run until the promise settles. */
async function settled<T>(clock: VirtualClock, promise: Promise<T>, limitMs = 120_000) {
  let outcome:
    | { value: T }
    | { error: { code: string; details: Record<string, unknown>; message: string } }
    | undefined
  promise.then(
    value => {
      outcome = { value }
    },
    error => {
      outcome = { error }
    },
  )
  await clock.runUntil(() => outcome !== undefined, limitMs)
  return { ...outcome, atMs: clock.monotonicMs() } as {
    value?: T
    error?: { code: string; details: Record<string, unknown>; message: string }
    atMs: number
  }
}

describe('createDispatcher', () => {
  it('answers with who did it, how long it took and how', async () => {
    const { clock, ask } = createScene(['a'])
    const { value } = await settled(
      clock,
      ask(peerId => sleep(clock, 7, `from ${peerId}`)),
    )
    expect(value).toMatchObject({
      result: 'from a',
      peerId: 'a',
      latencyMs: 7,
      attempts: [{ status: 'succeeded' }],
    })
  })

  it('goes to another node when one dies, and drops the ghost', async () => {
    const { clock, market, ask } = createScene(['a', 'b', 'c'])
    const asked: string[] = []
    const { value } = await settled(
      clock,
      ask(async peerId => {
        asked.push(peerId)
        return asked.length < 3 ? fail('P2P_PEER_UNREACHABLE') : peerId
      }),
    )
    expect(new Set(asked).size).toBe(3)
    expect(value?.attempts.map(attempt => attempt.code)).toEqual([
      'P2P_PEER_UNREACHABLE',
      'P2P_PEER_UNREACHABLE',
      undefined,
    ])
    expect(market.offersFor(MODEL).map(offer => offer.peerId)).toEqual([asked[2]])
  })

  it('passes an error on that no other node would mend, as it came', async () => {
    const { clock, ask } = createScene(['a', 'b'])
    const { error, atMs } = await settled(
      clock,
      ask(() => fail('ONNX_INPUT_SHAPE')),
    )
    expect(error).toMatchObject({ code: 'ONNX_INPUT_SHAPE' })
    expect(atMs).toBe(0)
  })

  it('waits for a host, calling for one, and goes on when it comes', async () => {
    const calls: UnplacedRequests[] = []
    const { clock, offer, ask, dispatcher } = createScene([], {
      onDemand: unplaced => void calls.push(unplaced),
    })
    const both = Promise.all([ask(async peerId => peerId), ask(async peerId => peerId)])
    clock.after(1_234, () => offer('late'))
    const { value, atMs } = await settled(clock, both)
    expect(value?.map(({ peerId }) => peerId)).toEqual(['late', 'late'])
    expect(atMs).toBe(1_234)
    expect(calls.map(({ requests }) => requests)).toEqual([1, 2])
    expect(dispatcher.pending).toBe(0)
  })

  it.each([
    ['SCHEDULER_NO_NODE', [], () => fail('X')],
    ['SCHEDULER_DEADLINE_EXCEEDED', ['a'], () => new Promise<string>(() => {})],
    ['SCHEDULER_ALL_ATTEMPTS_FAILED', ['a', 'b'], () => fail('P2P_STREAM_RESET')],
  ] as [string, string[], Send][])('fails with %s, in time', async (code, peers, send) => {
    const { clock, ask } = createScene(peers)
    const { error, atMs } = await settled(clock, ask(send, { deadlineMs: 2_000 }))
    expect(error?.code).toBe(code)
    expect(error?.details.attempts).toHaveLength(
      code === 'SCHEDULER_NO_NODE' ? 0 : code === 'SCHEDULER_DEADLINE_EXCEEDED' ? 1 : 5,
    )
    expect(atMs).toBeLessThanOrEqual(2_000)
    expect(clock.pending).toBe(0)
  })

  it('hedges a straggler and cancels the loser', async () => {
    const { clock, ask } = createScene(['a', 'b'])
    let cancelled = ''
    let first = ''
    const { value, atMs } = await settled(
      clock,
      ask((peerId, { signal, attempt }) => {
        if (attempt > 0) return sleep(clock, 5, peerId)
        first = peerId
        return new Promise((_, reject) =>
          signal.addEventListener('abort', () => {
            cancelled = peerId
            reject(signal.reason)
          }),
        )
      }),
    )
    expect(value?.attempts.map(({ purpose, status }) => [purpose, status])).toEqual([
      ['first', 'lost'],
      ['hedge', 'succeeded'],
    ])
    expect(cancelled).toBe(first)
    expect(atMs).toBeLessThan(100)
  })

  it('keeps to its budget of hedges', async () => {
    const { clock, ask } = createScene(['a', 'b', 'c'], { hedgeShare: 0.1 })
    let hedges = 0
    for (let n = 0; n < 200; n++) {
      const straggle: Send = (peerId, { attempt }) => sleep(clock, attempt === 0 ? 400 : 10, peerId)
      const { value } = await settled(clock, ask(straggle))
      if (value?.attempts.some(attempt => attempt.purpose === 'hedge')) hedges++
    }
    expect(hedges).toBeGreaterThan(0)
    expect(hedges).toBeLessThanOrEqual(21)
    const none = createScene(['a', 'b'], { hedgeShare: 0 })
    const { value } = await settled(
      none.clock,
      none.ask(peerId => sleep(none.clock, 150, peerId)),
    )
    expect(value?.attempts).toHaveLength(1)
  })

  it('has its answer of the one slow node that it is connected to, among a hundred that are not there', async () => {
    const ghosts = Array.from({ length: 100 }, (_, n) => `ghost-${n}`)
    const { clock, market, offer, ask } = createScene([])
    market.peerSeen('slow')
    for (let n = 0; n < 20; n++) {
      for (const peerId of ['slow', ...ghosts]) offer(peerId, n + 1)
      const { value } = await settled(
        clock,
        ask((peerId, { attempt, timeoutMs }) => {
          if (peerId === 'slow') return sleep(clock, 20_000, peerId)
          if (attempt % 2 === 0) return fail('P2P_PEER_UNREACHABLE')
          return sleep(clock, timeoutMs + 1, peerId)
        }),
      )
      expect(value?.result).toBe('slow')
    }
  })

  it('ignores what comes after an attempt was given up', async () => {
    const { clock, ask } = createScene(['a', 'b'], { hedgeShare: 0 })
    const { value } = await settled(
      clock,
      ask((peerId, { attempt }) => sleep(clock, attempt === 0 ? 1_001 : 1_000, `${attempt} ${peerId}`), {
        deadlineMs: 5_000,
      }),
    )
    expect(value?.result).toMatch(/^1 /)
  })

  it('is cancelled by its caller, before and during', async () => {
    const { clock, ask, dispatcher } = createScene(['a'])
    const before = await settled(
      clock,
      ask(async () => '', { signal: AbortSignal.abort(new Error('why')) }),
    )
    expect(before.error).toMatchObject({ code: 'SCHEDULER_CANCELLED', cause: { message: 'why' } })
    const controller = new AbortController()
    let aborted = false
    const hang: Send = (_, { signal }) =>
      new Promise(() => {
        signal.addEventListener('abort', () => {
          aborted = true
        })
      })
    clock.after(50, () => controller.abort())
    const during = await settled(clock, ask(hang, { signal: controller.signal }))
    expect(during).toMatchObject({ error: { code: 'SCHEDULER_CANCELLED' } })
    expect(aborted).toBe(true)
    const closing = settled(clock, ask(hang))
    dispatcher.close()
    expect((await closing).error?.code).toBe('SCHEDULER_CANCELLED')
    expect((await settled(clock, ask(hang))).error?.code).toBe('SCHEDULER_CLOSED')
  })

  it('takes no more requests than it was told to, and no deadline that is none', async () => {
    const { clock, ask } = createScene(['a'], { maxRequests: 1 })
    void ask(() => new Promise(() => {})).catch(() => {})
    expect(
      (
        await settled(
          clock,
          ask(async () => ''),
        )
      ).error?.code,
    ).toBe('SCHEDULER_TOO_MANY_REQUESTS')
    const other = createScene(['a'])
    expect(
      (
        await settled(
          other.clock,
          other.ask(async () => '', { deadlineMs: 0 }),
        )
      ).error?.code,
    ).toBe('SCHEDULER_BAD_ARGUMENT')
  })

  it('treats a send that throws like one that rejects', async () => {
    const { clock, ask } = createScene(['a', 'b'])
    const { value } = await settled(
      clock,
      ask((peerId, { attempt }) => {
        if (attempt === 0) throw new Error('broken')
        return Promise.resolve(peerId)
      }),
    )
    expect(value?.attempts[0]).toMatchObject({ status: 'failed', message: 'broken' })
  })

  it('spreads a batch of eight over the nodes at once', async () => {
    const { clock, ask } = createScene(['a', 'b', 'c', 'd'], { hedgeShare: 0 })
    const batch = Promise.all(Array.from({ length: 8 }, () => ask(peerId => sleep(clock, 10, peerId))))
    const { value } = await settled(clock, batch)
    const counts = Map.groupBy(value!, ({ peerId }) => peerId)
    expect([...counts.values()].map(group => group.length)).toEqual([2, 2, 2, 2])
  })

  it('plans without sending', () => {
    const { dispatcher, market, clock } = createScene(['a'])
    market.putOffer(
      offerOf('b', {
        issuedAtMs: clock.now(),
        expiresAtMs: clock.now() + 9_000,
        models: [hosted({ p50Us: 100 })],
      }),
    )
    expect(dispatcher.plan({ model: MODEL })).toMatchObject({
      peerId: 'b',
      prediction: { rttMs: 1, serviceMs: 0.1 },
    })
    expect(dispatcher.plan({ model: 'unknown' })).toBeUndefined()
  })
})
