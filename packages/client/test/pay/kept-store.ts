import type { PurseStore } from '../../src/pay/index.js'

/** What a process would find that begins again. */
export interface KeptStore extends PurseStore {
  kept: Uint8Array | undefined
}

/** A store in memory. */
export function keptStore(): KeptStore {
  const store: KeptStore = {
    kept: undefined,
    load: async () => store.kept,
    save: async bytes => {
      store.kept = bytes
    },
  }
  return store
}
