import { expect, it, vi } from 'vitest'
import { silentLogger, systemClock, systemRandom } from '../src/index.js'

it('the clock tells milliseconds of the epoch and never goes back', () => {
  expect(systemClock.now()).toBeGreaterThan(Date.UTC(2020, 0))
  const before = systemClock.monotonicMs()
  expect(systemClock.monotonicMs()).toBeGreaterThanOrEqual(before)
})

it('the clock calls once after the delay, and not where it was cancelled', () => {
  vi.useFakeTimers()
  try {
    const [kept, cancelled] = [vi.fn(), vi.fn()]
    systemClock.after(100, kept)
    const cancel = systemClock.after(100, cancelled)
    cancel()
    vi.advanceTimersByTime(99)
    expect(kept).not.toHaveBeenCalled()
    vi.advanceTimersByTime(1000)
    expect(kept).toHaveBeenCalledTimes(1)
    expect(cancelled).not.toHaveBeenCalled()
  } finally {
    vi.useRealTimers()
  }
})

it('the clock waits longer than a timer can', () => {
  vi.useFakeTimers()
  try {
    const called = vi.fn()
    const days = 24 * 3_600_000
    systemClock.after(60 * days, called)
    vi.advanceTimersByTime(60 * days - 1)
    expect(called).not.toHaveBeenCalled()
    expect(vi.getTimerCount()).toBe(1)
    vi.advanceTimersByTime(1)
    expect(called).toHaveBeenCalledTimes(1)
  } finally {
    vi.useRealTimers()
  }
})

it('the clock never calls before its own time has come', async () => {
  const early = await Promise.all(
    Array.from({ length: 200 }, (_, index) => {
      const delayMs = 1 + index / 7
      const due = systemClock.monotonicMs() + delayMs
      return new Promise<boolean>(resolve =>
        systemClock.after(delayMs, () => resolve(systemClock.monotonicMs() < due)),
      )
    }),
  )
  expect(early.filter(Boolean)).toEqual([])
})

it('randomness has the length asked for, differs, and stays within [0, 1)', () => {
  expect(systemRandom.bytes(0)).toHaveLength(0)
  expect(systemRandom.bytes(32)).not.toEqual(systemRandom.bytes(32))
  const floats = Array.from({ length: 1000 }, () => systemRandom.float())
  expect(floats.every(value => value >= 0 && value < 1)).toBe(true)
  expect(new Set(floats).size).toBeGreaterThan(900)
})

it('the silent logger takes every level', () => {
  for (const level of ['debug', 'info', 'warn', 'error'] as const) {
    expect(silentLogger[level]({ peer: 'x' }, 'dropped')).toBeUndefined()
  }
})
