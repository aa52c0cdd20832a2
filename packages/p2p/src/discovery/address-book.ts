/** A peer that could be reached, and where. */
export interface BookEntry {
  peerId: string
  /** Multiaddrs without a trailing `/p2p/<peerId>`. */
  addresses: string[]
}

/** Peers to come back to, the one seen last first. */
export interface AddressBook {
  entries(): readonly BookEntry[]
  /** Puts a peer first. */
  remember(entry: BookEntry): void
  /** Resolves when everything remembered so far would survive a crash. */
  flush(): Promise<void>
}

/** Most peers that a book holds; the one seen longest ago makes room. */
export const BOOK_ENTRIES = 256
/** Most addresses kept of one peer. */
export const BOOK_ADDRESSES = 16

/** A book that lasts as long as the process. */
export function createMemoryAddressBook(initial: readonly BookEntry[] = []): AddressBook {
  let entries: readonly BookEntry[] = initial.slice(0, BOOK_ENTRIES)
  return {
    entries: () => entries,
    remember(entry) {
      const kept = { peerId: entry.peerId, addresses: entry.addresses.slice(0, BOOK_ADDRESSES) }
      entries = [kept, ...entries.filter(other => other.peerId !== entry.peerId)].slice(0, BOOK_ENTRIES)
    },
    flush: async () => {},
  }
}
