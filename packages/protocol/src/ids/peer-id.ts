import { base58btc } from 'multiformats/bases/base58'
import { ProtocolError } from '../errors.js'

/** Identity multihash (0x00) of 36 bytes, holding libp2p's protobuf `{ type: Ed25519 = 1, data: 32 bytes }`. */
const PREFIX = Uint8Array.of(0x00, 0x24, 0x08, 0x01, 0x12, 0x20)
const KEY_BYTES = 32
/** Base58 of 38 bytes that start with {@link PREFIX}: always this many letters. */
const TEXT_LENGTH = 52

/**
 * The PeerId of an Ed25519 public key of 32 bytes, as libp2p writes it: `12D3KooW…`. It holds the key itself.
 *
 * @throws ProtocolError `PROTOCOL_BAD_ID` for a key of another length
 */
export function peerIdFromPublicKey(publicKey: Uint8Array): string {
  if (publicKey.length !== KEY_BYTES)
    throw badPeerId(`a key of ${publicKey.length} bytes`, 'Ed25519 keys have 32')
  const bytes = new Uint8Array(PREFIX.length + KEY_BYTES)
  bytes.set(PREFIX)
  bytes.set(publicKey, PREFIX.length)
  return base58btc.baseEncode(bytes)
}

/**
 * The Ed25519 public key, 32 bytes, that a PeerId holds.
 *
 * @throws ProtocolError `PROTOCOL_BAD_ID` for other text, other kinds of key, and `baf…` forms of a PeerId
 */
export function publicKeyFromPeerId(peerId: string): Uint8Array {
  if (peerId.length !== TEXT_LENGTH || !peerId.startsWith('12D3KooW')) {
    throw badPeerId(peerId.slice(0, 64), 'expected an Ed25519 PeerId in base58, 12D3KooW…')
  }
  let bytes: Uint8Array
  try {
    bytes = base58btc.baseDecode(peerId)
  } catch (cause) {
    throw badPeerId(peerId, 'it is not base58', cause)
  }
  if (bytes.length !== PREFIX.length + KEY_BYTES || PREFIX.some((byte, index) => bytes[index] !== byte)) {
    throw badPeerId(peerId, 'it does not hold an Ed25519 key')
  }
  return bytes.slice(PREFIX.length)
}

/** Whether `value` is a PeerId of an Ed25519 key in its base58 form. */
export function isPeerId(value: string): boolean {
  try {
    publicKeyFromPeerId(value)
    return true
  } catch {
    return false
  }
}

/**
 * Refuses what is not a PeerId of an Ed25519 key in its base58 form.
 *
 * @throws ProtocolError `PROTOCOL_BAD_ID`
 */
export function assertPeerId(value: string): void {
  publicKeyFromPeerId(value)
}

function badPeerId(value: string, problem: string, cause?: unknown): ProtocolError {
  return new ProtocolError('PROTOCOL_BAD_ID', `${JSON.stringify(value)} is not a PeerId: ${problem}`, {
    details: { value },
    cause,
  })
}
