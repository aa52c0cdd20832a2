import { ed25519 } from '@noble/curves/ed25519.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openSigning as inBrowsers } from './browser.js'
import { openSigning as natively } from './node.js'

describe('signatures of a wallet', () => {
  it('are the same, byte for byte, on Node and in browsers, and hold', () => {
    const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
    fc.assert(
      fc.property(bytes(32), fc.uint8Array({ maxLength: 300 }), (key, message) => {
        const signature = natively(key)(message)
        expect(signature).toEqual(inBrowsers(key)(message))
        expect(ed25519.verify(signature, message, ed25519.getPublicKey(key))).toBe(true)
      }),
      { numRuns: 25 },
    )
  })
})
