import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rendezvousHash, rendezvousRank } from '../src/core/hosting/rendezvous.js'
import { wantedReplicas } from '../src/core/hosting/replicas.js'
import { heldBytes } from '../src/core/hosting/space.js'
import {
  createHostingState,
  DEFAULT_HOSTING_SETTINGS,
  type HostingEffect,
  type HostingEvent,
  type HostingState,
  type ModelSurvey,
  stepHosting,
} from '../src/index.js'

const GB = 1e9
const limits = { diskBytes: 10 * GB, memoryBytes: 8 * GB }

const survey = (changes: Partial<ModelSurvey> = {}): ModelSurvey => ({
  model: 'm',
  name: 'm',
  bytes: GB,
  hosts: [],
  utilisation: 0,
  inUse: false,
  unmetDemand: 1,
  price: 1,
  ...changes,
})

function play(state: HostingState, events: HostingEvent[]) {
  const effects: HostingEffect[] = []
  for (const event of events) {
    const step = stepHosting(state, event)
    state = step.state
    effects.push(...step.effects)
  }
  return { state, effects }
}

const prospect = (peerId: string) => ({ peerId, hash: rendezvousHash(peerId), memoryBytes: 8 * GB })
const alone = [prospect('self')]
const look = (nowMs: number, models: ModelSurvey[], prospects = alone): HostingEvent => ({
  type: 'survey',
  nowMs,
  models,
  prospects,
  jitter: 0,
})
const added = (model: string, bytes: number, pinned = false, nowMs = 0): HostingEvent => ({
  type: 'added',
  nowMs,
  model,
  name: model,
  bytes,
  pinned,
})

describe('wantedReplicas', () => {
  const want = (changes: Partial<ModelSurvey>, nodes = 100) =>
    wantedReplicas(survey({ unmetDemand: 0, ...changes }), nodes, DEFAULT_HOSTING_SETTINGS)

  it('wants none of what nobody asks for, a few of what is asked for or used, more of what is busy', () => {
    expect(want({})).toBe(0)
    expect(want({ unmetDemand: 5 })).toBe(3)
    expect(want({ inUse: true })).toBe(3)
    expect(want({ hosts: ['a', 'b', 'c', 'd'], utilisation: 0.9 })).toBe(6)
    expect(want({ unmetDemand: 5 }, 2)).toBe(2)
  })

  it('never more than doubles at a time', () => expect(want({ hosts: ['a', 'b'], utilisation: 50 })).toBe(4))
})

describe('rendezvous', () => {
  it('gives every node another place, and models other orders', () => {
    const nodes = Array.from({ length: 50 }, (_, n) => prospect(`node-${n}`))
    const ranks = (model: string) => nodes.map(node => rendezvousRank(model, node, nodes))
    expect([...ranks('a')].sort((x, y) => x - y)).toEqual(nodes.map((_, n) => n))
    expect(ranks('a')).not.toEqual(ranks('b'))
  })

  it('spreads first places evenly over nodes', () => {
    const nodes = Array.from({ length: 10 }, (_, n) => prospect(`12D3KooW${n}`))
    const firsts = new Map<object, number>()
    for (let n = 0; n < 2_000; n++) {
      const first = nodes.find(node => rendezvousRank(`bafybei${n}`, node, nodes) === 0)!
      firsts.set(first, (firsts.get(first) ?? 0) + 1)
    }
    for (const node of nodes) expect(Math.abs((firsts.get(node) ?? 0) - 200)).toBeLessThan(80)
  })
})

describe('stepHosting', () => {
  const fresh = createHostingState('self', limits)

  it('fetches what is called for, and offers it when it is there', () => {
    const { state, effects } = play(fresh, [
      look(0, [survey()]),
      { type: 'fetched', nowMs: 9, model: 'm', bytes: GB },
    ])
    expect(effects.map(effect => effect.type)).toEqual(['fetch', 'announce'])
    expect(state.held.get('m')).toMatchObject({ status: 'ready', bytes: GB })
  })

  it('of a hundred nodes, as many act at once as replicas are missing', () => {
    const nodes = Array.from({ length: 100 }, (_, n) => prospect(`node-${n}`))
    const acting = nodes.filter(({ peerId }) => {
      const step = stepHosting(createHostingState(peerId, limits), look(0, [survey()], nodes))
      return step.effects.some(effect => effect.type === 'fetch')
    })
    expect(acting).toHaveLength(3)
  })

  it('waits for those before it, and acts when they do not', () => {
    const nodes = Array.from({ length: 20 }, (_, n) => prospect(`node-${n}`))
    const last = nodes.find(node => rendezvousRank('m', node, nodes) === 4)!.peerId
    const { state, effects } = play(createHostingState(last, limits), [look(0, [survey()], nodes)])
    expect(effects).toEqual([])
    expect(play(state, [look(60_000, [survey()], nodes)]).effects.map(effect => effect.type)).not.toContain(
      'fetch',
    )
    const patient = play(state, [look(120_000, [survey()], nodes)])
    expect(patient.effects.map(effect => effect.type)).toEqual(['fetch'])
    expect(play(state, [look(120_000, [survey({ hosts: ['x', 'y', 'z'] })], nodes)]).effects).toEqual([])
  })

  it('leaves out what does not fit its memory or disk', () => {
    expect(play(fresh, [look(0, [survey({ bytes: 7 * GB })])]).effects).toEqual([])
    const full = play(fresh, [added('pinned', 9.5 * GB, true)]).state
    expect(play(full, [look(1e9, [survey()])]).effects).toEqual([])
  })

  it('puts out what is worth least, when it has been here for a while and is not the copy that counts', () => {
    const { state } = play(fresh, [
      added('idle', 5 * GB),
      added('used', 4 * GB),
      { type: 'used', nowMs: 60_000, model: 'used' },
    ])
    const surveys = [
      survey({ bytes: 2 * GB, unmetDemand: 50 }),
      survey({ model: 'used', hosts: ['self'], unmetDemand: 0 }),
    ]
    expect(play(state, [look(30_000, surveys)]).effects).toEqual([])
    const { effects } = play(state, [look(61_000, surveys)])
    expect(effects.map(effect => [effect.type, 'model' in effect ? effect.model : ''])).toEqual([
      ['evict', 'idle'],
      ['announce', ''],
      ['fetch', 'm'],
    ])
  })

  it('hosts what pays: of two calls, the one with the higher price for its size', () => {
    const rich = survey({ model: 'rich', bytes: 9 * GB * 0.7, price: 100 })
    const { effects } = play(createHostingState('self', { ...limits, diskBytes: 7 * GB }), [
      look(0, [survey(), rich]),
    ])
    expect(effects).toEqual([{ type: 'fetch', model: 'rich', name: 'm', bytes: rich.bytes }])
  })

  it('leaves a model alone after its fetch failed, longer each time', () => {
    const failedOnce = play(fresh, [
      look(0, [survey()]),
      { type: 'fetch-failed', nowMs: 10, model: 'm' },
    ]).state
    expect(play(failedOnce, [look(14_000, [survey()])]).effects).toEqual([])
    const again = play(failedOnce, [
      look(15_010, [survey()]),
      { type: 'fetch-failed', nowMs: 15_020, model: 'm' },
    ])
    expect(again.effects.map(effect => effect.type)).toEqual(['fetch'])
    expect(play(again.state, [look(40_000, [survey()])]).effects).toEqual([])
  })

  it('removes a model that turned out larger than it was said to be', () => {
    const { state, effects } = play(fresh, [
      look(0, [survey()]),
      { type: 'fetched', nowMs: 9, model: 'm', bytes: 11 * GB },
    ])
    expect(effects.at(-1)).toEqual({ type: 'evict', model: 'm' })
    expect(state.held.size).toBe(0)
  })

  it('takes a direct request where there is room, and says why not', () => {
    const ask = (state: HostingState, bytes: number) =>
      stepHosting(state, { type: 'asked', nowMs: 0, model: 'm', name: 'm', bytes }).effects.at(-1)
    expect(ask(fresh, GB)).toMatchObject({ accepted: true })
    expect(ask(fresh, 8 * GB)).toMatchObject({ accepted: false, reason: expect.stringContaining('memory') })
    expect(ask(play(fresh, [added('x', 9.5 * GB)]).state, GB)).toMatchObject({
      accepted: false,
      reason: expect.stringContaining('disk'),
    })
  })

  it('removes even what is pinned when a person says so', () => {
    const { effects } = play(fresh, [
      added('m', GB, true),
      { type: 'removed', model: 'm' },
      { type: 'removed', model: 'm' },
    ])
    expect(effects.map(effect => effect.type)).toEqual(['announce', 'evict', 'announce'])
  })

  it('keeps to its disk and its pins whatever happens', () => {
    const model = fc.constantFrom('a', 'b', 'c', 'd', 'e')
    const anything = fc.oneof(
      fc.record({
        type: fc.constant('survey' as const),
        models: fc.uniqueArray(
          fc.record({
            model,
            bytes: fc.integer({ min: 1, max: 6 }),
            unmetDemand: fc.nat(20),
            utilisation: fc.float({ min: 0, max: 3, noNaN: true }),
          }),
          { selector: entry => entry.model },
        ),
      }),
      fc.record({
        type: fc.constantFrom('fetched' as const, 'asked' as const),
        model,
        bytes: fc.integer({ min: 1, max: 6 }),
      }),
      fc.record({ type: fc.constantFrom('fetch-failed' as const, 'used' as const), model }),
      fc.record({ type: fc.constant('pinned' as const), model, pinned: fc.boolean() }),
    )
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(100_000), anything), { maxLength: 60 }), steps => {
        let state = createHostingState('self', { diskBytes: 10, memoryBytes: 100 })
        let nowMs = 0
        for (const [elapsedMs, event] of steps) {
          nowMs += elapsedMs
          const pinned = [...state.held.values()].filter(held => held.pinned).map(held => held.model)
          const full: HostingEvent =
            event.type === 'survey'
              ? look(
                  nowMs,
                  event.models.map(changes => survey(changes)),
                )
              : ({ nowMs, name: 'n', ...event } as HostingEvent)
          const step = stepHosting(state, full)
          state = step.state
          expect(heldBytes(state)).toBeLessThanOrEqual(10)
          const evicted = step.effects.filter(effect => effect.type === 'evict').map(effect => effect.model)
          // What a person pinned goes only where it turned out not to fit at all.
          if (event.type !== 'fetched') expect(evicted.filter(name => pinned.includes(name))).toEqual([])
          expect(
            [...state.held.values()].filter(held => held.status === 'fetching').length,
          ).toBeLessThanOrEqual(2)
        }
      }),
    )
  })
})
