import { generateKeyPairSync, sign } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { nativeVerifierAside } from '../../src/crypto/native-verify.js'

const CHECKS = 2_000
const { privateKey, publicKey: key } = generateKeyPairSync('ed25519')
const publicKey = new Uint8Array(key.export({ format: 'der', type: 'spki' }).subarray(-32))
const message = new Uint8Array(300).fill(7)
const signature = new Uint8Array(sign(null, message, privateKey))
const wrong = signature.with(5, signature[5]! ^ 1)

describe('checks of signatures on other threads', () => {
  it('say of each whether it holds, however many wait', async () => {
    const verify = nativeVerifierAside(3)
    const held = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        verify(
          publicKey,
          message,
          index % 7 === 0 ? wrong : index % 11 === 0 ? new Uint8Array(5) : signature,
        ),
      ),
    )
    expect(held).toEqual(Array.from({ length: 50 }, (_, index) => index % 7 !== 0 && index % 11 !== 0))
  })

  it('leave room for the disk: what is asked of it later is not behind all of them', async () => {
    const verify = nativeVerifierAside()
    let ended = 0
    const all = Promise.all(
      Array.from({ length: CHECKS }, () => verify(publicKey, message, signature).then(() => ended++)),
    )
    await stat(import.meta.filename)
    expect(ended).toBeLessThan(CHECKS / 2)
    await all
    expect(ended).toBe(CHECKS)
  })
})
