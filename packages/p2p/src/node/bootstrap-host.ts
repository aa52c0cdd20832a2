import { circuitRelayServer } from '@libp2p/circuit-relay-v2'
import type { Libp2p } from '@libp2p/interface'
import { errorCode } from '@neurovoyance/protocol'
import { P2pError } from '../errors.js'
import type { Host } from '../host/host.js'
import { type PeerHostInit, type PeerHostSettings, readInit } from './init.js'
import { startHost } from './peer-host.js'
import { portTaken } from './port-taken.js'
import { createStunServer, type StunServer } from './stun-server.js'

/** What a bootstrap host is made from. */
export type BootstrapHostInit = Omit<PeerHostInit, 'profile'>

/**
 * Starts a host that others join the network by: it introduces peers to each other, relays for those that cannot
 * be dialled, answers STUN on the UDP ports of the same numbers as its TCP and WebSocket ports, and serves the
 * DHT. The network goes on without it once peers know each other.
 *
 * @throws P2pError as `createPeerHost` does
 */
export async function createBootstrapHost(init: BootstrapHostInit = {}): Promise<Host> {
  // it is dialled, and dials nobody over a relay
  const settings = readInit({ ...init, nat: { ...init.nat, relay: false, webrtc: false } })
  assertStunPortsFree(settings.listen)
  const { limits } = settings
  let stun: StunServer[] = []
  return startHost(settings, {
    services: {
      relay: circuitRelayServer({
        maxInboundHopStreams: limits.streamsPerConnection,
        maxOutboundStopStreams: limits.streamsPerConnection,
        reservations: {
          maxReservations: limits.relayReservations,
          defaultDataLimit: BigInt(limits.relayedBytes),
          defaultDurationLimit: limits.relayedMs,
        },
      }),
    },
    async afterStart(libp2p) {
      stun = await startStun(libp2p, settings)
    },
    async beforeStop() {
      await Promise.all(stun.map(server => server.close()))
    },
  })
}

/** The UDP sides of the TCP and WebSocket ports are STUN's. */
function assertStunPortsFree({ tcp, ws, quic, webrtcDirect }: PeerHostSettings['listen']): void {
  for (const port of [quic, webrtcDirect]) {
    if (typeof port === 'number' && port > 0 && (port === tcp || port === ws)) {
      throw new P2pError(
        'P2P_INVALID_INIT',
        `UDP port ${port} is for STUN, as TCP port ${port} is listened on: give QUIC and WebRTC-direct other ports`,
        { details: { port } },
      )
    }
  }
}

async function startStun(libp2p: Libp2p, settings: PeerHostSettings): Promise<StunServer[]> {
  const { listen, limits, clock, logger } = settings
  const servers: StunServer[] = []
  for (const port of tcpPorts(libp2p)) {
    try {
      servers.push(await createStunServer({ host: listen.host, port, limits, clock }))
    } catch (error) {
      if (errorCode(error) !== 'EADDRINUSE') throw error
      // a port that was asked for by number is a promise to others; one that was found by chance is not
      if (port === listen.tcp || port === listen.ws) {
        await Promise.all(servers.map(server => server.close()))
        throw portTaken(port, error)
      }
      logger.warn({ port }, 'no STUN on this port: its UDP side is taken')
    }
  }
  return servers
}

function tcpPorts(libp2p: Libp2p): Set<number> {
  const ports = new Set<number>()
  for (const address of libp2p.getMultiaddrs()) {
    const [, port] = address.getComponents()
    if (port?.name === 'tcp' && port.value !== undefined) ports.add(Number(port.value))
  }
  return ports
}
