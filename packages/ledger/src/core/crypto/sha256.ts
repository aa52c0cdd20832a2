import { sha256 as noble } from '@noble/hashes/sha2.js'

/** Writes the 32 bytes of SHA-256(`input`) at `offset` of `output`. */
export type HashInto = (input: Uint8Array, output: Uint8Array, offset: number) => void

let platform: HashInto | undefined

/** Lets SHA-256 be done by the platform from now on: the same hashes, several times as fast. */
export function hashBy(hash: HashInto): void {
  platform = hash
}

/** Writes SHA-256(`input`) at `offset` of `output`: where there are many, and a result of its own for each is too much. */
export function sha256Into(input: Uint8Array, output: Uint8Array, offset: number): void {
  if (platform === undefined) output.set(noble(input), offset)
  else platform(input, output, offset)
}

/** SHA-256: in plain JavaScript, or by the platform where it has lent its own. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array {
  if (platform !== undefined) {
    const digest = new Uint8Array(32)
    platform(parts.length === 1 ? parts[0]! : joined(parts), digest, 0)
    return digest
  }
  if (parts.length === 1) return noble(parts[0]!)
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
