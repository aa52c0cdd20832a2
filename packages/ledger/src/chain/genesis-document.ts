import type { Genesis } from '../core/machine/genesis.js'

/** A genesis as people agree on it: a JSON file that all nodes of a chain have alike. */
export interface GenesisDocument extends Genesis {
  /** Whoever is named in it may sign it: `{ publicKey, signature }`, hex. */
  readonly signatures?: readonly { readonly publicKey: string; readonly signature: string }[]
}
