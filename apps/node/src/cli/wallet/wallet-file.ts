import { join, resolve } from 'node:path'
import { type Keystore, unlockWallet, type Wallet } from '@neurovoyance/client/wallet'
import type { Home } from '../../config/home.js'
import { NodeError } from '../../errors.js'
import { hiveClientHome } from '../../hive/chain/layout.js'
import { passphraseFileOf, readKeystore, settlePassphrase, walletTaken } from '../../wallet/keystore-file.js'
import { passphrase } from './passphrase.js'

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

/**
 * The wallet of this home; where it has none, and a local hive runs from it, the hive's client's.
 *
 * @throws NodeError `NODE_WALLET` where there is none; `NODE_KEY_PERMISSIONS`
 */
export async function findWallet(home: Home, wallet: string): Promise<WalletFile> {
  const own = walletPath(home, wallet)
  const ofHive = join(hiveClientHome(home.hive), 'wallets', `${wallet}.json`)
  for (const path of wallet.endsWith('.json') ? [own] : [own, ofHive]) {
    const keystore = await readKeystore(path)
    if (keystore !== undefined) return { path, keystore }
  }
  throw new NodeError(
    'NODE_WALLET',
    `There is no wallet ${own}. Make one with 'nv wallet create', or 'nv wallet import' from its phrase.`,
    { details: { path: own } },
  )
}

/** Opens a wallet. @throws NodeError `NODE_PASSPHRASE`; ClientError `CLIENT_WRONG_PASSWORD` */
export async function openWallet(
  { path, keystore }: WalletFile,
  options: { passphraseFile?: string | undefined; signal: AbortSignal },
): Promise<Wallet> {
  await settlePassphrase(path, keystore.address)
  const words = await passphrase({
    file: options.passphraseFile,
    beside: passphraseFileOf(path),
    signal: options.signal,
  })
  return unlockWallet(keystore, words)
}

/** @throws NodeError `NODE_WALLET_TAKEN` where there is a wallet already, before anybody is asked for anything */
export async function refuseTaken(path: string): Promise<void> {
  if ((await readKeystore(path)) !== undefined) throw walletTaken(path)
}
