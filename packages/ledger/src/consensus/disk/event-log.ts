import { type FileHandle, open, readFile } from 'node:fs/promises'
import { LIMITS } from '@neurovoyance/protocol'
import type { Beginning } from '../core/beginning.js'
import type { ConsensusEvent } from '../core/event.js'
import { replaceFile } from './durable.js'
import { frame, padding, readFrames } from './frames.js'
import { decodeEntry, encodeEntry } from './record.js'

/** What a log held when it was opened. */
export interface LogContent {
  beginning: Beginning
  events: ConsensusEvent[]
}

/** The log of the height that is being decided. Entries are kept in memory until `sync`. */
export interface EventLog {
  /** What was there, up to the first entry that is torn; undefined for a log that never began. */
  readonly content: LogContent | undefined
  /** Bytes behind the last entry that can be read, zeros included; they are cut off. */
  readonly lostBytes: number
  /** Begins the log of a height; what was there before is gone. */
  begin(beginning: Beginning): Promise<void>
  append(event: ConsensusEvent): void
  /** Resolves when all that was appended is on disk. Calls that overlap share one write. */
  sync(): Promise<void>
  close(): Promise<void>
}

/** Opens a log, or makes one. Whatever cannot be read at its end is cut off. */
export async function openEventLog(file: string): Promise<EventLog> {
  const bytes = await readIfThere(file)
  const { payloads, goodBytes } = readFrames(bytes, LIMITS.consensusRecordBytes)
  const content = readContent(payloads)
  let handle = await open(file, content === undefined ? 'w' : 'r+', 0o600)
  let count = content === undefined ? 0 : payloads.length
  let size = content === undefined ? 0 : goodBytes
  await handle.truncate(size)
  const lostBytes = bytes.length - size
  // What was read is safe, and shares no sector with what comes.
  size += padding(size).length
  let waiting: Uint8Array[] = []
  let turn: Promise<void> = Promise.resolve()

  async function flush(): Promise<void> {
    const batch = waiting
    waiting = []
    if (batch.length === 0) return
    const used = batch.reduce((sum, each) => sum + each.length, size)
    const joined = Buffer.concat([...batch, padding(used)])
    await writeAll(handle, joined, size)
    size += joined.length
    await handle.datasync()
  }

  /** One piece of work on the file after the other. */
  function inTurn(work: () => Promise<void>): Promise<void> {
    const done = turn.then(work)
    turn = done.catch(() => {})
    return done
  }

  return {
    content,
    lostBytes,
    append: event => void waiting.push(frame(count++, encodeEntry({ type: 'event', event }))),
    sync: () => inTurn(flush),
    begin(beginning) {
      waiting = []
      count = 1
      const only = frame(0, encodeEntry({ type: 'beginning', beginning }))
      const first = Buffer.concat([only, padding(only.length)])
      return inTurn(async () => {
        await handle.close()
        await replaceFile(file, first, 0o600)
        handle = await open(file, 'r+')
        size = first.length
      })
    },
    close: () =>
      inTurn(async () => {
        await flush()
        await handle.close()
      }),
  }
}

function readContent(payloads: readonly Uint8Array[]): LogContent | undefined {
  const [first, ...rest] = payloads.map(decodeEntry)
  if (first?.type !== 'beginning') return undefined
  return {
    beginning: first.beginning,
    events: rest.flatMap(entry => (entry.type === 'event' ? entry.event : [])),
  }
}

async function readIfThere(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return new Uint8Array(0)
    throw error
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let written = 0
  while (written < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written, position + written)
    written += bytesWritten
  }
}
