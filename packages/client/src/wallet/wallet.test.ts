import { isAddress } from '@neurovoyance/protocol'
import { describe, expect, it } from 'vitest'
import { createPhrase, deriveKey, lockWallet, phraseSeed, unlockWallet, walletFromPhrase } from './index.js'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const quick = { n: 2 ** 14 } as const
const ABANDON = `${'abandon '.repeat(11)}about`

describe('a phrase', () => {
  it('gives the seed of BIP-39’s vectors', async () => {
    expect(hex(await phraseSeed(ABANDON, 'TREZOR'))).toBe(
      'c55257c360c07c72029aebc1b53c05ed0362ada38ead3e3e9efa3708e53495531f09a6987599d18264c1e1c92f2cf141630c7a3c4ab7c81b2f001698e7463b04',
    )
  })

  it('is new every time, and any spacing and case of it is the same', async () => {
    const phrase = createPhrase()
    expect(phrase.split(' ')).toHaveLength(24)
    expect(createPhrase()).not.toBe(phrase)
    expect(await phraseSeed(`  ${phrase.toUpperCase().replaceAll(' ', '\n ')} `)).toEqual(
      await phraseSeed(phrase),
    )
  })

  it('with a wrong word or order says which, and not the words', async () => {
    await expect(phraseSeed(`${'abandon '.repeat(11)}abuot`)).rejects.toMatchObject({
      code: 'CLIENT_BAD_PHRASE',
      message: expect.stringContaining('word 12'),
    })
    await expect(phraseSeed('abandon '.repeat(12))).rejects.toMatchObject({ code: 'CLIENT_BAD_PHRASE' })
  })
})

describe('keys', () => {
  it('are derived by SLIP-0010 (its first vector)', () => {
    const seed = new Uint8Array(Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex'))
    expect(hex(deriveKey(seed, []))).toBe('2b4be7f19ee27bbf30c667b642d5f4aa69fd169872f8fc3059c08ebae2eb19e7')
    expect(hex(deriveKey(seed, [0, 1, 2, 2, 1_000_000_000]))).toBe(
      '8f94d394a8e8fd6b1bc2f3f49f5c47e385281d5c17e65324b0f62483e37e8793',
    )
  })

  it('of one phrase are many wallets', async () => {
    const [first, second] = await Promise.all([0, 1].map(account => walletFromPhrase(ABANDON, { account })))
    expect(isAddress(first!.address)).toBe(true)
    expect(second!.address).not.toBe(first!.address)
    expect((await walletFromPhrase(ABANDON)).address).toBe(first!.address)
  })
})

describe('a keystore', () => {
  it('opens with its password and no other', async () => {
    const wallet = await walletFromPhrase(ABANDON)
    const keystore = JSON.parse(JSON.stringify(await lockWallet(wallet, 'correct horse', quick)))
    expect((await unlockWallet(keystore, 'correct horse')).exportKey()).toEqual(wallet.exportKey())
    await expect(unlockWallet(keystore, 'battery staple')).rejects.toMatchObject({
      code: 'CLIENT_WRONG_PASSWORD',
    })
  })

  it('does not open once anything in it has changed', async () => {
    const wallet = await walletFromPhrase(ABANDON)
    const other = await walletFromPhrase(ABANDON, { account: 1 })
    const keystore = await lockWallet(wallet, 'correct horse', quick)
    const changed = [
      { ...keystore, address: other.address },
      { ...keystore, cipher: { ...keystore.cipher, nonce: '00'.repeat(24) } },
      { ...keystore, kdf: { ...keystore.kdf, salt: '00'.repeat(32) } },
    ]
    for (const bad of changed) {
      await expect(unlockWallet(bad, 'correct horse')).rejects.toMatchObject({
        code: 'CLIENT_WRONG_PASSWORD',
      })
    }
  })

  it('that asks for too much memory is refused before it is tried', async () => {
    const keystore = await lockWallet(await walletFromPhrase(ABANDON), 'correct horse', quick)
    const greedy = { ...keystore, kdf: { ...keystore.kdf, n: 2 ** 30 } }
    await expect(unlockWallet(greedy, 'correct horse')).rejects.toMatchObject({ code: 'CLIENT_BAD_KEYSTORE' })
    await expect(unlockWallet('no', 'correct horse')).rejects.toMatchObject({ code: 'CLIENT_BAD_KEYSTORE' })
  })

  it('holds nothing of the secret in the open, and neither do a wallet’s JSON and text', async () => {
    const wallet = await walletFromPhrase(ABANDON)
    const secret = hex(wallet.exportKey())
    const keystore = await lockWallet(wallet, 'correct horse', quick)
    expect(JSON.stringify(keystore)).not.toContain(secret)
    expect(JSON.stringify(wallet)).toBe(JSON.stringify({ address: wallet.address }))
  })

  it('needs a password worth the name', async () => {
    await expect(lockWallet(await walletFromPhrase(ABANDON), 'short')).rejects.toMatchObject({
      code: 'CLIENT_WEAK_PASSWORD',
    })
  })
})
