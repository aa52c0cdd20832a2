import { describe, expect, it } from 'vitest'
import { Waits } from '../../src/chain/peers/waits.js'
import { HandClock } from './hand-clock.js'

const forEver = (signal: AbortSignal): Promise<string> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))

/** Waits of callers by name, in order; `ended` has those that gave nothing. */
function place(most: number, mostOfOne: number) {
  const clock = new HandClock()
  const waits = new Waits(clock, { most, mostOfOne })
  const ended: string[] = []
  const wait = (name: string, size?: number, gone = new AbortController()) => {
    const [peerId = ''] = name.split('/')
    const waited = waits.wait({ peerId, signal: gone.signal }, 30_000, forEver, size)
    return waited.then(
      value => void (value === undefined && ended.push(name)),
      () => 'gone',
    )
  }
  return { clock, ended, wait, waits }
}

const settled = () => new Promise(resolve => setImmediate(resolve))

describe('answers that wait', () => {
  it('are refused to nobody: where there is no room, the oldest of who takes most ends', async () => {
    const { ended, wait, clock } = place(4, 3)
    const all = ['a/1', 'a/2', 'a/3', 'b/1', 'c/1', 'd/1'].map(name => wait(name))
    await settled()
    expect(ended).toEqual(['a/1', 'a/2'])
    clock.advance(30_000)
    await Promise.all(all)
    expect(ended.sort()).toEqual(['a/1', 'a/2', 'a/3', 'b/1', 'c/1', 'd/1'])
  })

  it('of one peer are so many, and make room for each other', async () => {
    const { ended, wait, clock } = place(100, 2)
    const all = ['a/1', 'b/1', 'a/2', 'a/3', 'a/4'].map(name => wait(name))
    await settled()
    expect(ended).toEqual(['a/1', 'a/2'])
    clock.advance(30_000)
    await Promise.all(all)
  })

  it('count by their size', async () => {
    const { ended, wait, clock } = place(100, 60)
    const all = [wait('a/1', 50), wait('b/1', 20), wait('b/2', 20), wait('c/1', 20)]
    await settled()
    expect(ended).toEqual(['a/1'])
    all.push(wait('d/1', 100))
    await settled()
    expect(ended).toEqual(['a/1', 'b/1', 'b/2', 'c/1'])
    clock.advance(30_000)
    await Promise.all(all)
  })

  it('leave room when their caller is gone', async () => {
    const { ended, wait, clock } = place(1, 1)
    const gone = new AbortController()
    const first = wait('a/1', 1, gone)
    gone.abort()
    expect(await first).toBe('gone')
    const second = wait('b/1')
    await settled()
    expect(ended).toEqual([])
    clock.advance(30_000)
    await second
  })
})
