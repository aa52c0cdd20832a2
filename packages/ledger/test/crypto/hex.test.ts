import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesOf, idOf } from '../../src/core/hex.js'

describe('an id', () => {
  it('is the hexadecimal text of its bytes, and leads back to them', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.uint8Array()), bytes => {
        const id = idOf(bytes)
        expect(id).toBe(Buffer.from(bytes).toString('hex'))
        expect(bytesOf(id)).toEqual(bytes)
      }),
    )
  })

  it('is another text each time, though the letters are written in one place', () => {
    const ids = [1, 2, 3].map(byte => idOf(new Uint8Array(32).fill(byte)))
    expect(ids).toEqual(['01', '02', '03'].map(byte => byte.repeat(32)))
  })

  it.each([['g'.repeat(64)], ['é'.repeat(64)], ['0'.repeat(63)], [`${'0'.repeat(63)}/`]])(
    'cannot be %s',
    text => {
      expect(() => bytesOf(text)).toThrow()
    },
  )
})
