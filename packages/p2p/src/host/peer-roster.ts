import type { Connection, Libp2p } from '@libp2p/interface'
import { byPreference, transportName } from '../transport-name.js'
import type { PeerEvent, PeerSummary } from './host.js'

/** The peers that a host counts as its own: connected, and in a private swarm proven to be members. */
export interface PeerRoster {
  /** The open connections to a peer, the best first. */
  connectionsTo(peerId: string): Connection[]
  /** One summary of each peer. */
  summaries(): PeerSummary[]
  /** Calls `listener` whenever a peer comes or goes; returns a function that stops that. */
  onPeer(listener: (event: PeerEvent) => void): () => void
  /** Stops to follow the libp2p node. */
  end(): void
}

/**
 * Follows the connections of a libp2p node.
 *
 * @param admission - resolves when a connection is let in, rejects when it is not; `undefined` where it is in already
 */
export function createPeerRoster(
  libp2p: Libp2p,
  admission: (connection: Connection) => Promise<void> | undefined,
): PeerRoster {
  const byPeer = new Map<string, Set<Connection>>()
  const listeners = new Set<(event: PeerEvent) => void>()

  const tell = (type: PeerEvent['type'], peerId: string): void => {
    for (const listener of [...listeners]) listener({ type, peerId })
  }

  const add = (connection: Connection): void => {
    const peerId = connection.remotePeer.toString()
    const known = byPeer.get(peerId)
    if (known !== undefined) {
      known.add(connection)
      return
    }
    byPeer.set(peerId, new Set([connection]))
    tell('connect', peerId)
  }

  const remove = (connection: Connection): void => {
    const peerId = connection.remotePeer.toString()
    const known = byPeer.get(peerId)
    if (known?.delete(connection) !== true || known.size > 0) return
    byPeer.delete(peerId)
    tell('disconnect', peerId)
  }

  const follow = (connection: Connection): void => {
    const admitted = admission(connection)
    if (admitted === undefined) add(connection)
    else {
      const onAdmitted = (): void => {
        if (connection.status === 'open') add(connection)
      }
      admitted.then(onAdmitted, () => connection.log('never let in'))
    }
  }

  const onOpen = ({ detail }: CustomEvent<Connection>): void => follow(detail)
  const onClose = ({ detail }: CustomEvent<Connection>): void => remove(detail)
  for (const connection of libp2p.getConnections()) follow(connection)
  libp2p.addEventListener('connection:open', onOpen)
  libp2p.addEventListener('connection:close', onClose)

  const connectionsTo = (peerId: string): Connection[] => byPreference([...(byPeer.get(peerId) ?? [])])

  return {
    connectionsTo,
    summaries: () => [...byPeer.keys()].flatMap(peerId => summarize(peerId, connectionsTo(peerId))),
    onPeer(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    end() {
      libp2p.removeEventListener('connection:open', onOpen)
      libp2p.removeEventListener('connection:close', onClose)
    },
  }
}

function summarize(peerId: string, connections: readonly Connection[]): PeerSummary[] {
  const best = connections[0]
  if (best === undefined) return []
  const rttMs = connections.find(connection => connection.rtt !== undefined)?.rtt
  const transport = transportName(best.remoteAddr)
  return [
    {
      peerId,
      addresses: connections.map(connection => connection.remoteAddr.toString()),
      ...(rttMs === undefined ? {} : { rttMs }),
      transport,
      relayed: transport === 'relay',
    },
  ]
}
