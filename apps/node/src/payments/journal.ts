import { setImmediate } from 'node:timers/promises'
import { errorCode, type Logger, silentLogger, type TillRecord } from '@neurovoyance/protocol'
import {
  channelOf,
  frameOf,
  openTillFile,
  replaceTillFile,
  syncFolderOf,
  type TillFile,
  writeDurably,
} from './till-file.js'

/**
 * What a node charged and the vouchers it holds, on disk.
 *
 * Records that are added in one turn, or while others are being made durable, share the next write, so that a busy node
 * syncs no more often than its disk can. What could not be written stays, and is tried again with the next record, or a second later.
 */
export interface TillJournal {
  /** Adds a record; resolves when it is durable, rejects where that failed: it is tried again all the same. */
  add(record: TillRecord): Promise<void>
  /** The same, when nobody waits for it: it is durable within a second, or with the next one that somebody waits for. */
  note(record: TillRecord): void
  /** Why the last write failed; `undefined` while the disk takes what is written. */
  failure(): Error | undefined
  close(): Promise<void>
}

/** A journal, what was in it, and the copy of a file that was found damaged. */
export type OpenedJournal = { readonly journal: TillJournal } & Pick<TillFile, 'records' | 'damaged'>

/** What was noted waits so long for a record that is to be durable anyway, and what failed for another try. */
const NOTED_MS = 1_000
/** The file grows by so much at a time, so that most writes change nothing but what is in it: they are durable sooner. */
const ROOM = Buffer.alloc(64 * 1024)
/** The file is written anew when it is this many times as large as what counts in it. */
const COMPACT_FACTOR = 4
const COMPACT_BYTES = 1024 * 1024

/** Opens a journal, and reads what is in it; {@link openTillFile} says what becomes of a damaged one. */
export async function openTillJournal(path: string, logger: Logger = silentLogger): Promise<OpenedJournal> {
  const opened = await openTillFile(path)
  const { records, damaged } = opened
  if (damaged !== undefined) {
    logger.error({ path, copy: damaged, channels: records.size }, DAMAGED)
  }
  return { journal: append(path, opened, logger), records, damaged }
}

const DAMAGED =
  'the file of what was charged and paid was damaged, by the disk or by somebody: all records that are whole were taken, and a copy was kept'

function sizeOf(frames: Iterable<Buffer>): number {
  let size = 0
  for (const framed of frames) size += framed.length
  return size
}

function append(path: string, opened: TillFile, logger: Logger): TillJournal {
  const live = new Map([...opened.records].map(([channel, record]) => [channel, frameOf(record)]))
  let { file, end: position } = opened
  let size = position
  /** By channel: a record replaces the one before it, so that what waits for a full disk is no more than the channels. */
  let waiting = new Map<string, TillRecord>()
  let writing: Promise<void> = Promise.resolve()
  let next: Promise<void> | undefined
  let noted: NodeJS.Timeout | undefined
  let failure: Error | undefined
  let compactFrom = COMPACT_BYTES
  let closed = false

  async function write(): Promise<void> {
    clearTimeout(noted)
    noted = undefined
    const batch = waiting
    waiting = new Map()
    try {
      const frames = [...batch.values()].map(record => keepFrame(record))
      const end = position + sizeOf(frames)
      const hasRoom = end <= size
      await writeDurably(file, Buffer.concat(hasRoom ? frames : [...frames, ROOM]), position)
      position = end
      if (!hasRoom) size = end + ROOM.length
    } catch (error) {
      waiting = new Map([...batch, ...waiting])
      fail(error as Error)
      throw error
    }
    if (failure !== undefined) logger.info({ path }, 'what was charged can be written again, and is')
    failure = undefined
    if (position > compactFrom) await compact()
  }

  function fail(error: Error): void {
    if (failure === undefined) {
      const code = errorCode(error)
      logger.error({ path, code, error }, 'what was charged cannot be written: no paid request is answered')
    }
    failure = error
    if (!closed) flushSoon()
  }

  /** Writes anew what counts, where most of the file does not. */
  async function compact(): Promise<void> {
    compactFrom = Math.max(COMPACT_BYTES, COMPACT_FACTOR * sizeOf(live.values()))
    if (position <= compactFrom) return
    try {
      // what waits is written after it, and may be in it, too: the later one counts
      const kept = Buffer.concat([...live.values()])
      const fresh = await replaceTillFile(path, kept)
      const old = file
      file = fresh
      position = size = kept.length
      await old.close()
      await syncFolderOf(path)
    } catch (error) {
      compactFrom = position + COMPACT_BYTES
      logger.warn({ path, error }, 'the file of what was charged could not be written anew; it goes on')
    }
  }

  function keepFrame(record: TillRecord): Buffer {
    const framed = frameOf(record)
    if (record.closed) live.delete(channelOf(record))
    else live.set(channelOf(record), framed)
    return framed
  }

  const enqueue = (record: TillRecord) => void waiting.set(channelOf(record), record)

  /**
   * One write at a time; what comes meanwhile goes with the next one. It begins when all else of this turn is done: the
   * run that is charged has begun before the disk is busy.
   */
  function flush(): Promise<void> {
    next ??= Promise.all([writing, setImmediate()]).then(() => {
      next = undefined
      const written = write()
      writing = written.catch(() => undefined)
      return written
    })
    return next
  }

  function flushSoon(): void {
    noted ??= setTimeout(() => void flush().catch(() => undefined), NOTED_MS).unref()
  }

  return {
    add(record) {
      enqueue(record)
      return flush()
    },
    note(record) {
      enqueue(record)
      flushSoon()
    },
    failure: () => failure,
    async close() {
      closed = true
      clearTimeout(noted)
      try {
        if (waiting.size > 0) await flush()
        await writing
        await file.truncate(position)
      } finally {
        await file.close()
      }
    },
  }
}
