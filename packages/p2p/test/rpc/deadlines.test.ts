import { createVirtualClock } from '@neurovoyance/testing/network'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createDeadlines } from '../../src/rpc/deadlines.js'

it('every deadline passes once, in its time, unless it was cancelled before', () => {
  const call = fc.record({
    startMs: fc.nat(100),
    timeoutMs: fc.integer({ min: 1, max: 100 }),
    cancelledAfterMs: fc.option(fc.nat(200)),
  })
  fc.assert(
    fc.property(fc.array(call, { maxLength: 30 }), calls => {
      const clock = createVirtualClock()
      const deadlines = createDeadlines(clock)
      const passedMs = calls.map((): number[] => [])
      const wasPending: (boolean | undefined)[] = calls.map(() => undefined)
      calls.forEach(({ startMs, timeoutMs, cancelledAfterMs }, index) => {
        clock.after(startMs, () => {
          const deadline = deadlines.add(timeoutMs, () => passedMs[index]!.push(clock.monotonicMs()))
          if (cancelledAfterMs === null) return
          clock.after(cancelledAfterMs, () => {
            wasPending[index] = deadline.cancel()
            expect(deadline.cancel()).toBe(false)
          })
        })
      })
      clock.advance(1000)
      calls.forEach(({ startMs, timeoutMs, cancelledAfterMs }, index) => {
        const dueMs = startMs + timeoutMs
        const cancelled = wasPending[index] === true
        // at one and the same moment either may come first
        if (cancelledAfterMs === null || cancelledAfterMs > timeoutMs) expect(cancelled).toBe(false)
        else if (cancelledAfterMs < timeoutMs) expect(cancelled).toBe(true)
        expect(passedMs[index]).toEqual(cancelled ? [] : [dueMs])
      })
      expect(clock.pending).toBe(0)
    }),
  )
})

it('closed deadlines never pass, and leave no timer', () => {
  const clock = createVirtualClock()
  const deadlines = createDeadlines(clock)
  let passed = 0
  const kept = [5, 1, 3].map(timeoutMs => deadlines.add(timeoutMs, () => passed++))
  deadlines.close()
  expect(clock.pending).toBe(0)
  clock.advance(10)
  expect(passed).toBe(0)
  expect(kept.map(deadline => deadline.cancel())).toEqual([false, false, false])
})
