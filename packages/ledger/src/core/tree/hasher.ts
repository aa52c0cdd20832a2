import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'

/** SHA-256 of some bytes: 32 new bytes. */
export type Sha256 = (bytes: Uint8Array) => Uint8Array

/**
 * SHA-256 that writes into the caller's memory, as the tree needs it a few million times: nothing is allocated
 * for a result. `@neurovoyance/ledger/node` has the native one.
 */
export interface Hasher {
  /** Writes the 32 bytes of SHA-256(`input`) at `offset` of `output`. */
  bytes(input: Uint8Array, output: Uint8Array, offset: number): void
  /** The same for the UTF-8 encoding of `input`. */
  text(input: string, output: Uint8Array, offset: number): void
}

/** A hasher for anywhere, browsers included. `sha256` is noble's when left out. */
export function createHasher(sha256: Sha256 = nobleSha256): Hasher {
  return {
    bytes: (input, output, offset) => output.set(sha256(input), offset),
    text: (input, output, offset) => output.set(sha256(utf8ToBytes(input)), offset),
  }
}
