import type { Clock } from '@neurovoyance/protocol'
import { expect, it } from 'vitest'
import { rememberRoundTrips } from './round-trips.js'

it('asks the host once a second for each peer', () => {
  let nowMs = 0
  const clock: Clock = { now: () => nowMs, monotonicMs: () => nowMs, after: () => () => undefined }
  const asked: string[] = []
  const measured = new Map([['near', 1]])
  const rtt = rememberRoundTrips(
    {
      rttMs(peerId) {
        asked.push(peerId)
        return measured.get(peerId)
      },
    },
    clock,
  )
  expect([rtt('near'), rtt('far'), rtt('near'), rtt('far')]).toEqual([1, undefined, 1, undefined])
  expect(asked).toEqual(['near', 'far'])
  measured.set('far', 99)
  nowMs = 999
  expect(rtt('far')).toBe(undefined)
  nowMs = 1_000
  expect(rtt('far')).toBe(99)
  expect(asked).toEqual(['near', 'far', 'far'])
})
