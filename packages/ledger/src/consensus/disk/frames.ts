/**
 * Records in a file: length, CRC-32 of the rest, number, each in four bytes, little-endian; then the payload. A
 * batch that was made safe ends at a sector's end, after zeros, so that no later write can tear what is safe.
 */
import { crc32 } from 'node:zlib'

const HEAD_BYTES = 12
const CRC_FROM = 8

/** Disks write this much at once, or an even part of it. */
const SECTOR_BYTES = 4_096

/** A record in its frame; records of a file are numbered from 0. */
export function frame(number: number, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES + payload.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, payload.length, true)
  view.setUint32(8, number, true)
  bytes.set(payload, HEAD_BYTES)
  view.setUint32(4, crc32(bytes.subarray(CRC_FROM)), true)
  return bytes
}

/** Zeros up to a sector's end, for a batch that ends at `position`. */
export function padding(position: number): Uint8Array {
  return new Uint8Array(nextSector(position) - position)
}

/** The records up to the first that is torn, damaged or missing, and where the last of them ends. */
export function readFrames(
  bytes: Uint8Array,
  maxBytes: number,
): { payloads: Uint8Array[]; goodBytes: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const payloads: Uint8Array[] = []
  let goodBytes = 0
  let at = 0
  while (at + HEAD_BYTES <= bytes.length) {
    const length = view.getUint32(at, true)
    // No record is empty: these are the zeros at a batch's end, or what was never written.
    if (length === 0 && at % SECTOR_BYTES !== 0) {
      at = nextSector(at)
      continue
    }
    const end = at + HEAD_BYTES + length
    if (length === 0 || length > maxBytes || end > bytes.length) break
    if (crc32(bytes.subarray(at + CRC_FROM, end)) !== view.getUint32(at + 4, true)) break
    if (view.getUint32(at + 8, true) !== payloads.length) break
    payloads.push(bytes.subarray(at + HEAD_BYTES, end))
    goodBytes = end
    at = end
  }
  return { payloads, goodBytes }
}

function nextSector(position: number): number {
  return Math.ceil(position / SECTOR_BYTES) * SECTOR_BYTES
}
