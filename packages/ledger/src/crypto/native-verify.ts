import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { Verify } from '../core/crypto/zip215.js'

/** An Ed25519 key in DER begins with this (RFC 8410). */
const DER_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')
/** Key objects kept: making one takes a third of the time of a check. */
const CACHED_KEYS = 16_384

/** Ed25519 by Node's own crypto on other threads, so that the caller's goes on. */
export type VerifyAside = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => Promise<boolean>

/**
 * Ed25519 by Node's own crypto, about twenty times as fast as plain JavaScript. Stricter than ZIP-215 in some
 * encodings: give it to `zip215`, which decides those.
 */
export function nativeVerifier(): Verify {
  const keyOf = keyObjects()
  return (publicKey, message, signature) => {
    if (publicKey.length !== 32 || signature.length !== 64) return false
    try {
      return verify(null, message, keyOf(publicKey), signature)
    } catch {
      return false
    }
  }
}

/** Checks that are in the pool at once, when nothing else is said. */
const AT_ONCE = 64

/**
 * The same on the threads of Node's pool. At most `atOnce` checks are in it; more wait here: the pool serves whoever
 * comes first, and what consensus writes to the disk has to go through it, too: behind thousands of checks it would be
 * late, and so would the vote that waits for it.
 */
export function nativeVerifierAside(atOnce = AT_ONCE): VerifyAside {
  const keyOf = keyObjects()
  const waiting = new Waiting<() => void>()
  let running = 0

  function next(): void {
    running--
    while (running < atOnce && waiting.size > 0) waiting.shift()!()
  }

  return (publicKey, message, signature) =>
    new Promise(resolve => {
      if (publicKey.length !== 32 || signature.length !== 64) return resolve(false)
      const check = (): void => {
        running++
        const end = (holds: boolean): void => {
          resolve(holds)
          next()
        }
        try {
          verify(null, message, keyOf(publicKey), signature, (error, holds) => end(error === null && holds))
        } catch {
          end(false)
        }
      }
      if (running < atOnce) check()
      else waiting.push(check)
    })
}

/** First in, first out; an array's own `shift` moves all that is behind. */
class Waiting<Item> {
  #in: Item[] = []
  #out: Item[] = []

  get size(): number {
    return this.#in.length + this.#out.length
  }

  push(item: Item): void {
    this.#in.push(item)
  }

  shift(): Item | undefined {
    if (this.#out.length === 0) {
      this.#out = this.#in.reverse()
      this.#in = []
    }
    return this.#out.pop()
  }
}

/** Key objects by key: the latest of them are kept. */
function keyObjects(): (publicKey: Uint8Array) => KeyObject {
  const keys = new Map<string, KeyObject>()
  return publicKey => {
    const name = Buffer.from(publicKey.buffer, publicKey.byteOffset, publicKey.byteLength).toString('latin1')
    const known = keys.get(name)
    if (known !== undefined) return known
    const key = createPublicKey({ key: Buffer.concat([DER_PREFIX, publicKey]), format: 'der', type: 'spki' })
    if (keys.size >= CACHED_KEYS) keys.delete(keys.keys().next().value as string)
    keys.set(name, key)
    return key
  }
}
