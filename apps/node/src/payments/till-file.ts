import { constants } from 'node:fs'
import { chmod, type FileHandle, link, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { crc32 } from 'node:zlib'
import { LIMITS, TillRecord } from '@neurovoyance/protocol'

/**
 * The file of a till: one record after another, each its length, its CRC-32 (4 bytes each, the highest first), and an
 * encoded `TillRecord`. A record replaces the channel's record before it. While a node writes to it, and after one that
 * was killed, zeros follow the last record: room for the next ones.
 */
export interface TillFile {
  readonly file: FileHandle
  /** The latest records of channels that are not closed, by channel in hexadecimal. */
  readonly records: ReadonlyMap<string, TillRecord>
  /** Where the next record goes. */
  readonly end: number
  /** The copy of a file that was found damaged in its middle. */
  readonly damaged: string | undefined
}

const PREFIX_BYTES = 8
const { O_RDWR, O_CREAT, O_EXCL, O_TRUNC } = constants
/** Linux has writes that wait for the disk themselves, one call instead of two; what others call so promises less. */
const DURABLE = process.platform === 'linux' ? constants.O_DSYNC : 0

/** A record as it is in the file. */
export function frameOf(record: TillRecord): Buffer {
  const body = TillRecord.encode(record)
  const prefix = Buffer.alloc(PREFIX_BYTES)
  prefix.writeUInt32BE(body.length)
  prefix.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([prefix, body])
}

/** A record's channel in hexadecimal. */
export const channelOf = ({ channel }: TillRecord): string => Buffer.from(channel).toString('hex')

/**
 * Opens the file, and makes it where there is none. An end after which nothing whole comes is what a process left that
 * ended in the middle of a write: it is cut off. Where whole records come after others that are not, the disk has lost
 * something: the file is kept beside it under another name, and what is whole is written anew.
 */
export async function openTillFile(path: string): Promise<TillFile> {
  const file = await openForUpdate(path)
  const bytes = await file.readFile()
  const { records, end, isDamaged } = readRecords(bytes)
  if (isDamaged) {
    await file.close()
    const damaged = `${path}.damaged-${Date.now()}`
    await link(path, damaged)
    await chmod(damaged, 0o600)
    const kept = Buffer.concat([...records.values()].map(frameOf))
    const fresh = await replaceTillFile(path, kept)
    await syncFolderOf(path)
    return { file: fresh, records, end: kept.length, damaged }
  }
  if (end < bytes.length) {
    await file.truncate(end)
    await file.sync()
  }
  return { file, records, end, damaged: undefined }
}

/** Puts another file in the place of the till's: it is whole before the old one goes; {@link syncFolderOf} makes that last. */
export async function replaceTillFile(path: string, bytes: Buffer): Promise<FileHandle> {
  const fresh = await open(`${path}.new`, O_RDWR | O_CREAT | O_TRUNC | DURABLE, 0o600)
  try {
    await writeFully(fresh, bytes, 0)
    await fresh.sync()
    await rename(`${path}.new`, path)
  } catch (error) {
    await fresh.close()
    throw error
  }
  return fresh
}

/** Writes all of the bytes to a till's file; resolves when they are on the disk. */
export async function writeDurably(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  await writeFully(file, bytes, position)
  if (DURABLE === 0) await file.datasync()
}

/** Writes all of the bytes, in as many writes as it takes. */
async function writeFully(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    at += (await file.write(bytes, at, bytes.length - at, position + at)).bytesWritten
  }
}

async function openForUpdate(path: string): Promise<FileHandle> {
  try {
    return await open(path, O_RDWR | DURABLE)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    const file = await open(path, O_RDWR | O_CREAT | O_EXCL | DURABLE, 0o600)
    await syncFolderOf(path)
    return file
  }
}

/** Makes durable that a file has its name. */
export async function syncFolderOf(path: string): Promise<void> {
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function readRecords(bytes: Buffer): { records: Map<string, TillRecord>; end: number; isDamaged: boolean } {
  const records = new Map<string, TillRecord>()
  let end = 0
  let isDamaged = false
  for (let at = 0; at + PREFIX_BYTES <= bytes.length; ) {
    const read = readRecord(bytes, at)
    if (read === undefined) {
      at++
      continue
    }
    isDamaged ||= at > end
    const channel = channelOf(read.record)
    if (read.record.closed) records.delete(channel)
    else records.set(channel, read.record)
    at += read.size
    end = at
  }
  return { records, end, isDamaged }
}

/** The record that begins here; `undefined` where none does that is whole. */
function readRecord(bytes: Buffer, at: number): { record: TillRecord; size: number } | undefined {
  const length = bytes.readUInt32BE(at)
  if (length === 0 || length > LIMITS.tillRecordBytes) return undefined
  const size = PREFIX_BYTES + length
  const body = bytes.subarray(at + PREFIX_BYTES, at + size)
  if (body.length < length || crc32(body) !== bytes.readUInt32BE(at + 4)) return undefined
  try {
    return { record: TillRecord.decode(Uint8Array.from(body)), size }
  } catch {
    return undefined
  }
}
