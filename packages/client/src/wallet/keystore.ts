import { type Random, systemRandom } from '@neurovoyance/protocol'
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js'
import { scryptAsync } from '@noble/hashes/scrypt.js'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { z } from 'zod'
import { ClientError } from '../errors.js'
import { type Wallet, walletFromKey } from './wallet.js'

const hex = (bytes: number) => z.string().regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`))

const keystoreSchema = z.strictObject({
  version: z.literal(1),
  address: z.string(),
  kdf: z.strictObject({
    name: z.literal('scrypt'),
    // bounds: a keystore from a stranger must not take all memory before its password is even tried
    n: z.union([
      z.literal(2 ** 14),
      z.literal(2 ** 15),
      z.literal(2 ** 16),
      z.literal(2 ** 17),
      z.literal(2 ** 18),
    ]),
    r: z.literal(8),
    p: z.int().min(1).max(4),
    salt: hex(32),
  }),
  cipher: z.strictObject({ name: z.literal('xchacha20-poly1305'), nonce: hex(24), text: hex(48) }),
})

/** A wallet under a password, as JSON: scrypt makes the key, XChaCha20-Poly1305 locks the secret. */
export type Keystore = z.infer<typeof keystoreSchema>

/** Half a second and 128 MiB on a laptop: what a guess costs. */
const SCRYPT = { n: 2 ** 17, r: 8, p: 1 } as const
const KEY_BYTES = 32
const LEAST_PASSWORD = 8

/**
 * Locks a wallet under a password.
 *
 * @throws ClientError `CLIENT_WEAK_PASSWORD` for one of less than eight letters
 */
export async function lockWallet(
  wallet: Wallet,
  password: string,
  { random = systemRandom, n = SCRYPT.n }: { random?: Random; n?: Keystore['kdf']['n'] } = {},
): Promise<Keystore> {
  if ([...password].length < LEAST_PASSWORD) {
    throw new ClientError('CLIENT_WEAK_PASSWORD', `a password has ${LEAST_PASSWORD} letters at least`)
  }
  const kdf = { name: 'scrypt', ...SCRYPT, n, salt: bytesToHex(random.bytes(32)) } as const
  const nonce = random.bytes(24)
  const key = await keyOf(password, kdf)
  const text = xchacha20poly1305(key, nonce, aad(wallet.address)).encrypt(wallet.exportKey())
  return {
    version: 1,
    address: wallet.address,
    kdf,
    cipher: { name: 'xchacha20-poly1305', nonce: bytesToHex(nonce), text: bytesToHex(text) },
  }
}

/**
 * Opens a keystore.
 *
 * @throws ClientError `CLIENT_BAD_KEYSTORE` for what is none, `CLIENT_WRONG_PASSWORD`
 */
export async function unlockWallet(keystore: unknown, password: string): Promise<Wallet> {
  const parsed = keystoreSchema.safeParse(keystore)
  if (!parsed.success) {
    throw new ClientError('CLIENT_BAD_KEYSTORE', `this is not a keystore: ${z.prettifyError(parsed.error)}`)
  }
  const { address, kdf, cipher } = parsed.data
  const key = await keyOf(password, kdf)
  const wallet = walletFromKey(opened(key, cipher, address))
  if (wallet.address === address) return wallet
  throw new ClientError('CLIENT_BAD_KEYSTORE', `the key in this keystore is not that of ${address}`)
}

function opened(key: Uint8Array, { nonce, text }: Keystore['cipher'], address: string): Uint8Array {
  try {
    return xchacha20poly1305(key, hexToBytes(nonce), aad(address)).decrypt(hexToBytes(text))
  } catch {
    throw new ClientError(
      'CLIENT_WRONG_PASSWORD',
      'the password does not open this keystore, or the keystore was changed',
      { details: { address } },
    )
  }
}

const aad = (address: string): Uint8Array => new TextEncoder().encode(`neurovoyance/keystore/1\0${address}`)

async function keyOf(password: string, { n, r, p, salt }: Keystore['kdf']): Promise<Uint8Array> {
  return scryptAsync(password.normalize('NFKC'), hexToBytes(salt), { N: n, r, p, dkLen: KEY_BYTES })
}
