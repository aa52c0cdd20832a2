/** A chain as a program needs it: its own node's, or one from afar that is checked by proofs. */
export interface ChainAccess {
  readonly chainId: string
  /** Height and ledger time of the newest block known, and what a unit of weight costs in the next one. */
  head(): Promise<{ height: number; timeMs: number; baseFee: bigint }>
  /** Values of the state after one block, all of the same; proven, or of one's own node. */
  get(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]>
  /**
   * Sends a transaction.
   *
   * @returns its id
   */
  submit(bytes: Uint8Array): Promise<Uint8Array>
  /**
   * What became of it, when it is in a block.
   *
   * @throws an error with a code when it will not happen any more: of one's own node's chain
   *   `LEDGER_CHAIN_TRANSACTION_GONE` and `_UNKNOWN`, of one from afar `CLIENT_TRANSACTION_EXPIRED`, `_REPLACED` and
   *   `_UNKNOWN`
   */
  settled(id: Uint8Array, options?: { signal?: AbortSignal }): Promise<Settlement>
}

/** What became of a transaction that is in a block. */
export interface Settlement {
  readonly height: number
  /** Why it had no effect but its fee; absent where it had. */
  readonly code?: string
  /** The same for a person. */
  readonly message?: string
  /** What it paid, tip included. */
  readonly fee: bigint
}
