import { generateKeyPair } from '@libp2p/crypto/keys'
import { createLibp2p } from 'libp2p'
import { createMemoryAddressBook } from '../discovery/address-book.js'
import { createHost } from '../host/create-host.js'
import type { Host } from '../host/host.js'
import { hostServices, hostSettings } from '../host/host-settings.js'
import { joinNetwork } from '../host/join-network.js'
import { createHostSigner, hostVerifier } from '../host/signer.js'
import { createPeerGuard } from '../limits/peer-guard.js'
import { privateSwarm } from '../swarm/private-swarm.js'
import { dhtService } from './dht.js'
import { openAddressBook } from './file-address-book.js'
import { loadIdentity } from './identity.js'
import { type PeerHostInit, type PeerHostSettings, readInit } from './init.js'
import { nodeNoise } from './noise.js'
import { type ExtraServices, mdnsDiscovery, natServices } from './optional-parts.js'
import { onOwnNetwork } from './own-networks.js'
import { startError } from './port-taken.js'
import { listenAddresses, transports, usesWebrtc } from './transports.js'

/**
 * Joins the network as a node or a client: resolves when the host listens, and goes on to connect.
 *
 * @throws P2pError `P2P_INVALID_INIT`, `P2P_PORT_TAKEN`, `P2P_IDENTITY_…`, `P2P_SWARM_KEY_MALFORMED`
 */
export async function createPeerHost(init: PeerHostInit = {}): Promise<Host> {
  return startHost(readInit(init), {})
}

/** Starts a host that offers `extra` services to others. */
export async function startHost(settings: PeerHostSettings, extra: ExtraServices): Promise<Host> {
  const { home, listen, limits, logger, clock } = settings
  const privateKey = home === undefined ? await generateKeyPair('Ed25519') : await loadIdentity(home)
  const book = home === undefined ? createMemoryAddressBook() : await openAddressBook({ home, clock, logger })
  const swarm = await privateSwarm(settings)
  const guard = createPeerGuard({ limits, clock, logger, admit: swarm?.membership.admit })

  const libp2p = await createLibp2p({
    ...hostSettings({ privateKey, noise: nodeNoise(), limits, guard, near: onOwnNetwork }),
    start: false,
    addresses: { listen: await listenAddresses(settings), appendAnnounce: [...listen.announce] },
    transports: await transports(settings),
    peerDiscovery: await mdnsDiscovery(settings),
    ...(swarm === undefined ? {} : { connectionProtector: swarm.connectionProtector }),
    services: {
      ...hostServices(guard, clock),
      dht: dhtService(settings),
      ...(await natServices(settings)),
      ...extra.services,
    },
  })

  let leave: () => void
  try {
    leave = await joinNetwork({
      ...settings,
      libp2p,
      membership: swarm?.membership,
      book,
      targetPeers: limits.targetPeers,
      webrtc: usesWebrtc(settings),
    })
    await extra.afterStart?.(libp2p)
  } catch (error) {
    await libp2p.stop()
    throw startError(error)
  }

  return createHost({
    libp2p,
    signer: createHostSigner(privateKey),
    verifier: hostVerifier,
    gossipGuard: { admit: guard.admitGossip, logger },
    rpcLimits: settings.rpc,
    clock,
    admission: swarm?.membership.admission,
    async beforeStop() {
      leave()
      await extra.beforeStop?.()
    },
    afterStop: book.flush,
  })
}
