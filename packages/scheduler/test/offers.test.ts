import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createOfferTable, DEFAULT_TABLE_LIMITS } from '../src/core/market/offer-table.js'
import { checkOffer, DEFAULT_OFFER_LIMITS } from '../src/core/offer/check-offer.js'
import { hosted, MODEL, offerOf } from './fixtures.js'

const NOW = 1_767_225_600_000
const DAY = 86_400_000
const check = (offer: ReturnType<typeof offerOf>, lastSequence?: number) =>
  checkOffer(offer, { signer: 'a', nowMs: NOW, lastSequence, limits: DEFAULT_OFFER_LIMITS })

describe('checkOffer', () => {
  it('takes a good offer', () => expect(check(offerOf('a'))).toBeUndefined())

  it.each([
    ['signed by another peer', offerOf('b'), 'signer'],
    ['older than what is known', offerOf('a', { sequence: 3 }), 'stale'],
    ['dead on arrival', offerOf('a', { sequence: 9, expiresAtMs: NOW }), 'lifetime'],
    ['living too long', offerOf('a', { sequence: 9, expiresAtMs: NOW + DAY }), 'lifetime'],
    ['without slots', offerOf('a', { sequence: 9, slots: 0 }), 'out-of-range'],
    ['of a queue that is no number', offerOf('a', { sequence: 9, queueDepth: Number.NaN }), 'out-of-range'],
    ['with a model twice', offerOf('a', { sequence: 9, models: [hosted(), hosted()] }), 'duplicate-model'],
    ['slower than an hour', offerOf('a', { sequence: 9, models: [hosted({ p50Us: 4e9 })] }), 'out-of-range'],
    [
      'with too many models',
      offerOf('a', {
        sequence: 9,
        models: Array.from({ length: 513 }, (_, i) => hosted({ model: `m${i}` })),
      }),
      'too-many-models',
    ],
  ])('refuses one %s', (_, offer, refusal) => expect(check(offer, 5)).toBe(refusal))

  it('bears a clock that is wrong by a day, and not a recording of last week', () => {
    for (const skew of [-DAY, DAY])
      expect(check(offerOf('a', { issuedAtMs: NOW + skew, expiresAtMs: NOW + skew + 8_000 }))).toBeUndefined()
    expect(check(offerOf('a', { issuedAtMs: NOW - 7 * DAY, expiresAtMs: NOW - 7 * DAY + 8_000 }))).toBe(
      'clock',
    )
  })
})

describe('offer table', { timeout: 60_000 }, () => {
  const limits = { ...DEFAULT_TABLE_LIMITS, maxOffers: 8, maxSequences: 8 }
  const put = (
    table: ReturnType<typeof createOfferTable>,
    peerId: string,
    from: string,
    nowMs = 0,
    sequence = 1,
  ) => table.put({ offer: offerOf(peerId, { sequence }), from, nowMs })

  it('judges age by the local clock since receipt', () => {
    const table = createOfferTable(limits)
    put(table, 'a', 'x', 1_000)
    expect(table.expire(10_999)).toBe(0)
    expect(table.expire(11_000)).toBe(1)
    expect(table.hosts(MODEL).size).toBe(0)
  })

  it('does not raise a ghost: the sequence outlives the offer', () => {
    const table = createOfferTable(limits)
    put(table, 'a', 'x', 0, 41)
    table.drop('a', 0)
    expect(table.get('a')).toBeUndefined()
    expect(table.lastSequence('a', 1_000)).toBe(41)
    expect(table.lastSequence('a', limits.sequenceMemoryMs)).toBeUndefined()
  })

  it('a million sybils of one neighbour push out each other, never peers we are connected to nor others’ peers', () => {
    const table = createOfferTable(limits)
    table.connect('friend')
    put(table, 'friend', 'friend')
    put(table, 'stranger', 'honest')
    for (let n = 0; n < 1_000_000; n++) put(table, `sybil-${n}`, 'attacker')
    expect(table.size).toBe(8)
    expect(table.get('friend')).toBeDefined()
    expect(table.get('stranger')).toBeDefined()
    expect(table.hosts(MODEL).size).toBe(8)
  })

  it('refuses a stranger when every place is a connected peer’s', () => {
    const table = createOfferTable(limits)
    for (let n = 0; n < 8; n++) {
      table.connect(`p${n}`)
      put(table, `p${n}`, 'x')
    }
    expect(put(table, 'stranger', 'x')).toBe(false)
    table.disconnect('p3')
    expect(put(table, 'stranger', 'x')).toBe(true)
    expect(table.get('p3')).toBeUndefined()
  })

  it('keeps to its bytes', () => {
    const table = createOfferTable({ ...limits, maxOffers: 100, maxSealedBytes: 1_000 })
    for (let n = 0; n < 50; n++)
      table.put({ offer: offerOf(`p${n}`), sealed: new Uint8Array(300), from: 'x', nowMs: 0 })
    expect(table.size).toBe(3)
    expect(table.sealedBytes).toBe(900)
    expect(table.put({ offer: offerOf('huge'), sealed: new Uint8Array(1_001), from: 'x', nowMs: 0 })).toBe(
      false,
    )
  })

  it('keeps to its number of models over all offers', () => {
    const table = createOfferTable({ ...limits, maxOffers: 100, maxHosted: 10 })
    const models = ['m1', 'm2', 'm3', 'm4'].map(model => hosted({ model }))
    for (let n = 0; n < 50; n++) table.put({ offer: offerOf(`p${n}`, { models }), from: 'x', nowMs: 0 })
    expect(table.size).toBe(2)
    expect(table.hosts('m1').size).toBe(2)
  })

  it('agrees with a plain map while it is not full', () => {
    const peers = fc.constantFrom('a', 'b', 'c', 'd')
    const command = fc.oneof(
      fc.record({ do: fc.constant('put' as const), peer: peers, models: fc.subarray(['m1', 'm2', 'm3']) }),
      fc.record({ do: fc.constant('drop' as const), peer: peers }),
      fc.record({ do: fc.constantFrom('connect' as const, 'disconnect' as const), peer: peers }),
      fc.record({ do: fc.constant('expire' as const), ms: fc.integer({ min: 0, max: 8_000 }) }),
    )
    fc.assert(
      fc.property(fc.array(command, { maxLength: 40 }), commands => {
        const table = createOfferTable(limits)
        const model = new Map<string, { models: string[]; diesAtMs: number }>()
        let nowMs = 0
        let sequence = 0
        for (const step of commands) {
          if (step.do === 'put') {
            const models = step.models.map(name => hosted({ model: name }))
            table.put({ offer: offerOf(step.peer, { models, sequence: ++sequence }), from: 'x', nowMs })
            model.set(step.peer, { models: step.models, diesAtMs: nowMs + 10_000 })
          } else if (step.do === 'drop') {
            expect(table.drop(step.peer, nowMs)).toBe(model.delete(step.peer))
          } else if (step.do === 'expire') {
            nowMs += step.ms
            table.expire(nowMs)
            for (const [peer, entry] of model) if (entry.diesAtMs <= nowMs) model.delete(peer)
          } else {
            table[step.do](step.peer)
          }
          expect(table.size).toBe(model.size)
          for (const name of ['m1', 'm2', 'm3']) {
            const expected = [...model]
              .filter(([, { models }]) => models.includes(name))
              .map(([peer]) => peer)
            expect([...table.hosts(name).keys()].sort()).toEqual(expected.sort())
          }
        }
      }),
    )
  })
})
