import { addressOf, soleKey } from '@neurovoyance/ledger'
import { formatAddress } from '@neurovoyance/protocol'
import { ed25519 } from '@noble/curves/ed25519.js'
import { openSigning } from '#signing'
import { ClientError } from '../errors.js'
import { accountPath, deriveKey } from './derive.js'
import { phraseSeed } from './phrase.js'

/** A key that speaks for an account. */
export interface Wallet {
  /** `nv1…` */
  readonly address: string
  /** 32 bytes. */
  readonly publicKey: Uint8Array
  /** The Ed25519 signature (64 bytes) of a message. */
  sign(message: Uint8Array): Uint8Array
  /** The secret key, 32 bytes, to be kept somewhere safe. Nothing prints it. */
  exportKey(): Uint8Array
}

const KEY_BYTES = 32

/**
 * A wallet from its secret key.
 *
 * @throws ClientError `CLIENT_INVALID_ARGUMENT` for another length than 32 bytes
 */
export function walletFromKey(secretKey: Uint8Array): Wallet {
  if (secretKey.length !== KEY_BYTES) {
    throw new ClientError('CLIENT_INVALID_ARGUMENT', `a secret key has 32 bytes, not ${secretKey.length}`)
  }
  const key = Uint8Array.from(secretKey)
  const publicKey = ed25519.getPublicKey(key)
  const address = formatAddress(addressOf(soleKey(publicKey)))
  return {
    address,
    publicKey,
    sign: openSigning(key),
    exportKey: () => Uint8Array.from(key),
    // what logs and JSON see
    ...{ toJSON: () => ({ address }) },
  }
}

/**
 * A wallet from its phrase.
 *
 * @param account which of the phrase's accounts; the first one is 0
 * @throws ClientError `CLIENT_BAD_PHRASE`
 */
export async function walletFromPhrase(
  phrase: string,
  { account = 0, passphrase = '' }: { account?: number; passphrase?: string } = {},
): Promise<Wallet> {
  return walletFromKey(deriveKey(await phraseSeed(phrase, passphrase), accountPath(account)))
}
