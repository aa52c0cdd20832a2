import { hash } from 'node:crypto'

/**
 * SHA-256 of Node's own, into memory of the caller's: about 0.3 µs for a node of a tree, where noble takes 1.8 µs.
 *
 * The result is asked for as a binary (Latin-1) string, one character a byte: a `Buffer` would cost more to make
 * (0.8 µs in all) than the hash does, and so would a `Hash` object (1.3 µs).
 */
export function nativeSha256Into(input: Uint8Array | string, output: Uint8Array, offset: number): void {
  const digest = hash('sha256', input, 'binary')
  for (let byte = 0; byte < 32; byte++) output[offset + byte] = digest.charCodeAt(byte)
}

/** SHA-256 of Node's own: several times as fast as plain JavaScript. */
export function nativeSha256(bytes: Uint8Array): Uint8Array {
  const digest = new Uint8Array(32)
  nativeSha256Into(bytes, digest, 0)
  return digest
}
