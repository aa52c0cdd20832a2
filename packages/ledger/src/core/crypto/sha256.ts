import { sha256 as noble } from '@noble/hashes/sha2.js'

type Digest = (bytes: Uint8Array) => Uint8Array

let platform: Digest | undefined

/** Lets SHA-256 be done by the platform from now on: the same hashes, several times as fast. */
export function hashBy(digest: Digest): void {
  platform = digest
}

/** SHA-256: in plain JavaScript, or by the platform where it has lent its own. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return platform === undefined ? noble(parts[0]!) : platform(parts[0]!)
  if (platform !== undefined) return platform(joined(parts))
  const hash = noble.create()
  for (const part of parts) hash.update(part)
  return hash.digest()
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
