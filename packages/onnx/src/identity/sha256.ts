import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'

/** A running SHA-256. */
export interface Sha256 {
  update(bytes: Uint8Array): unknown
  digest(): Uint8Array
}

/** Starts a SHA-256 in JavaScript; `./node` has the platform's, which is several times faster. */
export const portableSha256 = (): Sha256 => nobleSha256.create()
