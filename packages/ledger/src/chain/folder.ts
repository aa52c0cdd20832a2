import { join } from 'node:path'

/** Where a chain's node keeps what. */
export interface ChainFolder {
  /** State and blocks. */
  readonly store: string
  /** What happened at the height that is being decided. */
  readonly log: string
  /** What the validator signed last. It never goes back, whatever the rest of the folder does. */
  readonly signer: string
  /** The list of snapshots, and those that are being made. */
  readonly snapshots: string
}

/** The files and folders in the folder of a chain. */
export const chainFolder = (dir: string): ChainFolder => ({
  store: join(dir, 'store'),
  log: join(dir, 'consensus.log'),
  signer: join(dir, 'signer'),
  snapshots: join(dir, 'snapshots'),
})
