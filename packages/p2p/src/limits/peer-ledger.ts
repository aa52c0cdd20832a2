import type { HostLimits } from './host-limits.js'
import { createTokenBucket, type TokenBucket } from './token-bucket.js'

/** What one peer has used of what it may. */
export interface PeerUse {
  connections: TokenBucket
  streams: TokenBucket
  controlBytes: TokenBucket
  gossipMessages: TokenBucket
  /** Refused until then; 0 for peers in good standing. */
  bannedUntilMs: number
}

/** The use of every peer seen lately, at most `limits.rememberedPeers` of them. */
export interface PeerLedger {
  of(peerId: string, nowMs: number): PeerUse
}

/** A burst of this many seconds' worth is let through. */
const BURST_SECONDS = 4

/** An empty ledger. */
export function createPeerLedger(limits: HostLimits): PeerLedger {
  const uses = new Map<string, PeerUse>()

  /** Those who used nothing lately lose nothing by being forgotten; else the one seen longest ago goes. */
  const forgetOne = (nowMs: number): void => {
    let oldest: string | undefined
    for (const [peerId, use] of uses) {
      oldest ??= peerId
      if (isIdle(use, nowMs)) {
        uses.delete(peerId)
        return
      }
    }
    if (oldest !== undefined) uses.delete(oldest)
  }

  return {
    of(peerId, nowMs) {
      const known = uses.get(peerId)
      if (known !== undefined) {
        uses.delete(peerId)
        uses.set(peerId, known)
        return known
      }
      if (uses.size >= limits.rememberedPeers) forgetOne(nowMs)
      const use = newUse(limits, nowMs)
      uses.set(peerId, use)
      return use
    },
  }
}

function newUse(limits: HostLimits, nowMs: number): PeerUse {
  const perSecond = (rate: number): TokenBucket =>
    createTokenBucket({ perSecond: rate, burst: BURST_SECONDS * rate }, nowMs)
  return {
    connections: createTokenBucket(
      { perSecond: limits.connectionsPerMinutePerPeer / 60, burst: limits.connectionsPerMinutePerPeer },
      nowMs,
    ),
    streams: perSecond(limits.streamsPerSecondPerPeer),
    controlBytes: perSecond(limits.controlBytesPerSecondPerPeer),
    gossipMessages: perSecond(limits.gossipMessagesPerSecondPerPeer),
    bannedUntilMs: 0,
  }
}

function isIdle(use: PeerUse, nowMs: number): boolean {
  return (
    use.bannedUntilMs <= nowMs &&
    use.connections.full(nowMs) &&
    use.streams.full(nowMs) &&
    use.controlBytes.full(nowMs) &&
    use.gossipMessages.full(nowMs)
  )
}
