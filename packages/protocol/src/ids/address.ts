import { bech32m } from '@scure/base'
import { ProtocolError } from '../errors.js'

const PREFIX = 'nv'
const HASH_BYTES = 32
/** The first letter after `nv1` is the address's version: `q`, 0. Others are left for kinds to come. */
const VERSION = 0
/** `nv1`, the version, 52 letters of hash, 6 of checksum. */
const TEXT_LENGTH = 62

/**
 * An address as text: `nv1q…`, bech32m (BIP-350) of a version and 32 bytes.
 *
 * The bytes are a hash that names an account and say nothing of its keys, so that an account may have several keys
 * and change them. 32 bytes, because an account that several people set up together has to withstand collisions
 * (2^128), which 20 bytes would not (2^80).
 *
 * @throws ProtocolError `PROTOCOL_BAD_ID` for another length than 32
 */
export function formatAddress(hash: Uint8Array): string {
  if (hash.length !== HASH_BYTES) throw badAddress(`a hash of ${hash.length} bytes`, 'addresses have 32')
  return bech32m.encode(PREFIX, [VERSION, ...bech32m.toWords(hash)])
}

/**
 * The 32 bytes of an address. Lower case only: an address has one form.
 *
 * @throws ProtocolError `PROTOCOL_BAD_ID` where the checksum, prefix, version, length or case is wrong
 */
export function parseAddress(text: string): Uint8Array {
  if (text.length !== TEXT_LENGTH || !text.startsWith('nv1')) {
    throw badAddress(text.slice(0, 80), `expected ${TEXT_LENGTH} letters that start with nv1`)
  }
  const decoded = bech32m.decodeUnsafe(text)
  if (!decoded || text !== text.toLowerCase())
    throw badAddress(text, 'its checksum or case is wrong: copy it again')
  const [version, ...words] = decoded.words
  if (version !== VERSION) throw badAddress(text, 'its version is newer than this software')
  const hash = bech32m.fromWordsUnsafe(words)
  if (!hash || hash.length !== HASH_BYTES) throw badAddress(text, 'it does not hold 32 bytes')
  return hash
}

/** Whether `value` is an address in its one form. */
export function isAddress(value: string): boolean {
  try {
    parseAddress(value)
    return true
  } catch {
    return false
  }
}

function badAddress(value: string, problem: string): ProtocolError {
  return new ProtocolError('PROTOCOL_BAD_ID', `${JSON.stringify(value)} is not an address: ${problem}`, {
    details: { value },
  })
}
