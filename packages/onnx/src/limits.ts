/** Limits that hold while a model is read, whatever it declares. */
export interface ReadLimits {
  /** Bytes of the graph without its weights that are held in memory. Default: 64 MiB. */
  readonly maxGraphBytes: number
  /** Fields of all messages together: nodes, names, dimensions, attributes. Default: 1,000,000. */
  readonly maxFields: number
  /** Graphs inside graphs: If, Loop, Scan. Default: 16. */
  readonly maxDepth: number
  /** Dimensions of a tensor. Default: 32. */
  readonly maxRank: number
  /** Bytes of one name or path. Default: 4,096. */
  readonly maxNameBytes: number
}

/** The limits that hold where none are given. */
export const DEFAULT_READ_LIMITS: ReadLimits = Object.freeze({
  maxGraphBytes: 64 * 2 ** 20,
  maxFields: 1_000_000,
  maxDepth: 16,
  maxRank: 32,
  maxNameBytes: 4096,
})
