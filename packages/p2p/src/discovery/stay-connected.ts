import type { Connection, IdentifyResult, Libp2p, PeerId, PeerInfo } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { CODE_P2P, type Multiaddr, multiaddr } from '@multiformats/multiaddr'
import type { Clock, Logger, Random } from '@neurovoyance/protocol'
import { byPreference } from '../transport-name.js'
import type { AddressBook } from './address-book.js'
import type { PeerExchange } from './peer-exchange.js'
import { createRedialSchedule } from './redial.js'
import { shuffle } from './shuffle.js'

/** What keeps a host in the network. */
export interface StayConnectedInit {
  libp2p: Libp2p
  exchange: PeerExchange
  book: AddressBook
  /** Addresses of bootstrap nodes; connections to all of them are kept. */
  bootstrap: readonly Multiaddr[]
  /** Enough peers. */
  targetPeers: number
  /** Whether peers that libp2p discovers by itself, by multicast DNS, are dialled. */
  mdns: boolean
  clock: Clock
  random: Random
  logger: Logger
}

/** Pauses between rounds: short while a host joins, long once it is in. */
const PAUSES_MS = [200, 400, 800, 1_600, 3_200, 6_400]
const LAST_PAUSE_MS = 10_000
/** A host without any peer tries those that it knows at least this often. */
const LAST_PAUSE_ALONE_MS = 8_000
/** A host with no more peers than these is still finding its way in. */
const FEW_PEERS = 2
/** Peers dialled at once in a round. */
const DIALS_PER_ROUND = 16
/** Peers dialled as soon as they are learned of; a host that has these is in, and meets the others at leisure. */
const PEERS_AT_ONCE = 4
/** Learned peers dialled in a round then. */
const LEARNED_PER_ROUND = 2
/** Both ends learn of each other at the same moment; one of them lets the other go first. */
const YIELD_MS = 1_000

/**
 * Joins the network and stays in it, with or without bootstrap nodes: dials them and the peers of the address
 * book, asks connected peers for theirs, and comes back to those that were lost.
 *
 * @returns a function that ends it
 */
export function stayConnected(init: StayConnectedInit): () => void {
  const { libp2p, exchange, book, targetPeers, clock, random, logger } = init
  const ending = new AbortController()
  const schedule = createRedialSchedule()
  const dialling = new Set<string>()
  const bootstrap = byPeer(init.bootstrap)
  let round = 0
  let cancelTimer: () => void = () => {}

  const connected = (peerId: PeerId): boolean => libp2p.getConnections(peerId).length > 0

  const due = (peerId: PeerId): boolean => {
    const alone = libp2p.getPeers().length === 0
    return schedule.due(peerId.toString(), clock.monotonicMs(), alone ? LAST_PAUSE_ALONE_MS : undefined)
  }

  const dial = async (peerId: PeerId, addresses?: Multiaddr[]): Promise<void> => {
    const key = peerId.toString()
    if (ending.signal.aborted || peerId.equals(libp2p.peerId) || connected(peerId)) return
    // one dial that fails is one failure, however many rounds it took
    if (dialling.has(key) || !due(peerId)) return
    dialling.add(key)
    try {
      await libp2p.dial(addresses ?? peerId, { signal: ending.signal })
      schedule.reached(key)
    } catch (error) {
      schedule.failed(key, clock.monotonicMs())
      logger.debug({ peerId: key, error: String(error) }, 'peer not reached')
    } finally {
      dialling.delete(key)
    }
  }

  const dialLearned = async (peerId: PeerId): Promise<void> => {
    if (libp2p.peerId.toString() > peerId.toString()) await pause(clock, YIELD_MS)
    await dial(peerId)
  }

  const ask = async (peerId: PeerId): Promise<void> => {
    const connection = byPreference(libp2p.getConnections(peerId))[0]
    if (connection === undefined) return
    try {
      const learned = await exchange.ask(connection, ending.signal)
      const known = libp2p.getPeers().length
      const wanted = Math.min(targetPeers - known, Math.max(LEARNED_PER_ROUND, PEERS_AT_ONCE - known))
      if (wanted <= 0) return
      await Promise.all(shuffle(learned, random).slice(0, wanted).map(dialLearned))
    } catch (error) {
      logger.debug({ peerId: peerId.toString(), error: String(error) }, 'no peers learned')
    }
  }

  const dialBook = async (): Promise<void> => {
    const wanted = Math.min(DIALS_PER_ROUND, targetPeers - libp2p.getPeers().length)
    if (wanted <= 0) return
    const lost = book
      .entries()
      .map(entry => ({ peerId: peerIdFromString(entry.peerId), addresses: entry.addresses }))
      .filter(({ peerId }) => !connected(peerId) && due(peerId))
    await Promise.all(
      lost.slice(0, wanted).map(({ peerId, addresses }) =>
        dial(
          peerId,
          addresses.map(address => multiaddr(address).encapsulate(`/p2p/${peerId}`)),
        ),
      ),
    )
  }

  const runRound = (): void => {
    for (const { peerId, addresses } of bootstrap) void dial(peerId, addresses)
    void dialBook()
    const [peer] = shuffle(libp2p.getPeers(), random)
    if (peer !== undefined && libp2p.getPeers().length < targetPeers) void ask(peer)
    const pauseMs = PAUSES_MS[round++] ?? LAST_PAUSE_MS
    cancelTimer = clock.after(pauseMs * (0.8 + 0.4 * random.float()), runRound)
  }

  // who knows few asks everyone it meets; later one question a round is enough
  const asked = new WeakSet<Connection>()
  const worthAsking = (peerId: PeerId): boolean =>
    libp2p.getPeers().length <= FEW_PEERS || bootstrap.some(known => known.peerId.equals(peerId))

  const onIdentify = ({ detail }: CustomEvent<IdentifyResult>): void => {
    const addresses = detail.listenAddrs.map(String)
    if (addresses.length > 0) book.remember({ peerId: detail.peerId.toString(), addresses })
    // a peer identifies itself again whenever its addresses change
    if (asked.has(detail.connection) || !worthAsking(detail.peerId)) return
    asked.add(detail.connection)
    void ask(detail.peerId)
  }

  const onDisconnect = (): void => {
    // someone left: look around sooner than in a quiet network
    round = Math.min(round, 2)
  }

  // libp2p only notes whom it discovers, the first ones before it has started
  const dialDiscovered = (peerId: PeerId): void => {
    if (libp2p.getPeers().length < targetPeers) void dialLearned(peerId)
  }
  const onDiscovery = ({ detail }: CustomEvent<PeerInfo>): void => dialDiscovered(detail.id)
  const dialNoted = async (): Promise<void> => {
    for (const { id } of await libp2p.peerStore.all()) dialDiscovered(id)
  }

  if (init.mdns) {
    libp2p.addEventListener('peer:discovery', onDiscovery)
    dialNoted().catch(error => logger.debug({ error: String(error) }, 'discovered peers not read'))
  }
  libp2p.addEventListener('peer:identify', onIdentify)
  libp2p.addEventListener('peer:disconnect', onDisconnect)
  runRound()

  return () => {
    cancelTimer()
    ending.abort()
    libp2p.removeEventListener('peer:discovery', onDiscovery)
    libp2p.removeEventListener('peer:identify', onIdentify)
    libp2p.removeEventListener('peer:disconnect', onDisconnect)
  }
}

/** Bootstrap addresses put together by peer. */
function byPeer(addresses: readonly Multiaddr[]): Array<{ peerId: PeerId; addresses: Multiaddr[] }> {
  const peers = new Map<string, Multiaddr[]>()
  for (const address of addresses) {
    const id = address.getComponents().findLast(component => component.code === CODE_P2P)?.value
    if (id === undefined) continue
    peers.set(id, [...(peers.get(id) ?? []), address])
  }
  return [...peers].map(([id, own]) => ({ peerId: peerIdFromString(id), addresses: own }))
}

function pause(clock: Clock, ms: number): Promise<void> {
  return new Promise(resolve => clock.after(ms, resolve))
}
