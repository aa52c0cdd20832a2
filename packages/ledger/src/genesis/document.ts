import { sha256 } from '../core/crypto/sha256.js'
import type { Genesis } from '../core/machine/genesis.js'
import { canonicalJson } from './canonical.js'

/** A genesis as people agree on it: a JSON file that all nodes of a chain have alike. */
export interface GenesisDocument extends Genesis {
  /** Where the chain goes on from: another chain's state in place of `parameters` and `modules`, which are empty. */
  readonly state?: ContinuedState
  /** Of those who begin the chain, over {@link genesisHash}. */
  readonly signatures?: readonly GenesisSignature[]
}

/** The state of a chain that was halted. Its values travel beside the document, as a snapshot. */
export interface ContinuedState {
  readonly chainId: string
  /** After this block of it. */
  readonly height: number
  /** The state's root, 64 hexadecimal digits: what the chain's own headers say, and what a snapshot must have. */
  readonly root: string
  /** Who decides the first block, sorted by key: those that the state elects. A light client begins with them. */
  readonly validators: readonly { readonly consensusKey: string; readonly power: number }[]
}

/** Somebody's signature under a genesis, in hexadecimal. */
export interface GenesisSignature {
  readonly publicKey: string
  readonly signature: string
}

/** SHA-256 of the document as canonical JSON, without its signatures: which chain this is, whatever its name. */
export function genesisHash({ signatures: _, ...signed }: GenesisDocument): Uint8Array {
  return sha256(new TextEncoder().encode(canonicalJson(signed)))
}
