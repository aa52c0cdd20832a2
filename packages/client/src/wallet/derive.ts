import { hmac } from '@noble/hashes/hmac.js'
import { sha512 } from '@noble/hashes/sha2.js'

const MASTER = new TextEncoder().encode('ed25519 seed')
const HARDENED = 0x8000_0000
/** SLIP-0044 has no number for NVY yet: this one spells "nv". */
const COIN = 0x6e76

/** The secret key (32 bytes) at a hardened path of a seed: SLIP-0010 for Ed25519. */
export function deriveKey(seed: Uint8Array, path: readonly number[]): Uint8Array {
  let node = hmac(sha512, MASTER, seed)
  for (const index of path) {
    const data = new Uint8Array(37)
    data.set(node.subarray(0, 32), 1)
    new DataView(data.buffer).setUint32(33, (index | HARDENED) >>> 0)
    node = hmac(sha512, node.subarray(32), data)
  }
  return node.slice(0, 32)
}

/** The path of an account of a wallet: m/44'/28278'/account'/0'. */
export const accountPath = (account: number): readonly number[] => [44, COIN, account, 0]
