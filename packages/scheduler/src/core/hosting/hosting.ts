import type { Decaying } from '../choice/decay.js'

/** A model on this node. */
export interface HeldModel {
  readonly model: string
  readonly name: string
  readonly bytes: number
  /** Stays whatever happens: a person wants it here. */
  readonly pinned: boolean
  readonly status: 'fetching' | 'ready'
  readonly sinceMs: number
  /** Runs made here, fading. */
  readonly usage: Readonly<Decaying>
}

/** One model of the market, as hosting looks at it. */
export interface ModelSurvey {
  model: string
  name: string
  bytes: number
  /** Nodes that host it, this one included where it does. */
  hosts: readonly string[]
  /** Pending runs per slot over those hosts. */
  utilisation: number
  /** Whether any host has it in memory: it was run lately. */
  inUse: boolean
  /** Weight of the calls that nobody answers. */
  unmetDemand: number
  /** What a run pays; 1 where nothing is paid, so that demand alone decides. */
  price: number
}

/** A node that could host something. */
export interface Prospect {
  readonly peerId: string
  /** `rendezvousHash` of the PeerId. */
  readonly hash: number
  /** Memory it offers to models; 0 where it does not say. */
  readonly memoryBytes: number
}

/** Room that this node gives to models. */
export interface HostingLimits {
  diskBytes: number
  memoryBytes: number
}

/** How a node decides what to host. */
export interface HostingSettings {
  /** Replicas wanted of a model that is called for or in use. */
  minReplicas: number
  /** Replicas are added until hosts are this busy: pending runs per slot. */
  targetUtilisation: number
  /** Decisions are spread over this time, so that views settle between them. */
  jitterMs: number
  /** A node that is not among the first waits this long per rank for those before it to act. */
  patienceMs: number
  /** … and as long as a fetch may take at this speed. */
  fetchBytesPerMs: number
  /** A model is kept this long before it may give way to another. */
  minHoldMs: number
  /** What comes has to be worth this many times what goes. */
  evictMargin: number
  /** Fetches at a time. */
  maxFetches: number
  /** Pause after a failed fetch; doubles with each, up to 64 times. */
  failureBackoffMs: number
  /** Use of a model loses half its weight in this time. */
  usageHalfLifeMs: number
  /** Memory that a model needs, in multiples of its size. */
  memoryFactor: number
}

export const DEFAULT_HOSTING_SETTINGS: HostingSettings = Object.freeze({
  minReplicas: 3,
  targetUtilisation: 0.6,
  jitterMs: 1_000,
  patienceMs: 5_000,
  fetchBytesPerMs: 10_000,
  minHoldMs: 60_000,
  evictMargin: 1.5,
  maxFetches: 2,
  failureBackoffMs: 15_000,
  usageHalfLifeMs: 300_000,
  memoryFactor: 1.25,
})

/** What a node holds and intends. */
export interface HostingState {
  readonly self: string
  readonly limits: HostingLimits
  readonly settings: HostingSettings
  readonly held: ReadonlyMap<string, HeldModel>
  /** Models that this node will fetch at a time, if they are still wanted then. */
  readonly intentions: ReadonlyMap<string, number>
  /** Models whose fetch failed: not before this time, after so many failures. */
  readonly failures: ReadonlyMap<string, { count: number; untilMs: number }>
}

/** What happens to a node's models. */
export type HostingEvent =
  /** The market as it is, this node among its prospects or not; `jitter` is a random number in [0, 1). */
  | {
      type: 'survey'
      nowMs: number
      models: readonly ModelSurvey[]
      prospects: readonly Prospect[]
      jitter: number
    }
  /** A peer asks this node to host a model. */
  | { type: 'asked'; nowMs: number; model: string; name: string; bytes: number }
  /** A model is on disk without our having fetched it: a person added it, or it was there at the start. */
  | { type: 'added'; nowMs: number; model: string; name: string; bytes: number; pinned: boolean }
  | { type: 'fetched'; nowMs: number; model: string; bytes: number }
  | { type: 'fetch-failed'; nowMs: number; model: string }
  | { type: 'used'; nowMs: number; model: string }
  | { type: 'pinned'; model: string; pinned: boolean }
  | { type: 'removed'; model: string }

/** What the node has to do. */
export type HostingEffect =
  | { type: 'fetch'; model: string; name: string; bytes: number }
  | { type: 'evict'; model: string }
  /** What this node hosts has changed: offer it. */
  | { type: 'announce' }
  /** The answer to `asked`. */
  | { type: 'answer'; accepted: boolean; reason: string }

/** A state and what follows from it. */
export interface HostingStep {
  state: HostingState
  effects: HostingEffect[]
}

/** A node that holds nothing. */
export const createHostingState = (
  self: string,
  limits: HostingLimits,
  settings: HostingSettings = DEFAULT_HOSTING_SETTINGS,
): HostingState => ({ self, limits, settings, held: new Map(), intentions: new Map(), failures: new Map() })
