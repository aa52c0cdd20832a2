import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { bootstrap } from '@libp2p/bootstrap'
import { generateKeyPair } from '@libp2p/crypto/keys'
import { identify, identifyPush } from '@libp2p/identify'
import { kadDHT, passthroughMapper } from '@libp2p/kad-dht'
import { ping } from '@libp2p/ping'
import { tcp } from '@libp2p/tcp'
import { webSockets } from '@libp2p/websockets'
import { createLibp2p } from 'libp2p'
import { gossipService } from '../gossip/gossip.js'
import { createHost } from '../host/create-host.js'
import type { Host } from '../host/host.js'
import { createSigner, hostVerifier } from '../host/signer.js'
import { loadIdentity } from './identity.js'
import type { ListenInit, PeerHostInit } from './init.js'

/** Joins the network as a node or a client. */
export async function createPeerHost(init: PeerHostInit = {}): Promise<Host> {
  const privateKey =
    init.home === undefined ? await generateKeyPair('Ed25519') : await loadIdentity(init.home)
  const client = init.profile === 'client'
  const list = [...(init.bootstrap ?? [])]
  const libp2p = await createLibp2p({
    privateKey,
    addresses: { listen: client ? [] : listenAddresses(init.listen) },
    transports: [tcp(), webSockets()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: { denyDialMultiaddr: () => false },
    connectionManager: { inboundConnectionThreshold: 100, maxIncomingPendingConnections: 100 },
    peerDiscovery: list.length > 0 ? [bootstrap({ list, timeout: 0 })] : [],
    services: {
      identify: identify(),
      identifyPush: identifyPush(),
      ping: ping(),
      gossip: gossipService(),
      dht: kadDHT({
        protocol: '/neurovoyance/kad/1.0.0',
        clientMode: client,
        peerInfoMapper: passthroughMapper,
      }),
    },
  })
  if (!client) await libp2p.services.dht.setMode('server')
  libp2p.addEventListener('peer:discovery', ({ detail }) => {
    libp2p.dial(detail.id).catch(() => {})
  })
  return createHost({ libp2p, signer: createSigner(privateKey), verifier: hostVerifier })
}

/** A node that others find first. */
export function createBootstrapHost(init: PeerHostInit = {}): Promise<Host> {
  return createPeerHost(init)
}

function listenAddresses(listen: ListenInit = {}): string[] {
  const host = listen.host ?? '0.0.0.0'
  const at = `/${host.includes(':') ? 'ip6' : 'ip4'}/${host}`
  const addresses: string[] = []
  if (listen.tcp !== false) addresses.push(`${at}/tcp/${listen.tcp ?? 0}`)
  if (listen.ws !== false) addresses.push(`${at}/tcp/${listen.ws ?? 0}/ws`)
  return addresses
}
