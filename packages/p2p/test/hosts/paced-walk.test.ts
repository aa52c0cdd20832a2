import type { PeerInfo, PeerRouting } from '@libp2p/interface'
import { createVirtualClock } from '@neurovoyance/testing/network'
import { expect, it } from 'vitest'
import { pacedWalk } from '../../src/discovery/paced-walk.ts'

it('walks a few times at once, and then ever more rarely', async () => {
  const clock = createVirtualClock()
  const nobody: PeerInfo[] = []
  const found: PeerInfo[] = []
  const startedMs: number[] = []
  const peerRouting = {
    async *getClosestPeers() {
      startedMs.push(clock.monotonicMs())
      yield* nobody
    },
  } as unknown as PeerRouting
  const randomWalk = { peerRouting }
  pacedWalk(clock)({ randomWalk, peerRouting })

  // as libp2p does while anybody wants more peers
  const ending = new AbortController()
  const walking = (async () => {
    while (!ending.signal.aborted) {
      const walk = randomWalk.peerRouting.getClosestPeers(new Uint8Array(32), ending)
      for await (const peer of walk) found.push(peer)
    }
  })()
  await clock.run(3_600_000)
  ending.abort()
  await walking
  expect(startedMs.filter(ms => ms < 1_000).length).toBeGreaterThanOrEqual(3)
  expect(startedMs.length).toBeLessThan(140)
  expect(startedMs.length).toBeGreaterThan(100)
})
