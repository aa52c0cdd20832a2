/** What artifacts may cost; every field has a default. */
export interface ArtifactLimits {
  /** Bytes of one artifact. */
  artifactBytes: number
  /** Blocks of one artifact's files. */
  blocks: number
  /** Files of one artifact, and folders too. */
  files: number
  /** Entries of one folder; more would need IPFS's sharded folders, which this version does not read. */
  folderEntries: number
  /** Folders inside folders. */
  folderDepth: number
  /** Lists of blocks above a file's blocks. */
  fileDepth: number
  /** Inner nodes of one artifact, and their bytes. */
  nodes: number
  nodeBytes: number
  /** Downloads that run at once. */
  concurrentFetches: number
  /** Providers that one download reads from at once. */
  providersPerFetch: number
  /** Blocks that one provider is asked for at once. */
  blocksInFlight: number
  /** A provider that sends no block for this long is left, and asked again only when nobody else is there. */
  stallMs: number
  /** How often a provider that failed without lying is tried again. */
  providerRetries: number
  /** A download without a provider waits this long for one to be found. */
  findProvidersMs: number
  /** Streams on which one peer may read here at once, and all peers together. */
  readsPerPeer: number
  reads: number
  /** How often the network is told again what is held here. */
  provideIntervalMs: number
}

/** The limits of a node unless its owner says otherwise. */
export const defaultArtifactLimits: Readonly<ArtifactLimits> = Object.freeze({
  artifactBytes: 256 * 1024 ** 3,
  blocks: 1_048_576,
  files: 65_536,
  folderEntries: 4096,
  folderDepth: 32,
  fileDepth: 8,
  nodes: 65_536,
  nodeBytes: 64 * 1024 ** 2,
  concurrentFetches: 4,
  providersPerFetch: 8,
  blocksInFlight: 12,
  stallMs: 15_000,
  providerRetries: 3,
  findProvidersMs: 30_000,
  readsPerPeer: 8,
  reads: 128,
  provideIntervalMs: 6 * 3_600_000,
})
