import { isIP } from 'node:net'
import { isLoopback } from '@libp2p/utils'
import { CODE_P2P, type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import {
  type Clock,
  type Logger,
  type Random,
  silentLogger,
  systemClock,
  systemRandom,
} from '@neurovoyance/protocol'
import { z } from 'zod'
import { P2pError } from '../errors.js'
import { defaultHostLimits, type HostLimits } from '../limits/host-limits.js'
import { defaultRpcLimits, type RpcLimits } from '../rpc/index.js'

/** Where a host listens. A port of 0 takes any free one; `false` leaves the transport out. */
export interface ListenInit {
  /** IP address of the interface to listen on. Default `0.0.0.0`: every IPv4 interface. */
  host?: string
  /** TCP port, the first choice for payloads. Default 0. */
  tcp?: number | false
  /** WebSocket port (TCP), for browsers. Default 0. */
  ws?: number | false
  /** QUIC port (UDP). Default `false`. */
  quic?: number | false
  /** WebRTC-direct port (UDP), for browsers on pages served over HTTPS. Default `false`. */
  webrtcDirect?: number | false
  /** Further addresses to announce, such as a DNS name or a forwarded port. Default none. */
  announce?: readonly string[]
}

/** How a host gets through NATs. Everything is off where it only listens on loopback. */
export interface NatInit {
  /** Keep reservations on relays, and be reachable over them. Default `true`. */
  relay?: boolean
  /** Replace relayed connections by direct WebRTC ones. Default `true`. */
  webrtc?: boolean
  /** Find out by asking others which addresses can be dialled from outside. Default `true`. */
  autonat?: boolean
  /** Ask the router to forward ports. Default `false`. */
  upnp?: boolean
  /** Further `stun:` URLs; bootstrap nodes answer STUN by themselves. Default none. */
  stun?: readonly string[]
}

/** What a host on Node is made from. */
export interface PeerHostInit {
  /** Folder of the identity key and the address book; left out, both live in memory only. */
  home?: string
  listen?: ListenInit
  nat?: NatInit
  /** Addresses of bootstrap nodes, each ending in `/p2p/<peerId>`. Default none. */
  bootstrap?: readonly string[]
  /** `client` neither listens nor serves the DHT. Default `node`. */
  profile?: 'node' | 'client'
  /** The pre-shared key of a private swarm: 64 hexadecimal digits, or a libp2p key file's text. */
  swarmKey?: string
  /** Find peers on the local network by multicast DNS. Default `false`. */
  mdns?: boolean
  /** What peers may cost this host; see `defaultHostLimits`. */
  limits?: Partial<HostLimits>
  /** Limits of remote procedures; see `defaultRpcLimits`. */
  rpc?: Partial<RpcLimits>
  logger?: Logger
  clock?: Clock
  random?: Random
}

/** A checked init with every default in its place. */
export interface PeerHostSettings {
  home: string | undefined
  listen: Required<ListenInit>
  nat: Required<NatInit>
  bootstrap: readonly Multiaddr[]
  client: boolean
  /** Whether nobody outside this machine can reach the host. */
  loopback: boolean
  swarmKey: string | undefined
  mdns: boolean
  limits: HostLimits
  rpc: Partial<RpcLimits>
  logger: Logger
  clock: Clock
  random: Random
}

const port = z.union([z.int().min(0).max(65_535), z.literal(false)])
const peerAddress = z.string().refine(endsInPeerId, 'must be a multiaddr that ends in /p2p/<peerId>')
const anyAddress = z.string().refine(isMultiaddr, 'must be a multiaddr')

/** Any part of a set of limits, none of them zero or less. */
function limitsLike<Limits extends object>(limits: Limits) {
  const names = z.enum(Object.keys(limits) as [keyof Limits & string])
  return z.partialRecord(names, z.number().positive()).default({})
}

const schema = z.strictObject({
  home: z.string().min(1).optional(),
  listen: z
    .strictObject({
      host: z
        .string()
        .refine(host => isIP(host) !== 0, 'must be an IP address')
        .default('0.0.0.0'),
      tcp: port.default(0),
      ws: port.default(0),
      quic: port.default(false),
      webrtcDirect: port.default(false),
      announce: z.array(anyAddress).max(32).default([]),
    })
    .prefault({}),
  nat: z
    .strictObject({
      relay: z.boolean().default(true),
      webrtc: z.boolean().default(true),
      autonat: z.boolean().default(true),
      upnp: z.boolean().default(false),
      stun: z.array(z.string().startsWith('stun:')).max(16).default([]),
    })
    .prefault({}),
  bootstrap: z.array(peerAddress).max(256).default([]),
  profile: z.enum(['node', 'client']).default('node'),
  swarmKey: z.string().optional(),
  mdns: z.boolean().default(false),
  limits: limitsLike(defaultHostLimits),
  rpc: limitsLike(defaultRpcLimits),
})

/**
 * Checks an init and fills in the defaults.
 *
 * @throws P2pError `P2P_INVALID_INIT`, naming the fields
 */
export function readInit(init: PeerHostInit): PeerHostSettings {
  const { logger = silentLogger, clock = systemClock, random = systemRandom, ...plain } = init
  const result = schema.safeParse(plain)
  if (!result.success) {
    throw new P2pError(
      'P2P_INVALID_INIT',
      `the host's init is not valid:\n${z.prettifyError(result.error)}`,
      {
        details: {
          issues: result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
        },
      },
    )
  }
  const { profile, bootstrap, limits, home, swarmKey, ...rest } = result.data
  const known = bootstrap.map(address => multiaddr(address))
  return Object.freeze({
    ...rest,
    home,
    swarmKey,
    client: profile === 'client',
    loopback: profile === 'client' ? onlyLoopback(known) : isLoopbackHost(rest.listen.host),
    bootstrap: known,
    limits: Object.freeze({ ...defaultHostLimits, ...limits }),
    logger,
    clock,
    random,
  })
}

/** A client whose whole network is on this machine has no NAT to get through. */
function onlyLoopback(bootstrap: readonly Multiaddr[]): boolean {
  return bootstrap.length > 0 && bootstrap.every(isLoopback)
}

function isLoopbackHost(host: string): boolean {
  return host === '::1' || host.startsWith('127.')
}

function isMultiaddr(text: string): boolean {
  try {
    multiaddr(text)
    return true
  } catch {
    return false
  }
}

function endsInPeerId(text: string): boolean {
  return isMultiaddr(text) && multiaddr(text).getComponents().at(-1)?.code === CODE_P2P
}
