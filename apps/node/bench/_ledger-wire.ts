import { createHash } from 'node:crypto'

/** How fast and how large blocks are, on either engine. */
export interface Pace {
  /** From a decision to the next height. */
  readonly commitMs: number
  /** What the transactions of a block may weigh: about 650 each here. */
  readonly blockWeight: number
}

/** What a node's process is told on its command line. */
export interface NodeArgs {
  readonly dir: string
  readonly genesis: string
  readonly index: number
  readonly pace: Pace
  readonly listen?: string
}

/** What a node's process says. */
export interface FromNode {
  /** Where others reach it. */
  readonly ready?: string
  /** A block was committed: of its transactions, the hashes of their bytes. */
  readonly committed?: readonly string[]
  /** Transactions that it would not take. */
  readonly refused?: string
}

/** What a node's process is asked. */
export interface ToNode {
  readonly connect?: readonly string[]
  readonly submit?: readonly Uint8Array[]
}

/** Name of a transaction, by all of its bytes. */
export const nameOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('base64')
