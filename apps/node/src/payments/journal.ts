import { type FileHandle, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import { LIMITS, TillRecord } from '@neurovoyance/protocol'

/**
 * What a node charged and the vouchers it holds, in a file that is only appended to: a record is its length, its CRC-32
 * (4 bytes each, the highest first), and an encoded `TillRecord`; each replaces the channel's record before it.
 *
 * Records that are added while others are being made durable share the next sync, so that a busy node syncs no more
 * often than its disk can.
 */
export interface TillJournal {
  /** Adds a record; resolves when it is durable. */
  add(record: TillRecord): Promise<void>
  /** The same, when nobody waits for it: it is durable within a second, or with the next one that somebody waits for. */
  note(record: TillRecord): void
  close(): Promise<void>
}

const PREFIX_BYTES = 8
/** What was noted waits so long for a record that is to be durable anyway. */
const NOTED_MS = 1_000
/** The file is written anew when it is this many times as large as what counts in it. */
const COMPACT_FACTOR = 4
const COMPACT_BYTES = 1024 * 1024

/** Opens a journal, and reads what is in it; a record that was torn by the end of the process is dropped. */
export async function openTillJournal(
  path: string,
): Promise<{ journal: TillJournal; records: ReadonlyMap<string, TillRecord> }> {
  const file = await openForUpdate(path)
  const bytes = await file.readFile()
  const { records, end } = readRecords(bytes)
  if (end < bytes.length) {
    await file.truncate(end)
    await file.sync()
  }
  return {
    journal: append(path, file, end, new Map([...records].map(([id, record]) => [id, frame(record)]))),
    records,
  }
}

async function openForUpdate(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    const file = await open(path, 'wx+', 0o600)
    await syncFolder(dirname(path))
    return file
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function readRecords(bytes: Buffer): { records: Map<string, TillRecord>; end: number } {
  const records = new Map<string, TillRecord>()
  let end = 0
  while (end + PREFIX_BYTES <= bytes.length) {
    const length = bytes.readUInt32BE(end)
    const body = bytes.subarray(end + PREFIX_BYTES, end + PREFIX_BYTES + length)
    if (
      length > LIMITS.tillRecordBytes ||
      body.length < length ||
      crc32(body) !== bytes.readUInt32BE(end + 4)
    )
      break
    const record = TillRecord.decode(Uint8Array.from(body))
    const channel = channelOf(record)
    if (record.closed) records.delete(channel)
    else records.set(channel, record)
    end += PREFIX_BYTES + length
  }
  return { records, end }
}

const channelOf = ({ channel }: TillRecord): string => Buffer.from(channel).toString('hex')

function sizeOf(frames: Iterable<Buffer>): number {
  let size = 0
  for (const framed of frames) size += framed.length
  return size
}

async function writeFully(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    at += (await file.write(bytes, at, bytes.length - at, position + at)).bytesWritten
  }
}

function frame(record: TillRecord): Buffer {
  const body = TillRecord.encode(record)
  const prefix = Buffer.alloc(PREFIX_BYTES)
  prefix.writeUInt32BE(body.length)
  prefix.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([prefix, body])
}

function append(path: string, first: FileHandle, start: number, live: Map<string, Buffer>): TillJournal {
  let file = first
  let position = start
  let waiting: Buffer[] = []
  let writing: Promise<void> | undefined
  let next: Promise<void> | undefined
  let noted: NodeJS.Timeout | undefined

  async function write(): Promise<void> {
    clearTimeout(noted)
    noted = undefined
    const batch = Buffer.concat(waiting)
    waiting = []
    await writeFully(file, batch, position)
    position += batch.length
    await file.datasync()
    if (position > COMPACT_BYTES && position > COMPACT_FACTOR * sizeOf(live.values())) await compact()
  }

  /** Writes anew what counts; the old file stays until the new one is whole. */
  async function compact(): Promise<void> {
    const kept = Buffer.concat([...live.values()])
    const fresh = await open(`${path}.new`, 'w+', 0o600)
    await writeFully(fresh, kept, 0)
    await fresh.sync()
    await rename(`${path}.new`, path)
    await syncFolder(dirname(path))
    await file.close()
    file = fresh
    position = kept.length
  }

  function enqueue(record: TillRecord): void {
    const framed = frame(record)
    const channel = channelOf(record)
    if (record.closed) live.delete(channel)
    else live.set(channel, framed)
    waiting.push(framed)
  }

  /** One write at a time; what comes meanwhile goes with the next one. */
  function flush(): Promise<void> {
    next ??= (writing ?? Promise.resolve()).then(() => {
      next = undefined
      writing = write()
      return writing
    })
    return next
  }

  return {
    add(record) {
      enqueue(record)
      return flush()
    },
    note(record) {
      enqueue(record)
      noted ??= setTimeout(() => void flush().catch(() => undefined), NOTED_MS).unref()
    },
    async close() {
      clearTimeout(noted)
      if (waiting.length > 0) await flush()
      await writing
      await file.close()
    },
  }
}
