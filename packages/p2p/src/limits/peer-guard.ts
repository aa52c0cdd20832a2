import type { Connection, ConnectionGater, PeerId, Stream, StreamMiddleware } from '@libp2p/interface'
import type { Clock, Logger } from '@neurovoyance/protocol'
import { P2pError } from '../errors.js'
import type { HostLimits } from './host-limits.js'
import { createPeerLedger } from './peer-ledger.js'
import { onFirstMessageListener } from './stream-meter.js'

/** What a guard needs from libp2p. */
export interface GuardComponents {
  registrar: { getMiddleware(protocol: string): StreamMiddleware[] }
  connectionManager: { getConnections(peerId?: PeerId): Connection[] }
}

/** Who may connect, and how much a peer may use; a peer that breaks a limit is dropped and refused for a while. */
export interface PeerGuard {
  readonly gater: ConnectionGater
  /** Puts the guard in front of every protocol of a libp2p node: one of its services, the first. */
  readonly service: (components: GuardComponents) => object
  /** Counts gossip that a peer handed on, in messages; `false` when it was too much (the peer is gone then). */
  admitGossip(peerId: PeerId, cost: number): boolean
}

/** What a guard is made from. */
export interface PeerGuardInit {
  limits: HostLimits
  clock: Clock
  logger: Logger
  /** Runs before any stream of a connection is let through, both ways; throws to refuse it. */
  admit?: ((connection: Connection, stream: Stream) => Promise<void> | undefined) | undefined
}

/** A guard for one host. */
export function createPeerGuard({ limits, clock, logger, admit }: PeerGuardInit): PeerGuard {
  const ledger = createPeerLedger(limits)
  let connectionsOf: (peerId: PeerId) => Connection[] = () => []

  const use = (peerId: PeerId) => ledger.of(peerId.toString(), clock.monotonicMs())

  const banned = (peerId: PeerId): boolean => use(peerId).bannedUntilMs > clock.monotonicMs()

  const drop = (peerId: PeerId, limit: keyof HostLimits): P2pError => {
    const error = new P2pError('P2P_LIMIT_EXCEEDED', `peer ${peerId} went over ${limit} (${limits[limit]})`, {
      details: { peerId: peerId.toString(), limit, allowed: limits[limit] },
    })
    use(peerId).bannedUntilMs = clock.monotonicMs() + limits.banMs
    logger.warn({ peerId: peerId.toString(), limit, allowed: limits[limit] }, 'peer dropped')
    for (const connection of connectionsOf(peerId)) connection.abort(error)
    return error
  }

  const meterControl = (stream: Stream, peerId: PeerId): void => {
    onFirstMessageListener(stream, bytes => {
      if (!use(peerId).controlBytes.take(bytes, clock.monotonicMs())) {
        drop(peerId, 'controlBytesPerSecondPerPeer')
      }
    })
  }

  const gate: StreamMiddleware = (stream, connection, next) => {
    const peerId = connection.remotePeer
    if (stream.direction === 'inbound') {
      if (!use(peerId).streams.take(1, clock.monotonicMs())) throw drop(peerId, 'streamsPerSecondPerPeer')
      if (isControl(stream.protocol)) meterControl(stream, peerId)
    }
    const admitted = admit?.(connection, stream)
    if (admitted === undefined) return next(stream, connection)
    return admitted.then(() => next(stream, connection))
  }

  return {
    gater: {
      denyDialMultiaddr: () => false,
      denyDialPeer: banned,
      denyInboundEncryptedConnection(peerId) {
        if (banned(peerId) || connectionsOf(peerId).length >= limits.connectionsPerPeer) return true
        if (use(peerId).connections.take(1, clock.monotonicMs())) return false
        drop(peerId, 'connectionsPerMinutePerPeer')
        return true
      },
      denyOutboundEncryptedConnection: banned,
    },
    service(components) {
      const { registrar, connectionManager } = components
      connectionsOf = peerId => connectionManager.getConnections(peerId)
      const registered = registrar.getMiddleware.bind(registrar)
      registrar.getMiddleware = protocol => [gate, ...registered(protocol)]
      return {}
    },
    admitGossip(peerId, cost) {
      if (use(peerId).gossipMessages.take(cost, clock.monotonicMs())) return true
      drop(peerId, 'gossipMessagesPerSecondPerPeer')
      return false
    },
  }
}

const CONTROL = [
  '/neurovoyance/kad/',
  '/neurovoyance/peers/',
  '/meshsub/',
  '/ipfs/',
  '/libp2p/autonat/',
  '/libp2p/dcutr',
]

/** The network's own protocols; the others carry payload and hold their own limits. */
function isControl(protocol: string): boolean {
  return CONTROL.some(prefix => protocol.startsWith(prefix))
}
