import { createSeededRandom, createVirtualClock } from '@neurovoyance/testing/network'
import { describe, expect, it } from 'vitest'
import { createHosting, createMarket, type HostingInit } from '../src/index.js'
import { MODEL, offerOf } from './fixtures.js'

function createScene(init: Partial<HostingInit> = {}) {
  const clock = createVirtualClock()
  const market = createMarket({ clock })
  const log: string[] = []
  const hosting = createHosting({
    peerId: 'self',
    market,
    clock,
    random: createSeededRandom('hosting'),
    limits: { diskBytes: 1_000, memoryBytes: 1_000 },
    onChange: () => log.push('announce'),
    store: {
      async fetch(model, { signal }) {
        log.push(`fetch ${model}`)
        await new Promise<void>((resolve, reject) => {
          clock.after(500, resolve)
          signal.addEventListener('abort', () => reject(signal.reason))
        })
        return { bytes: 100 }
      },
      async remove(model) {
        log.push(`remove ${model}`)
      },
    },
    ...init,
  })
  const demand = (model = MODEL, bytes = 100) =>
    market.putDemand('client', {
      model,
      name: 'x',
      bytes,
      requests: 5,
      issuedAtMs: clock.now(),
      expiresAtMs: clock.now() + 10_000,
    })
  return { clock, market, hosting, log, demand }
}

describe('createHosting', () => {
  it('fetches a model that is called for and offers it', async () => {
    const { clock, hosting, log, demand } = createScene()
    demand()
    await clock.run(8_000)
    expect(log).toEqual([`fetch ${MODEL}`, 'announce'])
    expect(hosting.models()).toMatchObject([{ model: MODEL, status: 'ready', bytes: 100, pinned: false }])
  })

  it('leaves it to others where enough of them host it', async () => {
    const { clock, market, log, demand } = createScene()
    for (const peerId of ['a', 'b', 'c'])
      market.putOffer(offerOf(peerId, { expiresAtMs: clock.now() + 60_000 }))
    demand()
    await clock.run(8_000)
    expect(log).toEqual([])
  })

  it('tells of a fetch that failed and tries again later', async () => {
    const errors: string[] = []
    let fetches = 0
    const { clock, demand } = createScene({
      onError: (model, error) => errors.push(`${model === MODEL} ${(error as Error).message}`),
      store: {
        fetch: () => {
          fetches++
          return Promise.reject(new Error('no provider'))
        },
        remove: async () => {},
      },
    })
    for (let second = 0; second < 60; second += 5) {
      demand()
      await clock.run(5_000)
    }
    expect(fetches).toBeGreaterThan(1)
    expect(fetches).toBeLessThan(5)
    expect(new Set(errors)).toEqual(new Set(['true no provider']))
  })

  it('answers a direct request, and stops what is removed while it is being fetched', async () => {
    const { clock, hosting, log } = createScene()
    expect(hosting.request({ model: 'm', name: 'm', bytes: 100 })).toEqual({ accepted: true, reason: '' })
    expect(hosting.request({ model: 'huge', name: 'h', bytes: 5_000 }).accepted).toBe(false)
    await clock.run(100)
    hosting.remove('m')
    await clock.run(2_000)
    expect(hosting.models()).toEqual([])
    expect(log).toEqual(['fetch m', 'remove m', 'announce'])
  })

  it('keeps what a person added, and what was there at the start', async () => {
    const { clock, hosting, log } = createScene({ present: [{ model: 'old', name: 'old', bytes: 900 }] })
    hosting.add({ model: 'mine', name: 'mine', bytes: 50 })
    hosting.used('old')
    expect(hosting.models()).toMatchObject([
      { model: 'old', pinned: false, usage: { value: 1 } },
      { model: 'mine', pinned: true },
    ])
    hosting.pin('mine', false)
    expect(hosting.models()[1]!.pinned).toBe(false)
    expect(log).toEqual(['announce', 'announce'])
    hosting.close()
    await clock.run(10_000)
    expect(clock.pending).toBeLessThanOrEqual(1)
  })
})
