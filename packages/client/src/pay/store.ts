/** Keeps what a client knows of its channels between its runs. */
export interface PurseStore {
  /** What was saved last; `undefined` at first. */
  load(): Promise<Uint8Array | undefined>
  /** Saves, all or nothing. What is lost here is asked of nodes and the ledger again, but for the list of channels. */
  save(bytes: Uint8Array): Promise<void>
}

/** Keeps nothing: channels are closed with the client. */
export const memoryStore = (): PurseStore => ({ load: async () => undefined, save: async () => undefined })
