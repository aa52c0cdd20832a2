import { storeError } from '../errors.js'

/**
 * A state at one height in chunks: entries (see `EntryWriter`) in ascending order of their keys' bytes, each chunk
 * with its SHA-256. As bytes: format (1 byte, 1), height (8, little-endian like all), root (32), number of chunks
 * (4), and for each chunk its length (4) and hash (32).
 */
export interface SnapshotManifest {
  readonly height: number
  readonly root: Uint8Array
  readonly chunks: readonly SnapshotChunk[]
}

export interface SnapshotChunk {
  readonly sizeBytes: number
  readonly hash: Uint8Array
}

/** What an import takes from a stranger. 65,536 chunks of 16 MiB are a terabyte. */
export const SNAPSHOT_LIMITS = { chunks: 65_536, chunkBytes: 2 ** 24 } as const

const FORMAT = 1
const HEAD_BYTES = 1 + 8 + 32 + 4
const CHUNK_BYTES = 4 + 32

export function encodeManifest({ height, root, chunks }: SnapshotManifest): Uint8Array {
  const bytes = Buffer.alloc(HEAD_BYTES + chunks.length * CHUNK_BYTES)
  bytes[0] = FORMAT
  bytes.writeBigUInt64LE(BigInt(height), 1)
  bytes.set(root, 9)
  bytes.writeUInt32LE(chunks.length, 41)
  chunks.forEach(({ sizeBytes, hash }, index) => {
    bytes.writeUInt32LE(sizeBytes, HEAD_BYTES + index * CHUNK_BYTES)
    bytes.set(hash, HEAD_BYTES + index * CHUNK_BYTES + 4)
  })
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

/** @throws StoreError `LEDGER_SNAPSHOT_INVALID` */
export function decodeManifest(bytes: Uint8Array): SnapshotManifest {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  if (bytes.length < HEAD_BYTES || bytes[0] !== FORMAT) throw invalid('its format is unknown')
  const height = Number(buffer.readBigUInt64LE(1))
  const count = buffer.readUInt32LE(41)
  if (height >= 2 ** 48) throw invalid('its height is too large')
  if (count > SNAPSHOT_LIMITS.chunks) throw invalid(`it has ${count} chunks`)
  if (bytes.length !== HEAD_BYTES + count * CHUNK_BYTES) throw invalid('its length is not what it says')
  const chunks = Array.from({ length: count }, (_, index) => {
    const at = HEAD_BYTES + index * CHUNK_BYTES
    const sizeBytes = buffer.readUInt32LE(at)
    if (sizeBytes === 0 || sizeBytes > SNAPSHOT_LIMITS.chunkBytes)
      throw invalid(`chunk ${index} has ${sizeBytes} bytes`)
    return { sizeBytes, hash: bytes.slice(at + 4, at + CHUNK_BYTES) }
  })
  return { height, root: bytes.slice(9, 41), chunks }
}

export function invalid(why: string): Error {
  return storeError(
    'LEDGER_SNAPSHOT_INVALID',
    `The snapshot cannot be used: ${why}. Take one from another node.`,
  )
}
