/** Options of `nv chain watch`. */
export interface WatchOptions {
  account?: string
  kind?: string
  after?: number
}

/** Options of `nv chain rollback`. */
export interface RollbackOptions {
  withBlock?: boolean
}

/** Options of `nv chain prune`. */
export interface PruneOptions {
  keep: number
}

/** Options of `nv chain export`. */
export interface ExportOptions {
  chainId: string
  genesis?: string
}

/** Options of what is checked by proofs. */
export interface ProofOptions {
  prove?: boolean
  genesis?: string
}
