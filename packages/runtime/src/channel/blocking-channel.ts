import { readSync, writevSync } from 'node:fs'
import { decodeHeader, decodePrefix, encodeMessage, PREFIX_BYTES } from './framing.js'
import type { Received } from './messages.js'

const SCRATCH_BYTES = 64 * 1024
/** A larger message's buffer is kept for the next one up to this size: fresh pages cost more than the copy. */
const KEPT_BYTES = 64 * 1024 * 1024
const MAX_CHUNKS_PER_WRITE = 1024

/**
 * The child's end of the pipe. It blocks: the child has nothing else to do, and a blocked read wakes up
 * sooner than an event loop.
 */
export interface BlockingChannel<Incoming> {
  /** The next message, `undefined` when the other end is gone. Its body is valid until the next `read`. */
  read(): Received<Incoming> | undefined
  write(header: object, body?: { chunks: readonly Uint8Array[]; bytes: number }): void
}

/** Opens the pipe at file descriptor `fd`. */
export function openBlockingChannel<Incoming>(fd: number): BlockingChannel<Incoming> {
  const scratch = new Uint8Array(SCRATCH_BYTES)
  let start = 0
  let end = 0
  let kept = new Uint8Array(0)

  function fill(bytes: number): boolean {
    if (start + bytes > SCRATCH_BYTES) {
      scratch.copyWithin(0, start, end)
      end -= start
      start = 0
    }
    while (end - start < bytes) {
      const read = readSome(fd, scratch, end, SCRATCH_BYTES - end)
      if (read === 0) return false
      end += read
    }
    return true
  }

  function readLarge(bytes: number): Uint8Array | undefined {
    const buffer = kept.byteLength >= bytes ? kept : new Uint8Array(bytes)
    if (buffer.byteLength <= KEPT_BYTES) kept = buffer
    buffer.set(scratch.subarray(start, end))
    let filled = end - start
    start = end = 0
    while (filled < bytes) {
      const read = readSome(fd, buffer, filled, bytes - filled)
      if (read === 0) return undefined
      filled += read
    }
    return buffer.subarray(0, bytes)
  }

  return {
    read() {
      if (start === end) start = end = 0
      if (!fill(PREFIX_BYTES)) return undefined
      const { headerBytes, bodyBytes } = decodePrefix(scratch, start)
      start += PREFIX_BYTES
      const bytes = headerBytes + bodyBytes
      let message: Uint8Array | undefined
      if (bytes <= SCRATCH_BYTES) {
        if (fill(bytes)) message = scratch.subarray(start, start + bytes)
        start += bytes
      } else {
        message = readLarge(bytes)
      }
      if (message === undefined) return undefined
      return {
        header: decodeHeader<Incoming>(message.subarray(0, headerBytes)),
        body: message.subarray(headerBytes),
      }
    },
    write(header, body) {
      writeAll(fd, encodeMessage(header, body))
    },
  }
}

function readSome(fd: number, buffer: Uint8Array, offset: number, length: number): number {
  for (;;) {
    try {
      return readSync(fd, buffer, offset, length, null)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EOF' || code === 'ECONNRESET') return 0
      if (code !== 'EINTR') throw error
    }
  }
}

function writeAll(fd: number, chunks: Uint8Array[]): void {
  let first = 0
  while (first < chunks.length) {
    let written = writevSync(fd, chunks.slice(first, first + MAX_CHUNKS_PER_WRITE))
    while (first < chunks.length && written >= chunks[first]!.byteLength)
      written -= chunks[first++]!.byteLength
    if (written > 0) chunks[first] = chunks[first]!.subarray(written)
  }
}
