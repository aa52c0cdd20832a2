import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type Keystore, lockWallet, unlockWallet, type Wallet } from '@neurovoyance/client/wallet'
import { writeFileAtomic } from '@neurovoyance/p2p/node'
import { errorCode, isAddress } from '@neurovoyance/protocol'
import { readPrivateFile } from '../chain/validator-key.js'
import { NodeError } from '../errors.js'

const KEYSTORE_BYTES = 16 * 1024
const PASSPHRASE_BYTES = 4_096
/** A passphrase of 256 bits of chance needs no slow guess. */
const QUICK = { n: 2 ** 14 } as const

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
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
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
    'NODE_WALLET',
    `There is a wallet in ${path} already, and it is never replaced: give another name with --wallet, or move it away.`,
    { details: { path } },
  )

/**
 * Keeps a wallet that a program opens by itself: its passphrase is in a file beside it. Whoever reads the folder has
 * the coins, so it is for small sums: a local hive's, what a node pays fees from.
 */
export async function keepUnattended(path: string, wallet: Wallet): Promise<void> {
  const passphrase = randomBytes(32).toString('base64url')
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  await writeFileAtomic(passphraseFileOf(path), `${passphrase}\n`, { mode: 0o600 })
  await keepWallet(path, wallet, passphrase, QUICK)
}

/**
 * Opens a wallet that has its passphrase beside it; `undefined` where there is none.
 *
 * @throws NodeError `NODE_KEY_PERMISSIONS`, `NODE_KEY_DAMAGED`; ClientError `CLIENT_WRONG_PASSWORD`
 */
export async function openUnattended(path: string): Promise<Wallet | undefined> {
  const keystore = await readKeystore(path)
  const passphrase = await readPassphrase(passphraseFileOf(path))
  return keystore && passphrase !== undefined ? unlockWallet(keystore, passphrase) : undefined
}
