import type { Connection, IdentifyResult, Libp2p, PeerId } from '@libp2p/interface'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import type { Clock, Logger } from '@neurovoyance/protocol'
import { transportName } from '../transport-name.js'

/** Protocol by which WebRTC peers exchange their session descriptions. */
const SIGNALLING_PROTOCOL = '/webrtc-signaling/0.0.1'
/** Pauses before each attempt to connect directly. */
const ATTEMPTS_AFTER_MS = [0, 5_000, 30_000]
const ATTEMPT_TIMEOUT_MS = 20_000
/** How often a relayed connection that is no longer needed is looked at, and for how long. */
const DRAIN_CHECK_MS = 1_000
const DRAIN_CHECKS = 120

/** What an upgrader works with. */
export interface DirectUpgradeInit {
  libp2p: Libp2p
  clock: Clock
  logger: Logger
}

/**
 * Replaces relayed connections by direct ones: whoever dialled over the relay opens a WebRTC connection with the
 * relayed one as its signalling channel, and closes the relayed one when nothing runs over it any more.
 *
 * @returns a function that ends it
 */
export function upgradeRelayed({ libp2p, clock, logger }: DirectUpgradeInit): () => void {
  const ending = new AbortController()
  const cancels = new Map<string, () => void>()

  const later = (connection: Connection, delayMs: number, run: () => void): void => {
    cancels.get(connection.id)?.()
    cancels.set(connection.id, clock.after(delayMs, run))
  }

  const closeWhenIdle = (relayed: Connection, checks: number): void => {
    if (relayed.status !== 'open' || directTo(relayed.remotePeer) === undefined) return
    if (!carriesPayload(relayed)) {
      relayed.close().catch(error => relayed.abort(error))
    } else if (checks > 0) {
      later(relayed, DRAIN_CHECK_MS, () => closeWhenIdle(relayed, checks - 1))
    }
  }

  const directTo = (peerId: PeerId): Connection | undefined =>
    libp2p
      .getConnections(peerId)
      .find(other => other.status === 'open' && transportName(other.remoteAddr) !== 'relay')

  const attempt = async (relayed: Connection, tries: number): Promise<void> => {
    if (ending.signal.aborted || relayed.status !== 'open') return
    try {
      if (directTo(relayed.remotePeer) === undefined) {
        const signal = AbortSignal.any([ending.signal, AbortSignal.timeout(ATTEMPT_TIMEOUT_MS)])
        await libp2p.dial(webrtcAddress(relayed.remoteAddr), { force: true, signal })
        logger.info({ peerId: relayed.remotePeer.toString() }, 'relayed connection replaced by a direct one')
      }
      closeWhenIdle(relayed, DRAIN_CHECKS)
    } catch (error) {
      logger.debug(
        { peerId: relayed.remotePeer.toString(), error: String(error) },
        'no direct connection yet',
      )
      const delayMs = ATTEMPTS_AFTER_MS[tries]
      if (delayMs !== undefined) later(relayed, delayMs, () => void attempt(relayed, tries + 1))
    }
  }

  const onIdentify = ({ detail }: CustomEvent<IdentifyResult>): void => {
    const { connection, protocols } = detail
    if (connection.direction !== 'outbound' || cancels.has(connection.id)) return
    if (transportName(connection.remoteAddr) !== 'relay' || !protocols.includes(SIGNALLING_PROTOCOL)) return
    later(connection, ATTEMPTS_AFTER_MS[0] ?? 0, () => void attempt(connection, 1))
  }

  const onClose = ({ detail: connection }: CustomEvent<Connection>): void => {
    cancels.get(connection.id)?.()
    cancels.delete(connection.id)
  }

  libp2p.addEventListener('peer:identify', onIdentify)
  libp2p.addEventListener('connection:close', onClose)
  return () => {
    ending.abort()
    for (const cancel of cancels.values()) cancel()
    libp2p.removeEventListener('peer:identify', onIdentify)
    libp2p.removeEventListener('connection:close', onClose)
  }
}

/** `…/p2p-circuit/p2p/X` as `…/p2p-circuit/webrtc/p2p/X`. */
function webrtcAddress(relayed: Multiaddr): Multiaddr {
  return multiaddr(relayed.toString().replace('/p2p-circuit', '/p2p-circuit/webrtc'))
}

const HOUSEKEEPING = [
  '/meshsub/',
  '/ipfs/',
  '/libp2p/',
  '/webrtc-signaling/',
  '/neurovoyance/kad/',
  '/neurovoyance/peers/',
]

/** Whether closing a connection would end somebody's work. */
function carriesPayload(connection: Connection): boolean {
  return connection.streams.some(stream => !HOUSEKEEPING.some(prefix => stream.protocol.startsWith(prefix)))
}
