import { createSeededRandom } from '@neurovoyance/testing/network'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { choose, type Fare } from '../src/core/choice/choose.js'
import {
  beginRun,
  createKnowledge,
  endRun,
  forgive,
  type Knowledge,
  penalise,
} from '../src/core/choice/knowledge.js'
import {
  createNewcomerCredit,
  earnCredit,
  hasCredit,
  refillCredit,
  spendCredit,
} from '../src/core/choice/newcomers.js'
import { observe } from '../src/core/choice/observe.js'
import { DEFAULT_CHOICE_SETTINGS } from '../src/core/choice/settings.js'
import { createOfferTable } from '../src/core/market/offer-table.js'
import type { Offer } from '../src/index.js'
import { hosted, MODEL, offerOf } from './fixtures.js'

/** A market of these offers and a client that learns from runs which take what they take in truth. */
function createScene(
  offers: Offer[],
  truthMs: Record<string, number> = {},
  connected: readonly string[] = [],
) {
  const table = createOfferTable()
  for (const offer of offers) table.put({ offer, from: 'x', nowMs: 0 })
  const knowledge = createKnowledge(DEFAULT_CHOICE_SETTINGS)
  const random = createSeededRandom('choice')
  let nowMs = 1
  let credit = createNewcomerCredit(8, 0.05)
  const pick = (
    exclude: string[] = [],
    { strangersLast = false, fare }: { strangersLast?: boolean; fare?: Fare } = {},
  ) =>
    choose(knowledge, {
      strangersLast,
      fare,
      hosts: table.hosts(MODEL).values(),
      job: { model: MODEL, payloadBytes: 0, nowMs },
      exclude: new Set(exclude),
      rttMs: () => 1,
      isConnected: peerId => connected.includes(peerId),
      newcomers: hasCredit(credit),
      random: () => random.float(),
    })
  return {
    knowledge,
    pick,
    /** Chooses, runs to the end, learns. */
    run(): string {
      const choice = pick()!
      credit = choice.trial ? spendCredit(credit) : refillCredit(credit)
      const actualMs = 1 + truthMs[choice.peerId]!
      nowMs += actualMs
      const { peerId, prediction, declaredMs } = choice
      observe(
        knowledge,
        { peerId, model: MODEL, payloadBytes: 0, prediction, declaredMs, actualMs, answered: true },
        nowMs,
      )
      if (choice.trial && actualMs <= prediction.tailMs) credit = earnCredit(credit)
      return peerId
    },
    elapse: (ms: number) => {
      nowMs += ms
    },
    now: () => nowMs,
  }
}

const fast = (peerId: string, p50Ms: number, changes: Partial<Offer> = {}) =>
  offerOf(peerId, { expiresAtMs: 1_767_225_720_000, models: [hosted({ p50Us: p50Ms * 1000 })], ...changes })

const count = (names: string[]) => {
  const counts: Record<string, number> = {}
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

const times = (n: number, make: () => string) => Array.from({ length: n }, make)

describe('choose', () => {
  it('has nothing to choose where there is nobody', () => expect(createScene([]).pick()).toBeUndefined())

  it('prefers what is done sooner: speed, queue, session in memory', () => {
    const pick = (a: Offer, b: Offer) => createScene([a, b]).pick()?.peerId
    expect(pick(fast('slow', 50), fast('fast', 10))).toBe('fast')
    const busy = fast('busy', 10, { queueDepth: 9, models: [hosted({ p50Us: 10_000, inFlight: 10 })] })
    expect(pick(busy, fast('free', 12))).toBe('free')
    expect(
      pick(fast('cold', 5, { models: [hosted({ loaded: false, p50Us: 5_000 })] }), fast('warm', 50)),
    ).toBe('warm')
  })

  it('leaves out the excluded, the dead, and who wants a payment that we do not know', () => {
    const scene = createScene([fast('a', 1), fast('b', 5), fast('paid', 1, { price: { scheme: 'gold' } })])
    expect(scene.pick(['a'])?.peerId).toBe('b')
    expect(scene.pick(['a', 'b'])).toBeUndefined()
    scene.elapse(120_000)
    expect(scene.pick()).toBeUndefined()
  })

  it('asks whoever can be paid, takes the sooner one, and the cheaper of two that are as soon', () => {
    const paid = (peerId: string, p50Ms: number) => fast(peerId, p50Ms, { price: { scheme: 'nvy' } })
    const fares: Record<string, bigint> = { dear: 9n, cheap: 3n, slow: 1n }
    const fare = (peerId: string) => fares[peerId]
    const scene = createScene([paid('dear', 20), paid('cheap', 20), paid('slow', 60), paid('secret', 1)])
    const chosen = count(times(200, () => scene.pick([], { fare })!.peerId))
    // two draws of two: the dear one is chosen where both draws give it
    expect(chosen.cheap).toBeGreaterThan(2 * chosen.dear!)
    expect(chosen.slow).toBeUndefined()
    expect(chosen.secret).toBeUndefined()
    expect(scene.pick(['cheap', 'dear'], { fare })?.peerId).toBe('slow')
    expect(scene.pick()).toBeUndefined()
  })

  it('spreads eight runs in flight over equal nodes by counting its own', () => {
    const scene = createScene(['a', 'b', 'c', 'd'].map(id => fast(id, 20)))
    const chosen = times(8, () => {
      const { peerId } = scene.pick()!
      beginRun(scene.knowledge, peerId, scene.now())
      return peerId
    })
    expect(count(chosen)).toEqual({ a: 2, b: 2, c: 2, d: 2 })
    for (const peerId of chosen) endRun(scene.knowledge, peerId, scene.now())
    expect([...scene.knowledge.peers.values()].every(peer => peer.inFlight.length === 0)).toBe(true)
  })

  it('draws among equals instead of running to one', () => {
    const scene = createScene(['a', 'b', 'c', 'd'].map(id => fast(id, 20)))
    const counts = count(times(1_000, () => scene.pick()!.peerId))
    for (const peer of ['a', 'b', 'c', 'd']) expect(counts[peer]).toBeGreaterThan(150)
  })

  it('corrects a liar after one run: it claims 1 ms and takes 100', () => {
    const scene = createScene([fast('liar', 1), fast('honest', 10)], { liar: 100, honest: 10 })
    expect(scene.run()).toBe('liar')
    expect(count(times(200, scene.run)).liar ?? 0).toBe(0)
  })

  it('gives a crowd of liars a small share, whatever they claim', () => {
    const liars = Array.from({ length: 500 }, (_, n) => fast(`liar-${n}`, 1))
    const truth = Object.fromEntries(liars.map(({ peerId }) => [peerId, 100]))
    const scene = createScene([...liars, fast('honest', 10)], { ...truth, honest: 10 })
    // Before anything is known, claims are all there is; an honest node is found among equals in time.
    const first = scene.pick()!
    observe(
      scene.knowledge,
      {
        peerId: 'honest',
        model: MODEL,
        payloadBytes: 0,
        prediction: first.prediction,
        declaredMs: 10,
        actualMs: 11,
        answered: true,
      },
      scene.now(),
    )
    const chosen = times(1_000, scene.run)
    expect(chosen.filter(peerId => peerId !== 'honest').length).toBeLessThan(80)
  })

  it('finds a faster newcomer by exploring', () => {
    const scene = createScene([fast('old', 20), fast('new', 5)], { old: 20, new: 5 })
    for (let n = 0; n < 3; n++)
      observe(
        scene.knowledge,
        {
          peerId: 'old',
          model: MODEL,
          payloadBytes: 0,
          prediction: scene.pick(['new'])!.prediction,
          declaredMs: 20,
          actualMs: 21,
          answered: true,
        },
        scene.now(),
      )
    expect(count(times(300, scene.run)).new).toBeGreaterThan(150)
  })

  it('asks who is connected before it believes offers of strangers, whatever they claim', () => {
    const ghosts = Array.from({ length: 50 }, (_, n) => fast(`ghost-${n}`, 0.001))
    const scene = createScene([...ghosts, fast('known', 10)], {}, ['known'])
    const chosen = Array.from({ length: 400 }, () => scene.pick()!.peerId)
    expect(chosen.filter(peerId => peerId === 'known').length).toBeGreaterThan(360)
    expect(scene.pick(['known'])?.peerId).toMatch(/^ghost/)
    // Busy as it may be, it comes before a second stranger.
    for (let n = 0; n < 50; n++) beginRun(scene.knowledge, 'known', scene.now())
    expect(scene.pick()?.peerId).toMatch(/^ghost/)
    expect(scene.pick([], { strangersLast: true })?.peerId).toBe('known')
  })

  it('asks a connected node that is being punished as often as strangers that never answered', () => {
    const ghosts = Array.from({ length: 50 }, (_, n) => fast(`ghost-${n}`, 0.001))
    const scene = createScene([...ghosts, fast('known', 10)], {}, ['known'])
    penalise(scene.knowledge, 'known', undefined, 2, scene.now())
    const chosen = Array.from({ length: 400 }, () => scene.pick()!)
    const known = chosen.filter(({ peerId }) => peerId === 'known')
    expect(known.length).toBeGreaterThan(100)
    expect(known.length).toBeLessThan(300)
    expect(known[0]).toMatchObject({ connected: true, connectedAlternatives: 0, alternatives: 50 })
  })

  it('keeps out who failed, for a while that doubles with the faults, and lets it back', () => {
    const scene = createScene([fast('bad', 1), fast('good', 30)])
    const exile = (knowledge: Knowledge) => {
      penalise(knowledge, 'bad', undefined, 2, scene.now())
      let seconds = 0
      for (; scene.pick()?.peerId !== 'bad' && seconds < 100; seconds++) scene.elapse(1_000)
      return seconds
    }
    const first = exile(scene.knowledge)
    expect(first).toBeGreaterThan(5)
    expect(first).toBeLessThan(60)
    expect(exile(scene.knowledge)).toBeGreaterThan(first - 5)
    forgive(scene.knowledge, 'bad', MODEL, scene.now())
    expect(scene.pick()?.peerId).toBe('bad')
  })

  it('asks a punished node rather than nobody, the least punished first', () => {
    const scene = createScene([fast('bad', 1), fast('worse', 1)])
    penalise(scene.knowledge, 'bad', undefined, 2, scene.now())
    penalise(scene.knowledge, 'worse', undefined, 20, scene.now())
    expect(scene.pick()?.peerId).toBe('bad')
  })

  it('never chooses what it must not, and predicts finite times, whatever the offers say', () => {
    const anyOffer = fc.record({
      slots: fc.integer({ min: 1, max: 1_024 }),
      queueDepth: fc.nat(1_000_000),
      p50Us: fc.option(fc.nat(3_600_000_000), { nil: undefined }),
      inFlight: fc.nat(1_000_000),
      bytes: fc.nat(2 ** 31 - 1),
      loaded: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(anyOffer, { maxLength: 12 }), fc.nat(12), (all, excluded) => {
        const offers = all.map(({ slots, queueDepth, ...model }, n) =>
          offerOf(`p${n}`, { slots, queueDepth, models: [hosted(model)] }),
        )
        const choice = createScene(offers).pick([`p${excluded}`])
        const left = offers.length - (excluded < offers.length ? 1 : 0)
        expect(choice === undefined).toBe(left === 0)
        if (choice === undefined) return
        expect(choice.peerId).not.toBe(`p${excluded}`)
        expect(Number.isFinite(choice.prediction.totalMs)).toBe(true)
        expect(choice.prediction.totalMs).toBeGreaterThan(0)
        expect(choice.prediction.tailMs).toBeGreaterThanOrEqual(choice.prediction.totalMs)
      }),
    )
  })

  it('bounds what it remembers', () => {
    const knowledge = createKnowledge({ ...DEFAULT_CHOICE_SETTINGS, maxPeers: 10, maxModelsPerPeer: 2 })
    for (let n = 0; n < 1_000; n++) penalise(knowledge, `p${n}`, `m${n}`, 1, n)
    for (let n = 0; n < 100; n++) penalise(knowledge, 'p999', `m${n}`, 1, n)
    expect(knowledge.peers.size).toBe(10)
    expect(knowledge.peers.get('p999')!.models.size).toBe(2)
  })
})
