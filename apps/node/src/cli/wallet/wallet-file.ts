import { mkdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { type Keystore, lockWallet, unlockWallet, type Wallet } from '@neurovoyance/client/wallet'
import { writeFileAtomic } from '@neurovoyance/p2p/node'
import { errorCode } from '@neurovoyance/protocol'
import { readPrivateFile } from '../../chain/validator-key.js'
import type { Home } from '../../config/home.js'
import { NodeError } from '../../errors.js'
import { hiveClientHome } from '../../hive/chain/layout.js'
import { passphrase } from './passphrase.js'

const KEYSTORE_BYTES = 16 * 1024

/** A keystore on disk. */
export interface WalletFile {
  readonly path: string
  readonly keystore: Keystore
}

/** Where a wallet is kept: by its name in the home, or a file. */
export function walletPath(home: Pick<Home, 'wallets'>, wallet: string): string {
  if (wallet.endsWith('.json')) return resolve(wallet)
  if (/^[A-Za-z0-9._-]{1,64}$/.test(wallet)) return join(home.wallets, `${wallet}.json`)
  throw new NodeError('NODE_USAGE', `'${wallet}' is no name of a wallet: letters, digits, dots and dashes.`)
}

/** The file beside a keystore in which a local hive keeps its passphrase. */
export const besideOf = (path: string): string => path.replace(/\.json$/, '.passphrase')

/**
 * The wallet of this home; where it has none, and a local hive runs from it, the hive's client's.
 *
 * @throws NodeError `NODE_WALLET` where there is none; `NODE_KEY_PERMISSIONS`
 */
export async function findWallet(home: Home, wallet: string): Promise<WalletFile> {
  const places = [walletPath(home, wallet), join(hiveClientHome(home.hive), 'wallets', `${wallet}.json`)]
  for (const path of wallet.endsWith('.json') ? places.slice(0, 1) : places) {
    const text = await readPrivateFile(path, KEYSTORE_BYTES)
    if (text !== undefined) return { path, keystore: parseKeystore(path, text) }
  }
  throw new NodeError(
    'NODE_WALLET',
    `There is no wallet ${places[0]}. Make one with 'nv wallet create', or 'nv wallet import' from its phrase.`,
    { details: { path: places[0]! } },
  )
}

/** Opens a wallet. @throws NodeError `NODE_PASSPHRASE`; ClientError `CLIENT_WRONG_PASSWORD` */
export async function openWallet(
  { path, keystore }: WalletFile,
  options: { passphraseFile?: string | undefined; signal: AbortSignal },
): Promise<Wallet> {
  const words = await passphrase({
    file: options.passphraseFile,
    beside: besideOf(path),
    signal: options.signal,
  })
  return unlockWallet(keystore, words)
}

/**
 * Keeps a wallet under a passphrase, in a file that only its owner reads; one that is there stays.
 *
 * @throws NodeError `NODE_WALLET` where there is one; ClientError `CLIENT_WEAK_PASSWORD`
 */
export async function keepWallet(path: string, wallet: Wallet, words: string, cost = {}): Promise<void> {
  const keystore = await lockWallet(wallet, words, cost)
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  try {
    await writeFileAtomic(path, `${JSON.stringify(keystore, null, 2)}\n`, { mode: 0o600, exclusive: true })
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error
    throw taken(path)
  }
}

/** @throws NodeError `NODE_WALLET` where there is a wallet already, before anybody is asked for anything */
export async function refuseTaken(path: string): Promise<void> {
  if ((await readPrivateFile(path, KEYSTORE_BYTES)) !== undefined) throw taken(path)
}

const taken = (path: string): NodeError =>
  new NodeError(
    'NODE_WALLET',
    `There is a wallet in ${path} already, and it is never replaced: give another name with --wallet, or move it away.`,
    { details: { path } },
  )

function parseKeystore(path: string, text: string): Keystore {
  try {
    return JSON.parse(text) as Keystore
  } catch (cause) {
    throw new NodeError(
      'NODE_KEY_DAMAGED',
      `${path} is not a keystore: restore it from a backup, or import its phrase.`,
      {
        details: { path },
        cause,
      },
    )
  }
}
