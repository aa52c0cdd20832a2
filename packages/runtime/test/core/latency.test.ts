import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createLatency, observeLatency } from '../../src/core/latency.js'

it('is the median of the latest 33 runs', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 1e9 }), { minLength: 1, maxLength: 100 }), runs => {
      const latency = createLatency()
      for (const runUs of runs) observeLatency(latency, runUs)
      const recent = runs.slice(-33).sort((a, b) => a - b)
      expect(latency.p50Us).toBe(recent[recent.length >> 1])
      expect(latency.count).toBe(runs.length)
    }),
  )
})
