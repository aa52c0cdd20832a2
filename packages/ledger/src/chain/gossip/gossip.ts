/**
 * How nodes of a chain tell each other of votes, blocks and transactions.
 *
 * A node opens one stream to each peer, says which chain it speaks of, and then whatever the peer may lack. What
 * is said may be lost: it waits in a bounded box for each peer, streams break, and who says what cannot be is not
 * heard for a while. Summaries make up for it: now and then, and whenever a height does not go on, a node says
 * what it has, and is told what it lacks.
 */
import {
  type ChainGossip,
  type ChainGossipEnd,
  type Clock,
  type Logger,
  type Random,
  type Message as RpcMessage,
  silentLogger,
} from '@neurovoyance/protocol'
import type { Message } from '../../consensus/core/message.js'
import type { Verify } from '../../core/crypto/zip215.js'
import { ledgerError } from '../../errors.js'
import type { ChainCaller, ChainHandlers, ChainNetwork } from '../network.js'
import { ConsensusTalk } from './consensus-talk.js'
import { hearFrom } from './hear.js'
import { newPeer, type Peer } from './peer.js'
import { Penalties } from './penalties.js'
import type { ChainPeers, GossipDriver, GossipPool, NodeHead } from './ports.js'
import { DEFAULT_GOSSIP_SETTINGS, type GossipSettings } from './settings.js'
import { speakTo } from './speak.js'
import { TransactionTalk } from './transaction-talk.js'

/** What gossip is made from. */
export interface GossipInit {
  chainId: string
  /** SHA-256 of the genesis: peers with another one are let alone. */
  genesisHash: Uint8Array
  network: ChainNetwork
  /** Consensus; nothing while the node catches up. */
  driver(): GossipDriver | undefined
  pool: GossipPool
  head(): NodeHead
  /** Tells after each block that was applied. Returns what stops that. */
  onApplied(listener: () => void): () => void
  /** ZIP-215, by the platform's verifier where that accepts. */
  verify: Verify
  clock: Clock
  random: Random
  /** Silent when left out. */
  logger?: Logger
  settings?: Partial<GossipSettings>
}

/** A node's share of the talk about a chain. */
export interface Gossip {
  /** Tells every peer: what `startDriver` is given. */
  broadcast(message: Message): void
  /** Tells every peer of a transaction that was submitted here. */
  announce(id: Uint8Array, bytes: Uint8Array): void
  /** Hears a peer: the handler of `ChainService.Gossip`. */
  readonly receive: ChainHandlers['Gossip']
  /** What is known of others. */
  readonly peers: ChainPeers
  /** Ends every stream and timer. */
  stop(): Promise<void>
}

/** Own transactions that wait are said again after so many looks at the height. */
const REPEATED_EVERY = 20

/** Begins to speak with every peer that has the chain. */
export function startGossip(init: GossipInit): Gossip {
  const { network, clock, logger = silentLogger, head } = init
  const settings: GossipSettings = { ...DEFAULT_GOSSIP_SETTINGS, ...init.settings }
  const peers = new Map<string, Peer>()
  const talks = new Map<string, { ending: AbortController; ended: Promise<void> }>()
  const hearings = new Set<Promise<void>>()
  const headListeners = new Set<(peerId: string) => void>()
  const penalties = new Penalties(clock, settings)
  const stopping = new AbortController()
  const shared = { peers, penalise, clock, settings }
  const transactions = new TransactionTalk({ ...shared, pool: init.pool })
  const consensus = new ConsensusTalk({ ...shared, ...pick(init) })

  function penalise(peerId: string, reason: string): void {
    if (penalties.add(peerId)) logger.warn({ peer: peerId, reason }, 'a peer is left alone for a while')
    const peer = peers.get(peerId)
    transactions.forget(peerId)
    peer?.hangUpIncoming?.abort()
    peer?.hangUpOutgoing?.abort()
  }

  const peerOf = (peerId: string): Peer => {
    const known = peers.get(peerId) ?? newPeer(peerId)
    peers.set(peerId, known)
    return known
  }

  function connect(peerId: string): void {
    if (stopping.signal.aborted || talks.has(peerId)) return
    const ending = new AbortController()
    const peer = peerOf(peerId)
    const speaking = { ...init, settings, logger, penalties, greet }
    const ended = Promise.resolve().then(() => speakTo(peer, ending.signal, speaking))
    talks.set(peerId, { ending, ended })
  }

  function disconnect(peerId: string): void {
    talks.get(peerId)?.ending.abort()
    talks.delete(peerId)
    peers.get(peerId)?.hangUpIncoming?.abort()
    peers.delete(peerId)
    transactions.forget(peerId)
    tellOfHead(peerId)
  }

  function greet(peer: Peer): void {
    peer.outbox?.head(head())
    peer.outbox?.sources(sources())
    consensus.greet(peer)
    transactions.greet(peer)
  }

  const sources = (): string[] =>
    [...peers.values()].filter(({ hangUpIncoming }) => hangUpIncoming !== undefined).map(({ id }) => id)

  function onHeard({ id }: Peer): void {
    const heard = sources()
    for (const { outbox } of peers.values()) outbox?.sources(heard)
    tellOfHead(id)
  }

  function tellOfHead(peerId: string): void {
    for (const listener of headListeners) listener(peerId)
  }

  /** Exactly one thing is said at once; what a later version says besides is passed over. */
  function take(peer: Peer, { hello, message, summary, ...rest }: ChainGossip): void {
    const said = [hello, message, summary, rest.transactions, rest.head, rest.sources]
    const count = said.filter(thing => thing !== undefined).length
    if (hello !== undefined || count > 1)
      throw ledgerError('LEDGER_BAD_CONSENSUS_MESSAGE', `a peer said ${count} things at once, or hello again`)
    if (message !== undefined) consensus.hear(peer, message)
    if (summary !== undefined) consensus.hearSummary(peer, summary)
    if (rest.transactions !== undefined) transactions.hear(peer, rest.transactions.transactions)
    if (rest.sources !== undefined) peer.sources = new Set(rest.sources.peers)
    if (rest.head === undefined) return
    peer.head = rest.head
    tellOfHead(peer.id)
  }

  async function hear(
    messages: Parameters<ChainHandlers['Gossip']>[0],
    { peerId, signal }: ChainCaller,
  ): Promise<void> {
    if (stopping.signal.aborted) return
    if (penalties.remainingMs(peerId) > 0)
      throw ledgerError('LEDGER_FORBIDDEN', 'this node does not hear you for a while')
    if (network.peers().includes(peerId)) connect(peerId)
    const until = AbortSignal.any([signal, stopping.signal])
    const isSpent = (peer: Peer): boolean => transactions.isSpent(peer)
    const hearing = { ...init, settings, take, penalise, onHeard, isSpent }
    await hearFrom(peers.get(peerId) ?? newPeer(peerId), messages, until, hearing)
  }

  /** The answer is the end alone, when all is heard. */
  const receive: ChainHandlers['Gossip'] = (messages, caller) => ({
    [Symbol.asyncIterator]: () => ({
      async next(): Promise<IteratorResult<RpcMessage<ChainGossipEnd>>> {
        const heard = hear(messages, caller)
        hearings.add(heard)
        await heard.finally(() => hearings.delete(heard))
        return { done: true, value: undefined }
      },
    }),
  })

  const stopApplied = init.onApplied(() => {
    const own = head()
    for (const { outbox } of peers.values()) outbox?.head(own)
    consensus.applied()
    transactions.applied()
  })
  const stopPeers = network.onPeer(({ type, peerId }) => {
    if (type === 'connect') connect(peerId)
    else disconnect(peerId)
  })
  for (const peerId of network.peers()) connect(peerId)

  let ticks = 0
  let cancelTick = clock.after(settings.stallMs / 2, tick)
  function tick(): void {
    consensus.tick()
    if (++ticks % REPEATED_EVERY === 0) transactions.repeat()
    cancelTick = clock.after(settings.stallMs / 2, tick)
  }

  return {
    broadcast: message => consensus.broadcast(message),
    announce: (id, bytes) => transactions.announce(id, bytes),
    receive,
    peers: {
      heads() {
        const known = [...peers.values()].filter(peer => peer.head !== undefined)
        return new Map(known.map(peer => [peer.id, peer.head!]))
      },
      onHead(listener) {
        headListeners.add(listener)
        return () => headListeners.delete(listener)
      },
      penalise,
    },
    async stop() {
      stopping.abort()
      cancelTick()
      stopApplied()
      stopPeers()
      transactions.stop()
      for (const { ending } of talks.values()) ending.abort()
      await Promise.allSettled([...[...talks.values()].map(({ ended }) => ended), ...hearings])
    },
  }
}

const pick = ({ chainId, driver, head, verify, random }: GossipInit) => ({
  chainId,
  driver,
  head,
  verify,
  random,
})
