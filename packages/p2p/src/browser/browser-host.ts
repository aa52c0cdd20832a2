import { noise } from '@chainsafe/libp2p-noise'
import { circuitRelayTransport } from '@libp2p/circuit-relay-v2'
import { generateKeyPair, privateKeyFromProtobuf } from '@libp2p/crypto/keys'
import { webRTC, webRTCDirect } from '@libp2p/webrtc'
import { webSockets } from '@libp2p/websockets'
import { type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import {
  type Clock,
  type Logger,
  type Random,
  silentLogger,
  systemClock,
  systemRandom,
} from '@neurovoyance/protocol'
import { createLibp2p } from 'libp2p'
import { createMemoryAddressBook } from '../discovery/address-book.js'
import { P2pError } from '../errors.js'
import { createHost } from '../host/create-host.js'
import type { Host } from '../host/host.js'
import { hostServices, hostSettings } from '../host/host-settings.js'
import { joinNetwork } from '../host/join-network.js'
import { createHostSigner, hostVerifier } from '../host/signer.js'
import { defaultHostLimits, type HostLimits } from '../limits/host-limits.js'
import { createPeerGuard } from '../limits/peer-guard.js'
import { iceServers } from '../nat/ice-servers.js'
import type { RpcLimits } from '../rpc/index.js'
import { privateSwarm } from '../swarm/private-swarm.js'

/** What a host in a browser tab is made from. */
export interface BrowserHostInit {
  /** Addresses of bootstrap nodes, each ending in `/p2p/<peerId>`. Default none. */
  bootstrap?: readonly string[]
  /** An identity to keep: libp2p's protobuf of an Ed25519 private key. Default: a new one for this tab. */
  identity?: Uint8Array
  /** The pre-shared key of a private swarm: 64 hexadecimal digits, or a libp2p key file's text. */
  swarmKey?: string
  /** Further `stun:` URLs; bootstrap nodes answer STUN by themselves. Default none. */
  stun?: readonly string[]
  /** What peers may cost this host; see `defaultHostLimits`. */
  limits?: Partial<HostLimits>
  /** Limits of remote procedures; see `defaultRpcLimits`. */
  rpc?: Partial<RpcLimits>
  logger?: Logger
  clock?: Clock
  random?: Random
}

/**
 * Joins the network from a browser tab, as a client: it dials nodes by WebSocket and WebRTC-direct, and by WebRTC
 * over a relay those that have no address a browser can dial.
 *
 * @throws P2pError `P2P_INVALID_INIT`, `P2P_IDENTITY_MALFORMED`, `P2P_SWARM_KEY_MALFORMED`
 */
export async function createBrowserHost(init: BrowserHostInit = {}): Promise<Host> {
  const { logger = silentLogger, clock = systemClock, random = systemRandom, stun = [] } = init
  const limits = Object.freeze({ ...defaultHostLimits, ...init.limits })
  const bootstrap = (init.bootstrap ?? []).map(bootstrapAddress)
  const privateKey = await readIdentity(init.identity)
  const swarm = await privateSwarm({ swarmKey: init.swarmKey, random, logger })
  const guard = createPeerGuard({ limits, clock, logger, admit: swarm?.membership.admit })
  const rtcConfiguration = () => ({ iceServers: iceServers(bootstrap, stun) })

  const libp2p = await createLibp2p({
    // a page cannot see its networks
    ...hostSettings({ privateKey, noise: noise(), limits, guard, near: () => false }),
    start: false,
    transports: [
      webSockets(),
      circuitRelayTransport(),
      webRTC({ rtcConfiguration }),
      webRTCDirect({ rtcConfiguration }),
    ],
    ...(swarm === undefined ? {} : { connectionProtector: swarm.connectionProtector }),
    services: hostServices(guard, clock),
  })
  const leave = await joinNetwork({
    libp2p,
    membership: swarm?.membership,
    book: createMemoryAddressBook(),
    bootstrap,
    targetPeers: limits.targetPeers,
    mdns: false,
    webrtc: true,
    clock,
    random,
    logger,
  })
  return createHost({
    libp2p,
    signer: createHostSigner(privateKey),
    verifier: hostVerifier,
    gossipGuard: { admit: guard.admitGossip, logger },
    rpcLimits: init.rpc ?? {},
    clock,
    admission: swarm?.membership.admission,
    beforeStop: leave,
  })
}

async function readIdentity(bytes: Uint8Array | undefined) {
  if (bytes === undefined) return await generateKeyPair('Ed25519')
  try {
    const key = privateKeyFromProtobuf(bytes)
    if (key.type === 'Ed25519') return key
  } catch (cause) {
    throw new P2pError('P2P_IDENTITY_MALFORMED', 'identity is not a private key in protobuf', { cause })
  }
  throw new P2pError('P2P_IDENTITY_MALFORMED', 'identity is not an Ed25519 private key')
}

function bootstrapAddress(text: string): Multiaddr {
  try {
    const address = multiaddr(text)
    if (address.getComponents().at(-1)?.name === 'p2p') return address
  } catch (cause) {
    throw new P2pError('P2P_INVALID_INIT', `bootstrap: ${text} is not a multiaddr`, { cause })
  }
  throw new P2pError('P2P_INVALID_INIT', `bootstrap: ${text} must end in /p2p/<peerId>`)
}
