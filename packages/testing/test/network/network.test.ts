import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createEventQueue,
  createNetwork,
  createSeededRandom,
  createVirtualClock,
} from '../../src/network/index.js'

describe('event queue', () => {
  it('gives events in the order of time and, within a moment, of arrival', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 20 })), times => {
        const queue = createEventQueue<number>()
        for (const [index, atMs] of times.entries()) queue.push(atMs, index)
        const order = times.map((_, index) => index).sort((a, b) => times[a]! - times[b]! || a - b)
        expect(times.map(() => queue.pop()?.value)).toEqual(order)
        expect(queue.pop()).toBeUndefined()
      }),
    )
  })
})

describe('seeded random', () => {
  it('repeats itself for a seed and differs between seeds', () => {
    const draw = (seed: string) => {
      const random = createSeededRandom(seed)
      return Array.from({ length: 8 }, () => random.float())
    }
    expect(draw('a')).toEqual(draw('a'))
    expect(draw('a')).not.toEqual(draw('b'))
  })

  it('forks do not depend on what was drawn before', () => {
    const fresh = createSeededRandom(7)
    const used = createSeededRandom(7)
    used.float()
    expect(used.fork('x').float()).toBe(fresh.fork('x').float())
  })

  it('draws evenly and with the mean asked for', () => {
    const random = createSeededRandom(3)
    const counts = new Array<number>(10).fill(0)
    let sum = 0
    for (let draw = 0; draw < 20_000; draw++) {
      counts[random.int(10)]!++
      sum += random.exponential(5)
    }
    for (const count of counts) expect(Math.abs(count - 2_000)).toBeLessThan(250)
    expect(Math.abs(sum / 20_000 - 5)).toBeLessThan(0.2)
  })

  it('shuffles without losing anything', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), fc.integer(), (items, seed) => {
        const sort = (list: number[]) => [...list].sort((a, b) => a - b)
        expect(sort(createSeededRandom(seed).shuffle(items))).toEqual(sort(items))
      }),
    )
  })
})

describe('virtual clock', () => {
  it('fires timers in order, not before their time, and not after they were cancelled', () => {
    const clock = createVirtualClock()
    const fired: string[] = []
    clock.after(20, () => fired.push('b'))
    clock.after(10, () => clock.after(5, () => fired.push('a')))
    const cancel = clock.after(12, () => fired.push('never'))
    cancel()
    cancel()
    clock.advance(19)
    expect(fired).toEqual(['a'])
    expect(clock.pending).toBe(1)
    clock.advance(1)
    expect(fired).toEqual(['a', 'b'])
    expect(clock.monotonicMs()).toBe(20)
  })

  it('lets promises see each moment', async () => {
    const clock = createVirtualClock()
    const sleep = (ms: number) => new Promise<void>(resolve => void clock.after(ms, resolve))
    const seen: number[] = []
    const work = async () => {
      for (let round = 0; round < 3; round++) {
        await sleep(10)
        seen.push(clock.monotonicMs())
      }
    }
    void work()
    clock.after(25, () => seen.push(25))
    await clock.run(100)
    expect(seen).toEqual([10, 20, 25, 30])
    expect(await clock.runUntil(() => false, 50)).toBe(false)
    expect(clock.monotonicMs()).toBe(150)
  })

  it('skews the wall clock only', () => {
    const clock = createVirtualClock()
    const skewed = clock.skewed(-86_400_000)
    expect(clock.now() - skewed.now()).toBe(86_400_000)
    expect(skewed.monotonicMs()).toBe(clock.monotonicMs())
  })
})

describe('network', () => {
  it('is the same for the same seed, event by event', () => {
    const record = (seed: number) => {
      const network = createNetwork<number>({
        seed,
        link: { latencyMs: 5, jitterMs: 20, loss: 0.2, duplication: 0.2 },
      })
      const log: string[] = []
      const nodes = ['a', 'b', 'c'].map(id =>
        network.add(id, {
          message: (from, n) => log.push(`${network.clock.monotonicMs()} ${from}>${id} ${n}`),
        }),
      )
      for (let n = 0; n < 50; n++) nodes[n % 3]!.send(nodes[(n + 1) % 3]!.id, n)
      network.clock.advance(100)
      return log
    }
    expect(record(1)).toEqual(record(1))
    expect(record(1)).not.toEqual(record(2))
  })

  it('loses and duplicates as often as it was told to', () => {
    const network = createNetwork<number>({ seed: 5, link: { loss: 0.3, duplication: 0.5 } })
    let received = 0
    network.add('b', { message: () => received++ })
    const a = network.add('a', {})
    for (let n = 0; n < 4_000; n++) a.send('b', n)
    network.clock.advance(100)
    expect(received / 4_000).toBeGreaterThan(1.5 * 0.7 - 0.05)
    expect(received / 4_000).toBeLessThan(1.5 * 0.7 + 0.05)
  })

  it('keeps partitions apart, messages on their way included, until they heal', () => {
    const network = createNetwork<string>({ seed: 1, link: { latencyMs: 10 } })
    const got: string[] = []
    network.add('b', { message: (_, text) => got.push(text) })
    const a = network.add('a', {})
    a.send('b', 'on its way')
    network.clock.advance(5)
    network.partition([['a'], ['b']])
    a.send('b', 'cut off')
    network.clock.advance(50)
    network.heal()
    a.send('b', 'healed')
    network.clock.advance(50)
    expect(got).toEqual(['healed'])
  })

  it('calls answer, fail as p2p does, and tell the other end of a cancellation', async () => {
    const network = createNetwork<string>({ seed: 1, link: { latencyMs: 10 } })
    const a = network.add('a', {})
    let cancelled = false
    network.add('echo', { call: (from, text) => `${from}:${text}` })
    network.add('mute', {
      call: (_, __, signal) =>
        new Promise(() => {
          signal.addEventListener('abort', () => {
            cancelled = true
          })
        }),
    })
    const code = (promise: Promise<string>) =>
      promise.then(
        value => value,
        error => error.code as string,
      )
    const answers = Promise.all([
      code(a.call('echo', 'hi')),
      code(a.call('mute', '', { timeoutMs: 50 })),
      code(a.call('nobody', '')),
    ])
    await network.clock.run(100)
    expect(await answers).toEqual(['a:hi', 'P2P_DEADLINE_EXCEEDED', 'P2P_PEER_UNREACHABLE'])
    expect(cancelled).toBe(true)
    const reset = code(a.call('mute', ''))
    await network.clock.run(20)
    network.crash('mute')
    expect(await reset).toBe('P2P_STREAM_RESET')
    const controller = new AbortController()
    const stopped = code(a.call('echo', '', { signal: controller.signal }))
    controller.abort()
    expect(await stopped).toBe('P2P_CANCELLED')
  })

  it('a crash stops the timers of that life and is noticed; a restart begins anew', () => {
    const network = createNetwork<string>({ seed: 1, noticeMs: 100 })
    const noticed: string[] = []
    const fired: string[] = []
    network.add('b', { peer: ({ type, id }) => noticed.push(`${type} ${id}`) })
    const a = network.add('a', {})
    network.clock.advance(200)
    a.clock.after(50, () => fired.push('first life'))
    network.crash('a')
    network.restart('a')
    a.clock.after(50, () => fired.push('second life'))
    network.clock.advance(500)
    expect(fired).toEqual(['second life'])
    expect(noticed.sort()).toEqual(['connect a', 'connect a', 'disconnect a'])
  })

  it('gossips to all subscribers that can be reached, once each', () => {
    const network = createNetwork<string>({ seed: 1, link: { jitterMs: 9 } })
    const heard = new Map<string, number>()
    for (let n = 0; n < 100; n++)
      network
        .add(`n${n}`, { gossip: () => void heard.set(`n${n}`, (heard.get(`n${n}`) ?? 0) + 1) })
        .subscribe('news')
    network.node('n5')!.unsubscribe('news')
    network.partition([['n7']])
    network.node('n0')!.publish('news', 'x')
    network.clock.advance(100)
    expect(heard.size).toBe(97)
    expect([...heard.values()].every(times => times === 1)).toBe(true)
  })
})
