import type { Clock, Logger, Random, TransactionProof, ValidatorSet } from '@neurovoyance/protocol'
import type { ChainHead } from '../core/block/assemble.js'
import type { LedgerEvent } from '../core/machine/context.js'
import type { Machine } from '../core/machine/machine.js'
import type { Parameters } from '../core/parameters/parameters.js'
import type { StateView } from '../core/state/view.js'
import type { Proof } from '../core/tree/index.js'
import type { GenesisDocument } from '../genesis/document.js'
import type { ChainNetwork } from './network.js'
import type { SnapshotArtifacts } from './snapshots/artifacts.js'

/** A validator's key. */
export interface ValidatorKey {
  readonly publicKey: Uint8Array
  sign(bytes: Uint8Array): Uint8Array | Promise<Uint8Array>
}

/** What a chain's node is made from. */
export interface ChainInit {
  /** A folder of its own: state, blocks, log, signer. Made where it is absent. */
  dir: string
  genesis: GenesisDocument
  /** Absent for a node that follows without a vote. */
  validator?: ValidatorKey
  /** Absent for a chain with nobody else. */
  network?: ChainNetwork
  /** Where snapshots of the state are kept for others; none are made when absent. */
  artifacts?: SnapshotArtifacts
  /** The rules. Default: `createNetworkLedger` with the platform's verifier. */
  machine?: Machine
  /** How fast blocks come, and what waits; see `ChainSettings`. */
  settings?: Partial<ChainSettings>
  clock?: Clock
  random?: Random
  logger?: Logger
}

/** How a node runs its chain. */
export interface ChainSettings {
  /** Time from a decision to the next height, unless all precommits are there. */
  commitMs: number
  proposeMs: number
  prevoteMs: number
  precommitMs: number
  /** A block comes at least so often. */
  heartbeatMs: number
  /** Most bytes of a block that this node proposes. */
  blockBytes: number
  /** Most transactions of it. */
  blockTransactions: number
  /** How far a proposal's stamp may be ahead of this node's clock. */
  clockSkewMs: number
  /** How far it may be behind: how long a proposal may be under way, and the difference of the clocks. */
  proposalDelayMs: number
  /** Blocks that are kept; all (an archive) when absent. */
  keepBlocks: number | undefined
  /** A snapshot of the state is made after every so many blocks, where there are artifacts. Default 1,000. */
  snapshotBlocks: number
  /** The node stops before the block after this one. */
  haltHeight: number | undefined
  /**
   * A block whose header a light client has verified. Of blocks up to it that others give, the commits are checked, and
   * not the transactions' signatures: the validators did that. A chain that has another block at that height is refused.
   * Default: everything is checked.
   */
  trustedTo: TrustedBlock | undefined
}

/** A block that is trusted: `LightAnchor` fits. */
export interface TrustedBlock {
  readonly height: number
  /** Its id, hexadecimal. */
  readonly blockId: string
}

/** A block that was applied. */
export interface AppliedBlock {
  readonly height: number
  readonly id: Uint8Array
  readonly timeMs: number
  readonly proposer: Uint8Array
  readonly transactions: readonly TransactionResult[]
  /** Of the rules before and after the transactions. */
  readonly events: readonly LedgerEvent[]
  /** Root of the state after it. */
  readonly stateRoot: Uint8Array
  /** From the proposal's stamp to the decision here, by this machine's clock. */
  readonly finalityMs: number
}

/** What became of a transaction. */
export interface TransactionResult {
  readonly id: Uint8Array
  /** 0 while it waits. */
  readonly height: number
  readonly index: number
  /** Absent where all of it happened. */
  readonly code?: string
  readonly message?: string
  readonly fee: bigint
  /** What it weighed; 0 while it waits. */
  readonly weight: number
  readonly events: readonly LedgerEvent[]
  /** As it travelled. */
  readonly bytes: Uint8Array
}

/** Values with what shows that they are the state's. */
export interface ProvenValues {
  /** The header of this height has the root that the proofs lead to. */
  readonly height: number
  readonly values: readonly {
    readonly key: string
    readonly value: Uint8Array | undefined
    readonly proof: Proof
  }[]
}

/** A chain's node at work. */
export interface Chain {
  readonly chainId: string
  /** SHA-256 of the genesis document without its signatures. */
  readonly genesisHash: Uint8Array
  readonly machine: Machine
  /** The chain up to the last applied block. */
  head(): ChainHead
  readonly catchingUp: boolean
  /** The state after the last applied block. */
  readonly state: StateView
  /** Parameters after it. */
  parameters(): Parameters
  /** Who decides the next block. */
  validators(): ValidatorSet
  /** What waits for a block. */
  readonly pool: { readonly size: number; readonly bytes: number }
  /**
   * Takes a transaction in and tells others of it.
   *
   * @returns its id
   * @throws ProtocolError, LedgerError: what is wrong with it, by code
   */
  submit(bytes: Uint8Array): Promise<Uint8Array>
  /** What became of a transaction; `undefined` for one that was not heard of. */
  transaction(id: Uint8Array): Promise<TransactionResult | undefined>
  /**
   * Waits until it is in a block.
   *
   * @throws ChainError `LEDGER_CHAIN_TRANSACTION_GONE` when it will not happen any more, with `details.why`:
   *   `replaced`, `nonce-used`, `expired`, `put-out`; `LEDGER_CHAIN_TRANSACTION_UNKNOWN` where it is not heard of within a minute;
   *   `LEDGER_CHAIN_CLOSED`
   */
  settled(id: Uint8Array, options?: { signal?: AbortSignal }): Promise<TransactionResult>
  /** Values with proofs under the newest header that shows them; waits for that header where it is due. */
  prove(keys: readonly string[], options?: { signal?: AbortSignal }): Promise<ProvenValues>
  /**
   * What shows what became of a transaction that is in a block, to who has the headers of that block and the next;
   * waits for the next one. `undefined` where it is in no block that is kept here.
   */
  proveTransaction(id: Uint8Array, options?: { signal?: AbortSignal }): Promise<TransactionProof | undefined>
  /** A block as it is stored, by height (the newest when absent) or id. */
  block(at?: number | Uint8Array): AppliedBlock | undefined
  /** An account's transactions, newest first. */
  history(
    account: string,
    limit: number,
    before?: { height: number; index: number },
  ): Promise<TransactionResult[]>
  /** A light block, encoded; of the newest height when absent. */
  lightBlock(height?: number): Uint8Array | undefined
  /** Tells of every block that is applied from now on. Returns what stops that. */
  onBlock(listener: (block: AppliedBlock) => void): () => void
  /** Resolves when the node stopped by itself: at the halt height, or because a disk or the application failed. */
  readonly stopped: Promise<{ reason: 'halted' | 'failed' | 'closed'; error?: unknown }>
  close(): Promise<void>
}
