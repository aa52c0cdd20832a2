import { storeError } from './errors.js'

/** Which state the store has: after which block, with which root. */
export interface Head {
  readonly height: number
  /** 32 bytes. */
  readonly root: Uint8Array
}

const FORMAT = 1
export const HEAD_BYTES = 1 + 8 + 32

/** Version of the store's format, height (8 bytes, little-endian), root. */
export function encodeHead({ height, root }: Head): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES)
  bytes[0] = FORMAT
  new DataView(bytes.buffer).setBigUint64(1, BigInt(height), true)
  bytes.set(root, 9)
  return bytes
}

/** @throws StoreError `LEDGER_STORE_CORRUPT`, also for the format of another version */
export function decodeHead(bytes: Uint8Array): Head {
  if (bytes.length !== HEAD_BYTES || bytes[0] !== FORMAT) {
    throw storeError('LEDGER_STORE_CORRUPT', `The store is damaged or of format ${bytes[0]}, not ${FORMAT}.`)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  return { height: Number(view.getBigUint64(1, true)), root: bytes.slice(9) }
}
