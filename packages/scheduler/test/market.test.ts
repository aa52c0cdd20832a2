import { createSigner, type Signer } from '@neurovoyance/protocol'
import { createVirtualClock } from '@neurovoyance/testing/network'
import { describe, expect, it } from 'vitest'
import {
  createAnnouncer,
  createDispatcher,
  createMarket,
  type Offer,
  sealDemand,
  sealOffer,
} from '../src/index.js'
import { hosted, MODEL, offerOf } from './fixtures.js'

const signerOf = (n: number): Signer => createSigner(new Uint8Array(32).fill(n))

function createScene() {
  const clock = createVirtualClock()
  const market = createMarket({ clock })
  const signer = signerOf(1)
  const seal = (changes: Partial<Offer> = {}, by = signer) => sealOffer(offerOf(by.peerId, changes), by)
  return { clock, market, signer, seal }
}

describe('createMarket', () => {
  it('takes a sealed offer once, and lists and passes it on', async () => {
    const { market, signer, seal } = createScene()
    const sealed = await seal()
    expect(await market.acceptOffer(sealed, 'neighbour')).toEqual({ verdict: 'accept' })
    expect(await market.acceptOffer(sealed, 'neighbour')).toEqual({ verdict: 'ignore', refusal: 'stale' })
    expect(market.offersFor(MODEL).map(offer => offer.peerId)).toEqual([signer.peerId])
    expect(market.sealedOffers({ model: MODEL })).toEqual([sealed])
    expect(market.sealedOffers({ maxBytes: 10 })).toEqual([])
    expect(market.snapshot()).toMatchObject({
      nodes: 1,
      models: [{ model: MODEL, hosts: 1, loaded: 1, p50Ms: 10 }],
    })
  })

  it('tells of a node that comes to host a model, and again when it has loaded it', () => {
    const { market } = createScene()
    const told: string[] = []
    const stop = market.onHost((model, peerId) => told.push(`${peerId} ${model}`))
    const offer = (sequence: number, loaded: boolean) =>
      market.putOffer(offerOf('a', { sequence, models: [hosted({ loaded })] }))
    const before = (sequence: number) => {
      expect(offer(sequence, false)).toEqual({ verdict: 'accept' })
      return told.length
    }
    expect(before(1)).toBe(1)
    expect(before(2)).toBe(1)
    offer(3, true)
    offer(4, true)
    expect(told).toEqual([`a ${MODEL}`, `a ${MODEL}`])
    stop()
    market.putOffer(offerOf('b'))
    expect(told).toHaveLength(2)
  })

  it('rejects what is forged, cut, of another kind, or for somebody else', async () => {
    const { market, signer, seal } = createScene()
    const good = await seal()
    const forged = good.slice()
    forged[forged.length - 1]! ^= 1
    const verdict = async (bytes: Uint8Array) => (await market.acceptOffer(bytes, 'x')).verdict
    expect(await verdict(forged)).toBe('reject')
    expect(await verdict(good.subarray(0, 40))).toBe('reject')
    expect(await verdict(new Uint8Array(200_000))).toBe('reject')
    expect(await verdict(await sealOffer(offerOf(signerOf(2).peerId), signer))).toBe('reject')
    const demand = { model: MODEL, name: '', bytes: 0, requests: 1, issuedAtMs: 1, expiresAtMs: 2 }
    expect(await verdict(await sealDemand(demand, signer))).toBe('reject')
    expect(market.size).toBe(0)
    expect(await verdict(good)).toBe('accept')
  })

  it('an offer without a live peer dies: when the peer goes, or when it is not renewed', async () => {
    const { clock, market, signer, seal } = createScene()
    const sealed = await seal()
    await market.acceptOffer(sealed, 'x')
    market.peerGone(signer.peerId)
    expect(market.offersFor(MODEL)).toEqual([])
    expect(await market.acceptOffer(sealed, 'x')).toMatchObject({ refusal: 'stale' })
    expect(await market.acceptOffer(await seal({ sequence: 2 }), 'x')).toEqual({ verdict: 'accept' })
    clock.advance(10_000)
    expect(market.offersFor(MODEL)).toEqual([])
    expect(market.offer(signer.peerId)).toBeUndefined()
    expect(market.snapshot().nodes).toBe(0)
  })

  it('looks at no more messages of a neighbour than it can afford', async () => {
    const clock = createVirtualClock()
    const market = createMarket({ clock, intakeLimits: { perSecond: 10, burst: 5 } })
    const from = async (peer: string) => (await market.acceptOffer(new Uint8Array(9), peer)).refusal
    for (let n = 0; n < 5; n++) expect(await from('flooder')).toBe('malformed')
    expect(await from('flooder')).toBe('flood')
    expect(await from('other')).toBe('malformed')
    clock.advance(100)
    expect(await from('flooder')).toBe('malformed')
  })

  it('sums up what is asked for in vain, and forgets it when it is not repeated', async () => {
    const { clock, market } = createScene()
    const demand = {
      model: MODEL,
      name: 'x',
      bytes: 9,
      requests: 1_000,
      issuedAtMs: clock.now(),
      expiresAtMs: clock.now() + 5_000,
    }
    expect(await market.acceptDemand(await sealDemand(demand, signerOf(3)), 'x')).toEqual({
      verdict: 'accept',
    })
    await market.acceptDemand(await sealDemand({ ...demand, requests: 3 }, signerOf(4)), 'x')
    await market.acceptDemand(await sealDemand({ ...demand, requests: 7 }, signerOf(4)), 'x')
    expect(market.unmetDemand()).toMatchObject([
      { model: MODEL, name: 'x', bytes: 9, callers: 2, requests: 1_007 },
    ])
    expect(market.unmetDemand()[0]!.weight).toBeLessThan(20)
    clock.advance(5_000)
    expect(market.unmetDemand()).toEqual([])
  })

  it('refuses settings that are none', () => {
    expect(() => createMarket({ tableLimits: { maxOffers: Number.NaN } })).toThrow(/tableLimits\.maxOffers/)
    expect(() => createDispatcher({ market: createMarket(), hedgeShare: -1 })).toThrow(
      /dispatcher\.hedgeShare/,
    )
    expect(() => createMarket({ tableLimits: { maxOfers: 3 } as object })).toThrow(/tableLimits\.maxOfers/)
  })
})

describe('createAnnouncer', () => {
  function announce(networkSize = 0) {
    const { clock, market, signer } = createScene()
    const published: Offer[] = []
    const { queueDepth, slots, region, models } = offerOf('')
    const announcer = createAnnouncer({
      signer,
      clock,
      random: { float: () => 0.5, bytes: length => new Uint8Array(length) },
      describe: () => ({ queueDepth, slots, region, models }),
      networkSize: () => networkSize,
      async publish(sealed, offer) {
        published.push(offer)
        await market.acceptOffer(sealed, signer.peerId)
      },
    })
    return { announcer, clock, market, published }
  }

  it('keeps the offer alive, each with a higher sequence', async () => {
    const { clock, market, published } = announce()
    await clock.run(9_500)
    expect(published).toHaveLength(4)
    expect(market.offersFor(MODEL)).toHaveLength(1)
    const sequences = published.map(offer => offer.sequence)
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b))
  })

  it('speaks more rarely in a large network, and lives longer', async () => {
    const { clock, published } = announce(4_000)
    await clock.run(9_500)
    expect(published).toHaveLength(1)
    expect(published[0]!.expiresAtMs - published[0]!.issuedAtMs).toBe(27_000)
  })

  it('tells of many changes once', async () => {
    const { announcer, clock, published } = announce()
    await clock.run(1_000)
    for (let n = 0; n < 10; n++) announcer.changed()
    await clock.run(400)
    for (let n = 0; n < 10; n++) announcer.changed()
    await clock.run(200)
    expect(published).toHaveLength(3)
  })

  it('takes itself off the market when it closes', async () => {
    const { announcer, clock, market, published } = announce()
    await clock.run(100)
    const closed = announcer.close()
    await clock.run(1)
    await closed
    expect(market.offersFor(MODEL)).toEqual([])
    await clock.run(20_000)
    expect(published).toHaveLength(2)
    expect(market.snapshot().nodes).toBe(0)
  })
})
