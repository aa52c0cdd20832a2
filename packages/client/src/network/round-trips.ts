import type { Host } from '@neurovoyance/p2p'
import type { Clock } from '@neurovoyance/protocol'

/** A round trip is looked up again after this time; hosts measure every few seconds. */
const FRESH_MS = 1_000

/** Most peers that are remembered. */
const PEERS_KEPT = 4_096

/**
 * The host's round trips, remembered for a moment: looking one up costs some 80 µs, and every request asks for
 * those of all nodes that it could be sent to.
 */
export function rememberRoundTrips(
  host: Pick<Host, 'rttMs'>,
  clock: Clock,
): (peerId: string) => number | undefined {
  const known = new Map<string, { rttMs: number | undefined; atMs: number }>()
  return peerId => {
    const nowMs = clock.monotonicMs()
    const last = known.get(peerId)
    if (last !== undefined && nowMs - last.atMs < FRESH_MS) return last.rttMs
    const rttMs = host.rttMs(peerId)
    known.delete(peerId)
    known.set(peerId, { rttMs, atMs: nowMs })
    if (known.size > PEERS_KEPT) known.delete(known.keys().next().value!)
    return rttMs
  }
}
