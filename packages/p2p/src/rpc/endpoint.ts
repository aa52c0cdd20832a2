import type { Connection, Libp2p, PeerId } from '@libp2p/interface'
import type { Clock, Logger, NeurovoyanceError } from '@neurovoyance/protocol'
import { P2pError } from '../errors.js'
import { ByteBudget } from './byte-budget.js'
import type { Channel } from './channel.js'
import { type Conduct, createConduct, type Penalty } from './conduct.js'
import { createDeadlines, type Deadlines } from './deadlines.js'
import type { RpcLimits } from './limits.js'
import type { RpcGate, RpcStats } from './types.js'

/** The part of a libp2p node that RPC uses. */
export type RpcLibp2p = Pick<
  Libp2p,
  'handle' | 'unhandle' | 'dial' | 'getConnections' | 'addEventListener' | 'removeEventListener'
>

/** What both sides of RPC share: limits, budgets, deadlines, the watch over streams, and counters. */
export interface Endpoint {
  readonly libp2p: RpcLibp2p
  readonly logger: Logger
  readonly limits: RpcLimits
  readonly gate: RpcGate | undefined
  readonly budget: ByteBudget
  readonly conduct: Conduct
  readonly deadlines: Deadlines
  readonly counters: Pick<
    RpcStats,
    'callsMade' | 'callsServed' | 'callsRunning' | 'callsRefused' | 'streamsReset' | 'peersDropped'
  >
  /** Looks after a stream until it is gone. */
  watch(channel: Channel): void
  unwatch(channel: Channel): void
  /** Resets a stream whose peer broke the rules, and closes the connection of one that keeps on. */
  punish(channel: Channel, penalty: Penalty, error: NeurovoyanceError): void
  close(): void
}

/** What an endpoint is made from. */
export interface EndpointInit {
  libp2p: RpcLibp2p
  logger: Logger
  clock: Clock
  limits: RpcLimits
  gate: RpcGate | undefined
  onPenalty: ((peerId: string, penalty: Penalty) => void) | undefined
}

const WATCH_INTERVAL_MS = 1000

/** Makes the shared part of an RPC endpoint. */
export function createEndpoint(init: EndpointInit): Endpoint {
  const { libp2p, logger, clock, limits, gate, onPenalty } = init
  const conduct = createConduct(clock, limits)
  const watched = new Set<Channel>()
  const counters = {
    callsMade: 0,
    callsServed: 0,
    callsRunning: 0,
    callsRefused: 0,
    streamsReset: 0,
    peersDropped: 0,
  }
  let stopWatching: (() => void) | undefined
  let closed = false

  function look(): void {
    stopWatching = undefined
    const nowMs = clock.monotonicMs()
    for (const channel of watched) channel.check(nowMs)
    schedule()
  }

  function schedule(): void {
    if (closed || watched.size === 0 || stopWatching !== undefined) return
    stopWatching = clock.after(WATCH_INTERVAL_MS, look)
  }

  function drop(peer: PeerId, error: NeurovoyanceError): void {
    counters.peersDropped++
    logger.warn(
      { peerId: peer.toString(), code: error.code },
      'Closed the connections to a peer that keeps breaking the rules',
    )
    for (const connection of libp2p.getConnections(peer)) connection.abort(error)
  }

  return {
    libp2p,
    logger,
    limits,
    gate,
    budget: new ByteBudget(limits.inFlightBytes, limits.inFlightBytesPerPeer),
    conduct,
    deadlines: createDeadlines(clock),
    counters,
    watch(channel) {
      watched.add(channel)
      schedule()
    },
    unwatch(channel) {
      watched.delete(channel)
      if (watched.size > 0) return
      stopWatching?.()
      stopWatching = undefined
    },
    punish(channel, penalty, error) {
      counters.streamsReset++
      logger.debug({ peerId: channel.peerId, penalty, message: error.message }, 'Reset a stream')
      const usedUp = conduct.penalise(channel.peerId, penalty)
      onPenalty?.(channel.peerId, penalty)
      channel.reset(error)
      if (usedUp) drop(channel.connection.remotePeer, error)
    },
    close() {
      closed = true
      stopWatching?.()
      for (const channel of [...watched]) channel.reset(new P2pError('P2P_CANCELLED', 'RPC was closed.'))
      watched.clear()
    },
  }
}

/** The connection that serves calls best: direct before relayed, then the newest. */
export function bestConnection(connections: readonly Connection[]): Connection | undefined {
  let best: Connection | undefined
  for (const connection of connections) {
    if (connection.status !== 'open') continue
    if (best === undefined || rank(connection) >= rank(best)) best = connection
  }
  return best
}

function rank(connection: Connection): number {
  return (connection.limits === undefined ? 2 : 0) + (connection.direct ? 1 : 0)
}
