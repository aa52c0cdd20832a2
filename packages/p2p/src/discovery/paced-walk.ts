import type { PeerInfo, PeerRouting } from '@libp2p/interface'
import type { Clock } from '@neurovoyance/protocol'

/** What pacing needs from libp2p. */
export interface WalkComponents {
  randomWalk: object
  peerRouting: PeerRouting
}

/** Pauses before walks through the DHT: a host that looks for relays or for peers to try its addresses is in a hurry. */
const PAUSES_MS = [0, 0, 500, 1_000, 2_000, 4_000, 8_000, 16_000]
const LAST_PAUSE_MS = 30_000
/** After so long without a walk there is a hurry again. */
const RESTED_MS = 120_000

/**
 * Makes a libp2p node pause between its random walks: one of its services.
 *
 * libp2p walks as long as anybody wants more peers, each walk right after the one before. In a network of a few
 * nodes a walk takes a millisecond, and a host that looks for one relay more than there are would do nothing else.
 */
export function pacedWalk(clock: Clock): (components: WalkComponents) => object {
  return ({ randomWalk, peerRouting }) => {
    let walks = 0
    let walkedMs = Number.NEGATIVE_INFINITY
    async function* getClosestPeers(
      ...[key, options]: Parameters<PeerRouting['getClosestPeers']>
    ): AsyncGenerator<PeerInfo> {
      if (clock.monotonicMs() - walkedMs > RESTED_MS) walks = 0
      await pause(clock, PAUSES_MS[walks++] ?? LAST_PAUSE_MS, options?.signal)
      yield* peerRouting.getClosestPeers(key, options)
      walkedMs = clock.monotonicMs()
    }
    Reflect.set(randomWalk, 'peerRouting', { getClosestPeers })
    return {}
  }
}

function pause(clock: Clock, ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise(resolve => {
    const cancel = clock.after(ms, resolve)
    const end = (): void => {
      cancel()
      resolve()
    }
    signal?.addEventListener('abort', end, { once: true })
  })
}
