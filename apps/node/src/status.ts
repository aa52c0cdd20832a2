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
  readonly models: readonly ModelStatus[]
  readonly runtime: RuntimeStatus | null
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
  readonly slots: number
  readonly queueDepth: number
  readonly gflops: number
  readonly memoryBandwidthMbps: number
}

/** A connected peer as `nv peers` shows it. */
export interface PeerStatus {
  readonly peerId: string
  readonly transport: string
  readonly relayed: boolean
  readonly rttMs: number | null
  readonly addresses: readonly string[]
  /** Models it offers. */
  readonly models: readonly string[]
}
