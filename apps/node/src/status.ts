/** What a node does in the network. */
export type NodeRole = 'peer' | 'bootstrap'

/** A node as `nv status` shows it. */
export interface NodeStatus {
  readonly peerId: string
  readonly role: NodeRole
  readonly version: string
  readonly pid: number
  readonly home: string
  readonly uptimeMs: number
  /** Whether the node serves: listening, and connected where it was told of others. */
  readonly ready: boolean
  readonly addresses: readonly string[]
  readonly peers: number
  /**
   * How far this machine's clock is ahead of its peers', by their offers; behind where negative, `null` while
   * there are none.
   */
  readonly clockAheadMs: number | null
  readonly models: readonly ModelStatus[]
  readonly runtime: RuntimeStatus | null
  /** `null` for a node that asks no price. */
  readonly payments: PaymentsStatus | null
}

/** How a node is paid. */
export interface PaymentsStatus {
  /** What its owner should look at, in words. */
  readonly problems: readonly string[]
}

/** A model that this node hosts. */
export interface ModelStatus {
  /** Bundle CID. */
  readonly model: string
  readonly name: string
  readonly bytes: number
  /** Whether a session of it is in memory. */
  readonly loaded: boolean
  /** Median run on this machine in milliseconds; `null` until it has run. */
  readonly p50Ms: number | null
}

/** How this machine runs models. */
export interface RuntimeStatus {
  readonly backend: string
  /** Providers preferred to it that do not work here, and why. */
  readonly skipped: readonly { readonly provider: string; readonly reason: string }[]
  readonly slots: number
  readonly queueDepth: number
  /** Memory that one model may take. */
  readonly memoryLimitBytes: number
  readonly gflops: number
  readonly memoryBandwidthMbps: number
}

/** A connected peer as `nv peers` shows it. */
export interface PeerStatus {
  readonly peerId: string
  readonly transport: string
  readonly relayed: boolean
  /** Its role and its hint of where it is, by its offer; `null` for one that makes none. */
  readonly role: NodeRole | null
  readonly region: string | null
  readonly rttMs: number | null
  readonly addresses: readonly string[]
  /** Models it offers. */
  readonly models: readonly string[]
}
