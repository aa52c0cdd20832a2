import type { Prospect } from '../hosting/hosting.js'
import { rendezvousHash } from '../hosting/rendezvous.js'
import type { HostedModel, Offer } from '../offer/offer.js'
import { createSequenceMemory } from './sequence-memory.js'

/** One peer's offer as the table keeps it. Times are the local monotonic clock's. */
export interface OfferEntry extends Prospect {
  readonly offer: Offer
  /** The envelope as received, to be passed on; absent for offers that were put in by hand. */
  readonly sealed: Uint8Array | undefined
  /** The peer that told us. */
  readonly from: string
  readonly receivedAtMs: number
  readonly diesAtMs: number
  /** Runs queued or running at the node, over all models. */
  readonly pendingJobs: number
  /** What those runs take, by the node's own medians, if made one after another. */
  readonly pendingMs: number
}

/** One node as a host of one model: what the choice looks at. */
export interface Host {
  readonly peerId: string
  readonly entry: OfferEntry
  readonly hosted: HostedModel
}

/** Bounds of the table. */
export interface TableLimits {
  maxOffers: number
  /** Models in all offers together. */
  maxHosted: number
  /** Sum of the sealed envelopes kept. */
  maxSealedBytes: number
  /** How long the sequence of a peer that is gone is remembered. */
  sequenceMemoryMs: number
  maxSequences: number
}

export const DEFAULT_TABLE_LIMITS: TableLimits = Object.freeze({
  maxOffers: 20_000,
  maxHosted: 200_000,
  maxSealedBytes: 64 * 2 ** 20,
  sequenceMemoryMs: 120_000,
  maxSequences: 20_000,
})

/** What comes with an offer into the table. */
export interface OfferArrival {
  offer: Offer
  sealed?: Uint8Array
  from: string
  /** The local monotonic clock. */
  nowMs: number
}

/**
 * The offers known to this process: one per peer, indexed by model, bounded in number and in bytes.
 *
 * When it is full, a peer that we are connected to is never put out for one that we only heard of; among
 * those heard of, the neighbour that brought the most loses its oldest. So whoever floods the table
 * pushes out its own flood.
 */
export interface OfferTable {
  /** Takes an offer that `checkOffer` found good; false where the table is full of peers that matter more. */
  put(arrival: OfferArrival): boolean
  get(peerId: string): OfferEntry | undefined
  /** The highest sequence seen from a peer, alive or lately gone. */
  lastSequence(peerId: string, nowMs: number): number | undefined
  /** Forgets a peer's offer but not its sequence, so that a replay does not raise a ghost. */
  drop(peerId: string, nowMs: number): boolean
  connect(peerId: string): void
  disconnect(peerId: string): void
  isConnected(peerId: string): boolean
  /** Drops what has not been refreshed in time; returns how many. */
  expire(nowMs: number): number
  /** Hosts of a model; some may have expired since the last `expire`. */
  hosts(model: string): ReadonlyMap<string, Host>
  models(): IterableIterator<string>
  entries(): IterableIterator<OfferEntry>
  readonly size: number
  readonly sealedBytes: number
}

const NO_HOSTS: ReadonlyMap<string, Host> = new Map()

/** An empty table. */
export function createOfferTable(limits: TableLimits = DEFAULT_TABLE_LIMITS): OfferTable {
  const entries = new Map<string, OfferEntry>()
  const byModel = new Map<string, Map<string, Host>>()
  const connected = new Set<string>()
  const strangersBy = new Map<string, Set<string>>()
  const sequences = createSequenceMemory(limits.maxSequences, limits.sequenceMemoryMs)
  let sealedBytes = 0
  let hostedCount = 0

  function remove(entry: OfferEntry, nowMs: number): void {
    const { peerId } = entry.offer
    entries.delete(peerId)
    sealedBytes -= entry.sealed?.byteLength ?? 0
    hostedCount -= entry.offer.models.length
    forgetStranger(peerId, entry.from)
    sequences.remember(peerId, entry.offer.sequence, nowMs)
    for (const { model } of entry.offer.models) {
      const hosts = byModel.get(model)
      hosts?.delete(peerId)
      if (hosts?.size === 0) byModel.delete(model)
    }
  }

  function forgetStranger(peerId: string, from: string): void {
    const group = strangersBy.get(from)
    group?.delete(peerId)
    if (group?.size === 0) strangersBy.delete(from)
  }

  function rememberStranger(peerId: string, from: string): void {
    const group = strangersBy.get(from)
    if (group === undefined) strangersBy.set(from, new Set([peerId]))
    else group.add(peerId)
  }

  function oldestOfLargestGroup(): string | undefined {
    let largest: Set<string> | undefined
    for (const group of strangersBy.values()) if (group.size > (largest?.size ?? 0)) largest = group
    return largest?.values().next().value
  }

  function makeRoom({ offer, sealed, nowMs }: OfferArrival): boolean {
    const bytes = sealed?.byteLength ?? 0
    const models = offer.models.length
    if (bytes > limits.maxSealedBytes || models > limits.maxHosted) return false
    const isFull = (): boolean =>
      entries.size >= limits.maxOffers ||
      sealedBytes + bytes > limits.maxSealedBytes ||
      hostedCount + models > limits.maxHosted
    while (isFull()) {
      const victim = oldestOfLargestGroup()
      if (victim === undefined) return false
      remove(entries.get(victim)!, nowMs)
    }
    return true
  }

  return {
    put(arrival) {
      const { offer, sealed, from, nowMs } = arrival
      const { peerId } = offer
      const known = entries.get(peerId)
      if (known !== undefined) remove(known, nowMs)
      if (!makeRoom(arrival)) return false
      const entry: OfferEntry = {
        peerId,
        memoryBytes: offer.capability?.memoryBytes ?? 0,
        offer,
        hash: known?.hash ?? rendezvousHash(peerId),
        sealed,
        from: known?.from ?? from,
        receivedAtMs: nowMs,
        diesAtMs: nowMs + (offer.expiresAtMs - offer.issuedAtMs),
        ...backlog(offer),
      }
      sequences.forget(peerId)
      entries.set(peerId, entry)
      sealedBytes += sealed?.byteLength ?? 0
      hostedCount += offer.models.length
      if (!connected.has(peerId)) rememberStranger(peerId, entry.from)
      for (const hosted of offer.models) {
        const hosts = byModel.get(hosted.model)
        const host: Host = { peerId, entry, hosted }
        if (hosts === undefined) byModel.set(hosted.model, new Map([[peerId, host]]))
        else hosts.set(peerId, host)
      }
      return true
    },
    get: peerId => entries.get(peerId),
    lastSequence: (peerId, nowMs) => entries.get(peerId)?.offer.sequence ?? sequences.last(peerId, nowMs),
    drop(peerId, nowMs) {
      const entry = entries.get(peerId)
      if (entry !== undefined) remove(entry, nowMs)
      return entry !== undefined
    },
    connect(peerId) {
      connected.add(peerId)
      const entry = entries.get(peerId)
      if (entry !== undefined) forgetStranger(peerId, entry.from)
    },
    disconnect(peerId) {
      const entry = entries.get(peerId)
      if (connected.delete(peerId) && entry !== undefined) rememberStranger(peerId, entry.from)
    },
    isConnected: peerId => connected.has(peerId),
    expire(nowMs) {
      let expired = 0
      for (const entry of entries.values()) {
        if (entry.diesAtMs > nowMs) continue
        remove(entry, nowMs)
        expired++
      }
      return expired
    },
    hosts: model => byModel.get(model) ?? NO_HOSTS,
    models: () => byModel.keys(),
    entries: () => entries.values(),
    get size() {
      return entries.size
    },
    get sealedBytes() {
      return sealedBytes
    },
  }
}

/** Runs ahead of a new one at the node, and what they take by its own medians. */
function backlog(offer: Offer): { pendingJobs: number; pendingMs: number } {
  let jobs = 0
  let ms = 0
  let medians = 0
  for (const { inFlight, p50Us = 0 } of offer.models) {
    jobs += inFlight
    ms += (inFlight * p50Us) / 1000
    medians += p50Us / 1000
  }
  const unaccounted = Math.max(0, offer.queueDepth - jobs)
  const meanMs = jobs > 0 ? ms / jobs : medians / Math.max(1, offer.models.length)
  return { pendingJobs: jobs + unaccounted, pendingMs: ms + unaccounted * meanMs }
}
