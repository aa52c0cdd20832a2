import { createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto'
import { open } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ValidatorKey } from '@neurovoyance/ledger/node'
import { writeFileAtomic } from '@neurovoyance/p2p/node'
import { errorCode } from '@neurovoyance/protocol'
import { makeFolder } from '../config/make-folder.js'
import { NodeError } from '../errors.js'
import { isMissing } from '../files/is-missing.js'

/** What PKCS #8 writes before the 32 bytes of an Ed25519 secret key (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const SECRET_BYTES = 32
const FILE_BYTES = 256

/**
 * Reads a validator's key: 64 hexadecimal digits in a file that only its owner reads. It is another one than the
 * node's network key, so that neither falls with the other.
 *
 * @returns `undefined` where there is no file
 * @throws NodeError `NODE_KEY_PERMISSIONS`, `NODE_KEY_DAMAGED`
 */
export async function readValidatorKey(path: string): Promise<ValidatorKey | undefined> {
  const secret = await readValidatorSecret(path)
  return secret && validatorKeyFrom(secret)
}

/**
 * The 32 bytes of a validator's key, for another program to sign with.
 *
 * @throws NodeError as {@link readValidatorKey}
 */
export async function readValidatorSecret(path: string): Promise<Uint8Array | undefined> {
  const text = await readPrivateFile(path)
  if (text === undefined) return undefined
  if (/^[0-9a-f]{64}\s*$/.test(text)) return Buffer.from(text.trim(), 'hex')
  throw new NodeError(
    'NODE_KEY_DAMAGED',
    `${path} is not a validator's key: restore it from a backup. A new key is another validator.`,
    { details: { path } },
  )
}

/**
 * Makes a validator's key; one that is there stays.
 *
 * @throws NodeError as {@link readValidatorKey}
 */
export async function ensureValidatorKey(path: string): Promise<{ key: ValidatorKey; made: boolean }> {
  const found = await readValidatorKey(path)
  if (found !== undefined) return { key: found, made: false }
  const secret = randomBytes(SECRET_BYTES)
  await makeFolder(dirname(path))
  try {
    await writeFileAtomic(path, `${secret.toString('hex')}\n`, { mode: 0o600, exclusive: true })
    return { key: validatorKeyFrom(secret), made: true }
  } catch (error) {
    // another process of this home was faster: its key counts
    const other = errorCode(error) === 'EEXIST' ? await readValidatorKey(path) : undefined
    if (other === undefined) throw error
    return { key: other, made: false }
  }
}

/** A validator's key from its 32 bytes. */
export function validatorKeyFrom(secret: Uint8Array): ValidatorKey {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, secret]), format: 'der', type: 'pkcs8' })
  const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32)
  return { publicKey: Uint8Array.from(publicKey), sign: bytes => Uint8Array.from(sign(null, bytes, key)) }
}

/**
 * The text of a small file that nobody but its owner may read; `undefined` where there is none.
 *
 * @throws NodeError `NODE_KEY_PERMISSIONS`, `NODE_KEY_DAMAGED`
 */
export async function readPrivateFile(path: string, mostBytes = FILE_BYTES): Promise<string | undefined> {
  try {
    await using file = await open(path, 'r')
    const { mode, size } = await file.stat()
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new NodeError(
        'NODE_KEY_PERMISSIONS',
        `${path} can be read by other users of this machine: run chmod 600 on it, and use another key if someone may have copied it.`,
        { details: { path, mode: (mode & 0o777).toString(8) } },
      )
    }
    if (size > mostBytes) {
      throw new NodeError('NODE_KEY_DAMAGED', `${path} is larger than what is kept there.`, {
        details: { path },
      })
    }
    return await file.readFile('utf8')
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}
