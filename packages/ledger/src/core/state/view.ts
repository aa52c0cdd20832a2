/** A state as it was after some block: values by key. */
export interface StateView {
  /** The value under a key; the bytes belong to the state and are not written to. */
  get(key: string): Uint8Array | undefined
}

/** What a block changed, sorted by key; `undefined` is a value that went. */
export type Changes = ReadonlyMap<string, Uint8Array | undefined>

/** The state before the first block. */
export const emptyState: StateView = { get: () => undefined }
