import type { GossipSub } from '@libp2p/gossipsub'
import type { Identify } from '@libp2p/identify'
import type { Connection, Libp2p, ServiceMap } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import type { Clock, Signer, Verifier } from '@neurovoyance/protocol'
import { P2pError } from '../errors.js'
import type { GossipGuard } from '../gossip/gossip.js'
import { createGossip } from '../gossip/gossip.js'
import { createRpc, type RpcLimits } from '../rpc/index.js'
import type { Host } from './host.js'
import { keepIdentified } from './keep-identified.js'
import { createPeerRoster } from './peer-roster.js'
import { watchConnections } from './watch-connections.js'

/** The services that every host runs. */
export type HostServices = ServiceMap & { gossip: GossipSub; identify: Identify }

/** What the platform's factory brings to a host. */
export interface HostParts {
  libp2p: Libp2p<HostServices>
  signer: Signer
  verifier: Verifier
  gossipGuard: GossipGuard
  rpcLimits: Partial<RpcLimits>
  clock: Clock
  /** When a connection is let in; `undefined`, as its answers, where all are at once. */
  admission?: ((connection: Connection) => Promise<void> | undefined) | undefined
  /** Runs once, before the libp2p node stops. */
  beforeStop(): void | Promise<void>
  /** Runs once, after the libp2p node has stopped. */
  afterStop?: () => Promise<void>
}

/** The host around a started libp2p node. */
export function createHost(parts: HostParts): Host {
  const { libp2p, signer, verifier, clock, gossipGuard, rpcLimits } = parts
  const rpc = createRpc({ libp2p, clock, logger: gossipGuard.logger, limits: rpcLimits })
  const roster = createPeerRoster(libp2p, parts.admission ?? (() => undefined))
  const ends = [
    watchConnections(libp2p, clock),
    keepIdentified(libp2p, connection => libp2p.services.identify.identify(connection)),
  ]
  let closing: Promise<void> | undefined

  const close = async (): Promise<void> => {
    for (const end of ends) end()
    rpc.close()
    await parts.beforeStop()
    await libp2p.stop()
    roster.end()
    await parts.afterStop?.()
  }

  return {
    peerId: libp2p.peerId.toString(),
    libp2p,
    signer,
    verifier,
    rpc,
    gossip: createGossip(libp2p, gossipGuard),
    addresses: () => libp2p.getMultiaddrs().map(String),
    peers: roster.summaries,
    async connect(target, options = {}) {
      try {
        const connection = await libp2p.dial(
          target.startsWith('/') ? multiaddr(target) : peerIdFromString(target),
          options,
        )
        return connection.remotePeer.toString()
      } catch (cause) {
        throw new P2pError('P2P_PEER_UNREACHABLE', `cannot connect to ${target}: ${reason(cause)}`, {
          details: { target },
          cause,
        })
      }
    },
    async disconnect(peerId) {
      await libp2p.hangUp(peerIdFromString(peerId))
    },
    rttMs: peerId => roster.connectionsTo(peerId).find(known => known.rtt !== undefined)?.rtt,
    onPeer: roster.onPeer,
    close() {
      closing ??= close()
      return closing
    },
  }
}

function reason(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(reason).join('; ')
  return error instanceof Error ? error.message : String(error)
}
