import type { Clock } from '@neurovoyance/protocol'
import { type CallOptions, type CallParty, placeCall, type Wires } from './calls.js'
import { createPartitions, drawArrivals, type LinkFaults, PERFECT_LINK } from './faults.js'
import { createSeededRandom, type SeededRandom } from './seeded-random.js'
import { createVirtualClock, type VirtualClock } from './virtual-clock.js'

/** What a network is made of. */
export interface NetworkInit {
  /** Every fault and delay follows from it. */
  seed: number | string
  clock?: VirtualClock
  /** Behaviour of links that nothing else was said about; a perfect link when left out. */
  link?: Partial<LinkFaults>
  /** Behaviour of the link between two nodes; overrides `link`. Called often: keep it cheap. */
  linkOf?: (from: string, to: string) => Partial<LinkFaults> | undefined
  /** Time after which the others notice that a node is gone or back; 500 ms when left out. */
  noticeMs?: number
}

/** What a node does when something reaches it. Messages are handed over, not copied: treat them as frozen. */
export interface NodeHandlers<Message> {
  message?(from: string, message: Message): void
  /** Answers a call; a rejection reaches the caller as the error it is. */
  call?(from: string, message: Message, signal: AbortSignal): Promise<Message> | Message
  gossip?(from: string, topic: string, message: Message): void
  /** Another node came up or went down, noticed some time after the fact. */
  peer?(event: { type: 'connect' | 'disconnect'; id: string }): void
}

/** One node. */
export interface NetworkNode<Message> {
  readonly id: string
  /** The network's time; timers set through it die with the node. */
  readonly clock: Clock
  readonly isUp: boolean
  /** Sends a message; it may be lost. */
  send(to: string, message: Message): void
  /**
   * Calls a node, over a link as reliable as TCP: lost messages become delay.
   *
   * Rejects as `@neurovoyance/p2p` does: `P2P_PEER_UNREACHABLE` (down or cut off), `P2P_STREAM_RESET` (went down
   * meanwhile), `P2P_DEADLINE_EXCEEDED`, `P2P_CANCELLED`.
   */
  call(to: string, message: Message, options?: CallOptions): Promise<Message>
  /** Spreads a message to every subscriber of a topic that can be reached, over several hops. */
  publish(topic: string, message: Message): void
  subscribe(topic: string): void
  unsubscribe(topic: string): void
}

/** A network of nodes in memory. The same seed and the same calls give the same run, event by event. */
export interface Network<Message> {
  readonly clock: VirtualClock
  readonly random: SeededRandom
  add(id: string, handlers: NodeHandlers<Message>): NetworkNode<Message>
  node(id: string): NetworkNode<Message> | undefined
  /** The node stops: its timers, calls and subscriptions are gone, messages to it are lost. */
  crash(id: string): void
  /** The node is reachable again, with the same handlers and no memory of timers or subscriptions. */
  restart(id: string): void
  partition(groups: readonly (readonly string[])[]): void
  heal(): void
  /** Whether a message from one node would reach the other now, if it is not lost. */
  connects(from: string, to: string): boolean
  /** Counts of what happened, for assertions. */
  readonly counts: Readonly<NetworkCounts>
}

/** What happened in a network so far. */
export interface NetworkCounts {
  sent: number
  delivered: number
  lost: number
}

interface Member<Message> extends CallParty<Message> {
  node: NetworkNode<Message>
  handlers: NodeHandlers<Message>
  /** Counts the node's lives: what belongs to an earlier one is dropped. */
  life: number
  topics: Set<string>
}

/**
 * Creates an empty network.
 *
 * @example
 * const network = createNetwork<string>({ seed: 1, link: { latencyMs: 20, loss: 0.1 } })
 * const a = network.add('a', {})
 * network.add('b', { message: (from, text) => console.log(from, text) })
 * a.send('b', 'hello')
 * network.clock.advance(100)
 */
export function createNetwork<Message>(init: NetworkInit): Network<Message> {
  const clock = init.clock ?? createVirtualClock()
  const random = createSeededRandom(init.seed)
  const noticeMs = init.noticeMs ?? 500
  const defaultLink: LinkFaults = { ...PERFECT_LINK, ...init.link }
  const members = new Map<string, Member<Message>>()
  const topics = new Map<string, Set<string>>()
  const partitions = createPartitions()
  const counts: NetworkCounts = { sent: 0, delivered: 0, lost: 0 }

  const linkOf = (from: string, to: string): LinkFaults => {
    const special = init.linkOf?.(from, to)
    return special === undefined ? defaultLink : { ...defaultLink, ...special }
  }

  const wires: Wires = {
    clock,
    random,
    counts,
    linkOf: (from, to) => linkOf(from, to),
    connects: partitions.connects,
  }

  const reaches = (from: string, to: string): boolean =>
    members.get(from)?.up === true && members.get(to)?.up === true && partitions.connects(from, to)

  /** Hands something to a node after a delay, if it lives and can be reached then. */
  function deliver(from: string, to: string, delayMs: number, hand: (member: Member<Message>) => void): void {
    clock.after(delayMs, () => {
      const member = members.get(to)
      if (!member?.up || !partitions.connects(from, to)) {
        counts.lost++
        return
      }
      counts.delivered++
      hand(member)
    })
  }

  function send(from: string, to: string, message: Message): void {
    counts.sent++
    const arrivals = drawArrivals(linkOf(from, to), random)
    if (arrivals.length === 0) counts.lost++
    for (const delayMs of arrivals)
      deliver(from, to, delayMs, member => member.handlers.message?.(from, message))
  }

  /** Each subscriber hears it once, after one to four hops; what one path loses another brings, a little later. */
  function publish(from: string, topic: string, message: Message): void {
    for (const to of topics.get(topic) ?? []) {
      if (to === from) continue
      counts.sent++
      const link = linkOf(from, to)
      if (random.chance(link.loss ** 3)) {
        counts.lost++
        continue
      }
      const hops = 1 + random.int(4)
      const delayMs = hops * (link.latencyMs + random.float() * link.jitterMs)
      deliver(from, to, delayMs, member => {
        if (member.topics.has(topic)) member.handlers.gossip?.(from, topic, message)
      })
    }
  }

  function tell(id: string, type: 'connect' | 'disconnect'): void {
    for (const [other, member] of members) {
      if (other === id || member.handlers.peer === undefined) continue
      deliver(other, other, noticeMs * (0.5 + random.float()), ({ handlers }) =>
        handlers.peer?.({ type, id }),
      )
    }
  }

  function leaveTopics(member: Member<Message>): void {
    for (const topic of member.topics) topics.get(topic)?.delete(member.node.id)
    member.topics.clear()
  }

  function createNode(id: string): NetworkNode<Message> {
    const self = (): Member<Message> => members.get(id)!
    return {
      id,
      clock: {
        now: clock.now,
        monotonicMs: clock.monotonicMs,
        after(delayMs, callback) {
          const { life } = self()
          return clock.after(delayMs, () => {
            if (self().up && self().life === life) callback()
          })
        },
      },
      get isUp() {
        return self().up
      },
      send: (to, message) => self().up && send(id, to, message),
      call: (to, message, options = {}) =>
        placeCall(wires, { caller: self(), callee: members.get(to), from: id, to, message, options }),
      publish: (topic, message) => self().up && publish(id, topic, message),
      subscribe(topic) {
        self().topics.add(topic)
        const subscribers = topics.get(topic)
        if (subscribers === undefined) topics.set(topic, new Set([id]))
        else subscribers.add(id)
      },
      unsubscribe(topic) {
        self().topics.delete(topic)
        topics.get(topic)?.delete(id)
      },
    }
  }

  return {
    clock,
    random,
    counts,
    add(id, handlers) {
      if (members.has(id)) throw new RangeError(`a node ${id} is there already`)
      const node = createNode(id)
      members.set(id, { node, handlers, up: true, life: 0, topics: new Set(), calls: new Set() })
      tell(id, 'connect')
      return node
    },
    node: id => members.get(id)?.node,
    crash(id) {
      const member = members.get(id)
      if (!member?.up) return
      member.up = false
      member.life++
      leaveTopics(member)
      for (const reset of [...member.calls]) reset()
      tell(id, 'disconnect')
    },
    restart(id) {
      const member = members.get(id)
      if (member === undefined || member.up) return
      member.up = true
      tell(id, 'connect')
    },
    partition: groups => partitions.split(groups),
    heal: () => partitions.heal(),
    connects: reaches,
  }
}
