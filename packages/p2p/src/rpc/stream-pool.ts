import type { Connection, Stream } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { P2pError } from '../errors.js'
import { Channel } from './channel.js'
import { bestConnection, type Endpoint } from './endpoint.js'
import { IdleUser } from './idle-user.js'
import type { OutboundCall } from './outbound-call.js'

/** A service as the pool sees it. */
export interface PooledService {
  readonly name: string
  readonly protocolIds: readonly string[]
}

/** What is open to one peer. */
interface PeerShelves {
  readonly peerId: string
  readonly byService: Map<string, Shelf>
  /** Streams that are being opened, for all services. */
  opening: number
}

/** The streams to one peer for one service. */
interface Shelf {
  readonly peer: PeerShelves
  readonly service: PooledService
  readonly idle: Channel[]
  readonly waiting: Set<OutboundCall>
  /** Streams that are open or being opened. */
  open: number
  /** The id that was agreed on last; it is proposed first. */
  agreed: string | undefined
}

/** Where a stream belongs, and who speaks for it between calls. */
interface Kept {
  readonly shelf: Shelf
  readonly idleUser: IdleUser
}

/**
 * Streams that are opened to one peer at once. libp2p drops a connection on which more than ten arrive before it
 * is ready for them, and more do not come sooner.
 */
const OPENING_AT_ONCE = 8

/** Open streams to peers, kept between calls: opening one costs several times what a call on an open one does. */
export class StreamPool {
  readonly #endpoint: Endpoint
  readonly #peers = new Map<string, PeerShelves>()
  readonly #kept = new WeakMap<Channel, Kept>()
  #closed = false

  constructor(endpoint: Endpoint) {
    this.#endpoint = endpoint
    endpoint.libp2p.addEventListener('connection:open', this.#onConnection)
  }

  /** Gives a call its stream: at once where one is idle, else when one is open or free. */
  take(service: PooledService, call: OutboundCall): void {
    const { peerId } = call
    const shelf = this.#shelf(peerId, service)
    for (let channel = shelf.idle.pop(); channel !== undefined; channel = shelf.idle.pop()) {
      if (channel.usable) {
        call.start(channel)
        return
      }
      channel.end()
    }
    if (this.#mayOpen(shelf)) {
      void this.#openFor(shelf, call)
      return
    }
    const { waitingCallsPerPeer } = this.#endpoint.limits
    if (shelf.waiting.size < waitingCallsPerPeer) {
      shelf.waiting.add(call)
      call.whileWaiting(() => shelf.waiting.delete(call))
      return
    }
    call.fail(
      new P2pError(
        'P2P_LIMIT_EXCEEDED',
        `${shelf.waiting.size} calls to ${peerId} already wait for a stream.`,
        {
          details: { limit: 'waitingCallsPerPeer', max: waitingCallsPerPeer, peerId, retry: true },
        },
      ),
    )
  }

  /** Takes back the stream of a call that ended cleanly. */
  readonly giveBack = (channel: Channel): void => {
    const kept = this.#kept.get(channel)
    if (kept === undefined || !channel.usable || channel.midFrame || this.#closed) {
      channel.end()
      return
    }
    const { shelf, idleUser } = kept
    if (shelf.waiting.size > 0) {
      const [call] = shelf.waiting
      shelf.waiting.delete(call!)
      call!.whileWaiting(undefined)
      call!.start(channel)
      return
    }
    channel.busy = false
    channel.user = idleUser
    shelf.idle.push(channel)
  }

  close(): void {
    this.#closed = true
    this.#endpoint.libp2p.removeEventListener('connection:open', this.#onConnection)
    for (const { byService } of this.#peers.values()) {
      for (const shelf of byService.values()) {
        for (const call of shelf.waiting) call.fail(new P2pError('P2P_CANCELLED', 'RPC was closed.'))
        shelf.waiting.clear()
      }
    }
    this.#peers.clear()
  }

  #shelf(peerId: string, service: PooledService): Shelf {
    let peer = this.#peers.get(peerId)
    if (peer === undefined) {
      peer = { peerId, byService: new Map(), opening: 0 }
      this.#peers.set(peerId, peer)
    }
    let shelf = peer.byService.get(service.name)
    if (shelf === undefined) {
      shelf = { peer, service, idle: [], waiting: new Set(), open: 0, agreed: undefined }
      peer.byService.set(service.name, shelf)
    }
    return shelf
  }

  #mayOpen(shelf: Shelf): boolean {
    return (
      shelf.open < this.#endpoint.limits.outboundStreamsPerService && shelf.peer.opening < OPENING_AT_ONCE
    )
  }

  async #openFor(shelf: Shelf, call: OutboundCall): Promise<void> {
    shelf.open++
    shelf.peer.opening++
    const abort = new AbortController()
    call.whileWaiting(() => abort.abort())
    let channel: Channel
    try {
      channel = await this.#open(shelf, abort.signal)
    } catch (error) {
      shelf.peer.opening--
      call.fail(openingFailed(shelf, error))
      this.#removed(shelf)
      return
    }
    shelf.peer.opening--
    if (call.hasEnded) this.giveBack(channel)
    else call.start(channel)
    this.#openForWaiting(shelf.peer)
  }

  /** Opens streams for calls that wait, as far as that is allowed. */
  #openForWaiting(peer: PeerShelves): void {
    if (this.#closed) return
    for (const shelf of peer.byService.values()) {
      for (const call of shelf.waiting) {
        if (!this.#mayOpen(shelf)) break
        shelf.waiting.delete(call)
        void this.#openFor(shelf, call)
      }
    }
  }

  async #open(shelf: Shelf, signal: AbortSignal): Promise<Channel> {
    const { libp2p, limits, watch, unwatch } = this.#endpoint
    const peer = peerIdFromString(shelf.peer.peerId)
    const connection = bestConnection(libp2p.getConnections(peer)) ?? (await libp2p.dial(peer, { signal }))
    const stream = await this.#newStream(connection, shelf, signal)
    shelf.agreed = stream.protocol
    const channel: Channel = new Channel({
      stream,
      connection,
      user: new IdleUser(undefined, shelf.idle),
      limits,
      idleMs: limits.idleOutboundMs,
      onGone: gone => {
        unwatch(gone)
        const at = shelf.idle.indexOf(gone)
        if (at >= 0) shelf.idle.splice(at, 1)
        this.#removed(shelf)
      },
    })
    this.#kept.set(channel, { shelf, idleUser: new IdleUser(channel, shelf.idle) })
    watch(channel)
    return channel
  }

  #newStream(connection: Connection, shelf: Shelf, signal: AbortSignal): Promise<Stream> {
    const { agreed, service } = shelf
    const ids =
      agreed === undefined
        ? [...service.protocolIds]
        : [agreed, ...service.protocolIds.filter(id => id !== agreed)]
    return connection.newStream(ids, {
      signal,
      runOnLimitedConnection: true,
      maxOutboundStreams: this.#endpoint.limits.outboundStreamsPerService,
    })
  }

  /** A stream is gone, or could not be opened. */
  #removed(shelf: Shelf): void {
    shelf.open--
    this.#openForWaiting(shelf.peer)
    if (shelf.open > 0 || shelf.waiting.size > 0) return
    const { peer, service } = shelf
    if (peer.byService.get(service.name) === shelf) peer.byService.delete(service.name)
    if (peer.byService.size === 0 && this.#peers.get(peer.peerId) === peer) this.#peers.delete(peer.peerId)
  }

  /** A direct connection replaces a relayed one: the next calls open their streams on it. */
  readonly #onConnection = (event: CustomEvent<Connection>): void => {
    const connection = event.detail
    if (connection.limits !== undefined) return
    for (const shelf of this.#peers.get(connection.remotePeer.toString())?.byService.values() ?? []) {
      for (const channel of [...shelf.idle]) if (channel.connection.limits !== undefined) channel.end()
    }
  }
}

function openingFailed(shelf: Shelf, cause: unknown): P2pError {
  const details = { peerId: shelf.peer.peerId, service: shelf.service.name }
  if (cause instanceof P2pError) return cause
  if (cause instanceof Error && cause.name === 'UnsupportedProtocolError') {
    return new P2pError(
      'P2P_UNSUPPORTED_SERVICE',
      `The peer ${shelf.peer.peerId} does not serve ${shelf.service.protocolIds[0]} or an earlier minor version.`,
      { details, cause },
    )
  }
  return new P2pError('P2P_PEER_UNREACHABLE', `The peer ${shelf.peer.peerId} cannot be reached now.`, {
    details,
    cause,
  })
}
