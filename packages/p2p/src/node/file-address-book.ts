import { mkdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { multiaddr } from '@multiformats/multiaddr'
import { type Clock, errorCode, isPeerId, type Logger } from '@neurovoyance/protocol'
import { z } from 'zod'
import {
  type AddressBook,
  BOOK_ADDRESSES,
  BOOK_ENTRIES,
  type BookEntry,
  createMemoryAddressBook,
} from '../discovery/address-book.js'
import { writeFileAtomic } from './write-file-atomic.js'

/** The name of the address book's file in a home folder. */
export const ADDRESS_BOOK_FILE = 'address-book.json'

const FILE_MAX_BYTES = 4 * 1024 ** 2
/** Changes of this long are written together. */
const WRITE_DELAY_MS = 1_000

const fileSchema = z.object({
  version: z.literal(1),
  peers: z
    .array(
      z.object({
        peerId: z.string().refine(isPeerId),
        addresses: z.array(z.string().max(512).refine(isMultiaddr)).max(BOOK_ADDRESSES),
      }),
    )
    .max(BOOK_ENTRIES),
})

/** What a book on disk is made from. */
export interface FileAddressBookInit {
  home: string
  clock: Clock
  logger: Logger
}

/**
 * The address book of a home folder. Written whole and atomically a moment after a change, so a crash loses at
 * most that moment; a file that cannot be read is a warning, never an obstacle.
 */
export async function openAddressBook({ home, clock, logger }: FileAddressBookInit): Promise<AddressBook> {
  const path = join(home, ADDRESS_BOOK_FILE)
  await mkdir(home, { recursive: true, mode: 0o700 })
  const book = createMemoryAddressBook(await readBook(path, logger))
  let dirty = false
  let cancelTimer: (() => void) | undefined
  let writing: Promise<void> = Promise.resolve()

  const write = async (): Promise<void> => {
    if (!dirty) return
    dirty = false
    const text = JSON.stringify({ version: 1, peers: book.entries() }, null, 2)
    try {
      await writeFileAtomic(path, `${text}\n`, { mode: 0o600 })
    } catch (error) {
      dirty = true
      logger.warn({ path, error: String(error) }, 'address book not written')
    }
  }

  const flush = (): Promise<void> => {
    cancelTimer?.()
    cancelTimer = undefined
    writing = writing.then(write)
    return writing
  }

  return {
    entries: book.entries,
    remember(entry) {
      book.remember(entry)
      dirty = true
      cancelTimer ??= clock.after(WRITE_DELAY_MS, () => void flush())
    },
    flush,
  }
}

async function readBook(path: string, logger: Logger): Promise<BookEntry[]> {
  try {
    if ((await stat(path)).size > FILE_MAX_BYTES) throw new Error('the file is too large')
    return fileSchema.parse(JSON.parse(await readFile(path, 'utf8'))).peers
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') {
      logger.warn({ path, error: String(error) }, 'address book cannot be read: starting with an empty one')
    }
    return []
  }
}

function isMultiaddr(text: string): boolean {
  try {
    multiaddr(text)
    return true
  } catch {
    return false
  }
}
