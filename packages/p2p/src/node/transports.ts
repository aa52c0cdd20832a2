import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { tcp } from '@libp2p/tcp'
import { webSockets } from '@libp2p/websockets'
import type { Libp2pOptions } from 'libp2p'
import { iceServers } from '../nat/ice-servers.js'
import { freeUdpPort } from './free-udp-port.js'
import type { PeerHostSettings } from './init.js'

type Transports = NonNullable<Libp2pOptions['transports']>

/** Pings find the connections that are dead; a socket's own timeout is set anew with every read and write. */
const NO_SOCKET_TIMEOUT = { inboundSocketInactivityTimeout: 0, outboundSocketInactivityTimeout: 0 }

/** How many relays a host that may be behind a NAT keeps a reservation on. */
const RELAYS = 2

/** The transports of a host. The heavy ones (native code) are only loaded where they are used. */
export async function transports(settings: PeerHostSettings): Promise<Transports> {
  const { listen, nat, loopback } = settings
  const chosen: Transports = [tcp(NO_SOCKET_TIMEOUT), webSockets()]
  if (!loopback) chosen.push(circuitRelayTransport({ reservationConcurrency: RELAYS }))
  if (listen.quic !== false) {
    const { quic } = await import('@chainsafe/libp2p-quic')
    chosen.push(quic())
  }
  if (usesWebrtc(settings)) {
    const { webRTC, webRTCDirect } = await import('@libp2p/webrtc')
    const rtcConfiguration = () => ({ iceServers: iceServers(settings.bootstrap, nat.stun) })
    if (!loopback) chosen.push(webRTC({ rtcConfiguration }))
    chosen.push(webRTCDirect({ rtcConfiguration }))
  }
  return chosen
}

/** Whether the host loads WebRTC: to listen for browsers, or to get through NATs. */
export function usesWebrtc({ listen, nat, loopback }: PeerHostSettings): boolean {
  return listen.webrtcDirect !== false || (nat.webrtc && !loopback)
}

/** The multiaddrs that a host listens on. */
export async function listenAddresses(settings: PeerHostSettings): Promise<string[]> {
  const { client, loopback, nat } = settings
  const addresses = client ? [] : await socketAddresses(settings)
  if (!loopback && nat.relay && !client) {
    for (let relay = 0; relay < RELAYS; relay++) addresses.push('/p2p-circuit')
    if (usesWebrtc(settings)) addresses.push('/webrtc')
  }
  return addresses
}

async function socketAddresses({ listen }: PeerHostSettings): Promise<string[]> {
  const at = `/${listen.host.includes(':') ? 'ip6' : 'ip4'}/${listen.host}`
  const addresses: string[] = []
  if (listen.tcp !== false) addresses.push(`${at}/tcp/${listen.tcp}`)
  if (listen.ws !== false) addresses.push(`${at}/tcp/${listen.ws}/ws`)
  if (listen.quic !== false) addresses.push(`${at}/udp/${listen.quic}/quic-v1`)
  if (listen.webrtcDirect !== false) {
    const port = listen.webrtcDirect === 0 ? await freeUdpPort(listen.host) : listen.webrtcDirect
    addresses.push(`${at}/udp/${port}/webrtc-direct`)
  }
  return addresses
}
