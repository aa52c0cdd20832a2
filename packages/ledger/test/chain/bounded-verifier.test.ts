import { describe, expect, it } from 'vitest'
import { boundedVerifier } from '../../src/chain/application/bounded-verifier.js'
import { alice, keyOf } from './local-chain.js'

describe('the signatures of a block', () => {
  it('may need the slow verifier sixteen times, and are checked without end elsewhere', () => {
    const { publicKey } = alice
    const message = new Uint8Array(8)
    const signature = keyOf(alice).sign(message) as Uint8Array
    const { verify, within } = boundedVerifier(() => false)
    const often = (times: number) => () =>
      Array.from({ length: times }, () => verify(publicKey, message, signature)).every(Boolean)
    expect(within(often(16))).toEqual({ result: true, isExceeded: false })
    expect(within(often(17))).toEqual({ result: false, isExceeded: true })
    expect(often(17)()).toBe(true)
  })
})
