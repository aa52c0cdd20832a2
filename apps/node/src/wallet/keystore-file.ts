import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import {
  type Keystore,
  lockWallet,
  unlockWallet,
  type Wallet,
  walletFromKey,
} from '@neurovoyance/client/wallet'
import { writeFileAtomic } from '@neurovoyance/p2p/node'
import { errorCode, isAddress } from '@neurovoyance/protocol'
import { readPrivateFile } from '../chain/validator-key.js'
import { makeFolder } from '../config/make-folder.js'
import { NodeError } from '../errors.js'

const KEYSTORE_BYTES = 16 * 1024
const PASSPHRASE_BYTES = 4_096
/** A passphrase of 256 bits of chance needs no slow guess. */
const QUICK = { n: 2 ** 14 } as const

/** The environment variable that has a passphrase. */
export const PASSPHRASE_VARIABLE = 'NEUROVOYANCE_WALLET_PASSPHRASE'

/** The file beside a keystore that has its passphrase, where nobody is there to type one. */
export const passphraseFileOf = (path: string): string => path.replace(/\.json$/, '.passphrase')

/**
 * Reads a keystore; `undefined` where there is none.
 *
 * @throws NodeError `NODE_KEY_PERMISSIONS`, `NODE_KEY_DAMAGED`
 */
export async function readKeystore(path: string): Promise<Keystore | undefined> {
  const text = await readPrivateFile(path, KEYSTORE_BYTES)
  if (text === undefined) return undefined
  try {
    // what is in it is checked when it is unlocked
    const keystore = JSON.parse(text) as Keystore
    if (isAddress(keystore.address)) return keystore
  } catch {
    // said below
  }
  throw new NodeError(
    'NODE_KEY_DAMAGED',
    `${path} is not a keystore: restore it from a backup, or import its phrase under another name.`,
    { details: { path } },
  )
}

/** The passphrase that is kept in a file; `undefined` where there is none. @throws NodeError `NODE_KEY_PERMISSIONS` */
export async function readPassphrase(path: string): Promise<string | undefined> {
  return (await readPrivateFile(path, PASSPHRASE_BYTES))?.replace(/\r?\n$/, '')
}

/**
 * Keeps a wallet under a passphrase, in a file that only its owner reads; one that is there stays.
 *
 * @throws NodeError `NODE_WALLET` where there is one; ClientError `CLIENT_WEAK_PASSWORD`
 */
export async function keepWallet(
  path: string,
  wallet: Wallet,
  passphrase: string,
  cost: { n?: Keystore['kdf']['n'] } = {},
): Promise<void> {
  const keystore = await lockWallet(wallet, passphrase, cost)
  await makeFolder(dirname(path))
  try {
    await writeFileAtomic(path, `${JSON.stringify(keystore, null, 2)}\n`, { mode: 0o600, exclusive: true })
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
    throw walletTaken(path)
  }
}

/** That a wallet is there already: none is ever replaced. */
export const walletTaken = (path: string): NodeError =>
  new NodeError(
    'NODE_WALLET_TAKEN',
    `There is a wallet in ${path} already, and it is never replaced: give another name with --wallet, or move it away.`,
    { details: { path } },
  )

/**
 * Keeps a wallet that a program opens by itself: its passphrase is in a file beside it. Whoever reads the folder has
 * the coins, so it is for small sums: a local hive's, what a node pays fees from. A passphrase that is there already,
 * with no wallet, is this wallet's.
 *
 * The passphrase gets its name once the keystore has its own; one whose writer ended in between is under the wallet's
 * address, and {@link settlePassphrase} finds it.
 *
 * @throws NodeError `NODE_WALLET_TAKEN` where there is a wallet: nothing is written then
 */
export async function keepUnattended(path: string, wallet: Wallet): Promise<void> {
  const given = await readPassphrase(passphraseFileOf(path))
  if (given !== undefined) return keepWallet(path, wallet, given)
  const passphrase = randomBytes(32).toString('base64url')
  const draft = passphraseDraftOf(path, wallet.address)
  await makeFolder(dirname(path))
  await writeFileAtomic(draft, `${passphrase}\n`, { mode: 0o600, exclusive: true })
  try {
    await keepWallet(path, wallet, passphrase, QUICK)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
  await settlePassphrase(path, wallet.address)
}

/** Where the passphrase of a wallet is until its keystore is in place. */
const passphraseDraftOf = (path: string, address: string): string => `${passphraseFileOf(path)}.${address}`

/** Gives the passphrase of a wallet its name, where who made both ended before that; one that has it stays. */
export async function settlePassphrase(path: string, address: string): Promise<void> {
  const draft = passphraseDraftOf(path, address)
  const text = await readPrivateFile(draft, PASSPHRASE_BYTES)
  if (text === undefined) return
  await writeFileAtomic(passphraseFileOf(path), text, { mode: 0o600, exclusive: true })
  await rm(draft, { force: true })
}

/**
 * Opens a wallet with nobody there to type: its passphrase is beside it, or in the environment; `undefined` where there
 * is no wallet.
 *
 * @throws NodeError `NODE_PASSPHRASE` where the passphrase is in neither, or another wallet's; `NODE_KEY_PERMISSIONS`,
 *   `NODE_KEY_DAMAGED`
 */
export async function openUnattended(path: string): Promise<Wallet | undefined> {
  const keystore = await readKeystore(path)
  if (keystore === undefined) return undefined
  await settlePassphrase(path, keystore.address)
  const file = passphraseFileOf(path)
  const beside = await readPassphrase(file)
  const passphrase = beside ?? process.env[PASSPHRASE_VARIABLE]
  if (passphrase === undefined || passphrase === '') {
    throw new NodeError(
      'NODE_PASSPHRASE',
      `The wallet ${path} needs its passphrase, and nobody is there to type it: write it into ${file} (chmod 600), set ${PASSPHRASE_VARIABLE}, or name another wallet with payments.wallet.`,
      { details: { path, file } },
    )
  }
  try {
    return await unlockWallet(keystore, passphrase)
  } catch (cause) {
    if (errorCode(cause) !== 'CLIENT_WRONG_PASSWORD') throw cause
    const source = beside === undefined ? PASSPHRASE_VARIABLE : file
    throw new NodeError(
      'NODE_PASSPHRASE',
      `The passphrase in ${source} is not that of the wallet ${path}: put the right one there.`,
      { details: { path, source }, cause },
    )
  }
}

/**
 * The wallet that a node is paid to and pays fees from; a new one where there is none.
 *
 * @throws NodeError as {@link openUnattended}
 */
export async function openEarningWallet(path: string): Promise<Wallet> {
  const found = await openUnattended(path)
  if (found !== undefined) return found
  const wallet = walletFromKey(randomBytes(32))
  await keepUnattended(path, wallet)
  return wallet
}
