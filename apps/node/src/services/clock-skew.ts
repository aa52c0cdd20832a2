import type { Clock } from '@neurovoyance/protocol'
import type { OfferEntry } from '@neurovoyance/scheduler'

/**
 * How far the machine's clock is ahead of its peers': the median over their offers of this clock's time when an
 * offer came, less the time it says it was made. An offer that came by way of others is seconds old.
 */
export function clockAheadMs(
  entries: readonly Pick<OfferEntry, 'peerId' | 'offer' | 'receivedAtMs'>[],
  ownPeerId: string,
  clock: Pick<Clock, 'now' | 'monotonicMs'>,
): number | null {
  const bootedAtMs = clock.now() - clock.monotonicMs()
  const ahead = entries
    .filter(({ peerId }) => peerId !== ownPeerId)
    .map(({ offer, receivedAtMs }) => bootedAtMs + receivedAtMs - offer.issuedAtMs)
    .sort((one, other) => one - other)
  return ahead.length === 0 ? null : Math.round(ahead[Math.floor(ahead.length / 2)]!)
}
