import { hash } from 'node:crypto'
import type { Hasher } from '../core/tree/index.js'

/**
 * SHA-256 of Node's own: about 0.3 µs for a node of the tree, where noble takes 1.8 µs.
 *
 * The result is asked for as a binary (Latin-1) string, one character a byte: a `Buffer` would cost more to make
 * (0.8 µs in all) than the hash does, and so would a `Hash` object (1.3 µs).
 */
export const nativeHasher: Hasher = {
  bytes: (input, output, offset) => write(hash('sha256', input, 'binary'), output, offset),
  text: (input, output, offset) => write(hash('sha256', input, 'binary'), output, offset),
}

function write(digest: string, output: Uint8Array, offset: number): void {
  for (let byte = 0; byte < 32; byte++) output[offset + byte] = digest.charCodeAt(byte)
}
