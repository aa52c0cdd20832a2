import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { walletFromKey } from '@neurovoyance/client/wallet'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  keepUnattended,
  keepWallet,
  openEarningWallet,
  openUnattended,
  PASSPHRASE_VARIABLE,
} from '../../src/wallet/keystore-file.js'
import { folder } from '../hive/fixture.js'

const PASSPHRASE = 'correct horse battery'
const wallet = walletFromKey(new Uint8Array(32).fill(1))

describe('the wallet that a node is paid to', () => {
  let path: string
  let beside: string

  beforeEach(async () => {
    vi.stubEnv(PASSPHRASE_VARIABLE, undefined)
    const home = await folder('earning')
    path = join(home, 'default.json')
    beside = join(home, 'default.passphrase')
  })
  afterEach(() => vi.unstubAllEnvs())

  const files = async () => (await readdir(dirname(path))).sort()

  it('is made where there is none, and opened from then on', async () => {
    const { address } = await openEarningWallet(path)
    expect(await files()).toEqual(['default.json', 'default.passphrase'])
    expect((await stat(beside)).mode & 0o777).toBe(0o600)
    expect((await openEarningWallet(path)).address).toBe(address)
  })

  it("a person's, whose passphrase is not here: says what to do, and writes nothing", async () => {
    await keepWallet(path, wallet, PASSPHRASE)
    for (let starts = 0; starts < 2; starts++) {
      await expect(openEarningWallet(path)).rejects.toMatchObject({
        code: 'NODE_PASSPHRASE',
        details: { path, file: beside },
      })
      expect(await files()).toEqual(['default.json'])
    }
    vi.stubEnv(PASSPHRASE_VARIABLE, PASSPHRASE)
    expect((await openEarningWallet(path)).address).toBe(wallet.address)
    vi.stubEnv(PASSPHRASE_VARIABLE, undefined)
    await writeFile(beside, `${PASSPHRASE}\n`, { mode: 0o600 })
    expect((await openEarningWallet(path)).address).toBe(wallet.address)
  })

  it('with a passphrase beside it that is not its own: names the file', async () => {
    await keepWallet(path, wallet, PASSPHRASE)
    await writeFile(beside, 'another one altogether\n', { mode: 0o600 })
    await expect(openEarningWallet(path)).rejects.toMatchObject({
      code: 'NODE_PASSPHRASE',
      details: { source: beside },
    })
  })

  it('is never replaced, and its passphrase neither', async () => {
    await keepUnattended(path, wallet)
    const before = await readFile(beside, 'utf8')
    const other = walletFromKey(new Uint8Array(32).fill(2))
    await expect(keepUnattended(path, other)).rejects.toMatchObject({ code: 'NODE_WALLET_TAKEN' })
    await rm(beside)
    await expect(keepUnattended(path, other)).rejects.toMatchObject({ code: 'NODE_WALLET_TAKEN' })
    expect(await files()).toEqual(['default.json'])
    await writeFile(beside, before, { mode: 0o600 })
    expect((await openUnattended(path))?.address).toBe(wallet.address)
  })

  it('can be opened where its maker ended between any two of its files', async () => {
    await keepUnattended(path, wallet)
    // before the passphrase had its name
    await rename(beside, `${beside}.${wallet.address}`)
    expect((await openUnattended(path))?.address).toBe(wallet.address)
    expect(await files()).toEqual(['default.json', 'default.passphrase'])
    // before there was a keystore: the passphrase is there, and the next wallet's
    await rm(path)
    const passphrase = await readFile(beside, 'utf8')
    const { address } = await openEarningWallet(path)
    expect(await readFile(beside, 'utf8')).toBe(passphrase)
    expect((await openUnattended(path))?.address).toBe(address)
  })
})
