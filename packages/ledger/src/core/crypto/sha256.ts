import { sha256 as noble } from '@noble/hashes/sha2.js'

/** SHA-256 in plain JavaScript; what runs much takes the platform's own. */
export const sha256 = (...parts: readonly Uint8Array[]): Uint8Array => {
  if (parts.length === 1) return noble(parts[0]!)
  const hash = noble.create()
  for (const part of parts) hash.update(part)
  return hash.digest()
}
