import { constants } from 'node:fs'
import { mkdir, open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { generateKeyPair, privateKeyFromProtobuf, privateKeyToProtobuf } from '@libp2p/crypto/keys'
import type { Ed25519PrivateKey } from '@libp2p/interface'
import { errorCode } from '@neurovoyance/protocol'
import { P2pError } from '../errors.js'
import { writeFileAtomic } from './write-file-atomic.js'

/** The name of the identity key's file in a home folder. */
export const IDENTITY_FILE = 'identity.key'

/** A protobuf Ed25519 private key has 68 bytes; anything far from that is not one. */
const IDENTITY_MAX_BYTES = 256

/**
 * Reads the identity key of a home folder, or makes one where there is none.
 *
 * The file holds libp2p's protobuf of an Ed25519 private key and is readable by its owner only.
 *
 * @throws P2pError `P2P_IDENTITY_PERMISSIONS` when others could read it, `P2P_IDENTITY_MALFORMED`,
 * `P2P_IDENTITY_UNREADABLE`
 */
export async function loadIdentity(home: string): Promise<Ed25519PrivateKey> {
  const path = join(home, IDENTITY_FILE)
  return (await readIdentity(path)) ?? (await createIdentity(path))
}

/**
 * Gives a home folder a new identity; the old key stays beside it as `identity.<time>.key`.
 *
 * @returns the new key's peer id's key, and where the old one is kept (absent where there was none)
 */
export async function rotateIdentity(
  home: string,
  now: () => Date = () => new Date(),
): Promise<{ key: Ed25519PrivateKey; previous?: string }> {
  const path = join(home, IDENTITY_FILE)
  const old = await readIdentity(path)
  if (old === undefined) return { key: await createIdentity(path) }
  const previous = join(home, `identity.${now().toISOString().replaceAll(':', '-')}.key`)
  await writeFileAtomic(previous, privateKeyToProtobuf(old), { mode: 0o600, exclusive: true })
  const key = await generateKeyPair('Ed25519')
  await writeFileAtomic(path, privateKeyToProtobuf(key), { mode: 0o600 })
  return { key, previous }
}

async function createIdentity(path: string): Promise<Ed25519PrivateKey> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const key = await generateKeyPair('Ed25519')
  try {
    await writeFileAtomic(path, privateKeyToProtobuf(key), { mode: 0o600, exclusive: true })
    return key
  } catch (error) {
    // another process of the same home was faster: its key counts
    const other = errorCode(error) === 'EEXIST' ? await readIdentity(path) : undefined
    if (other !== undefined) return other
    throw unreadable(path, error)
  }
}

async function readIdentity(path: string): Promise<Ed25519PrivateKey | undefined> {
  let bytes: Uint8Array
  try {
    const file = await open(path, constants.O_RDONLY)
    try {
      const { mode, size } = await file.stat()
      assertPrivate(path, mode)
      if (size > IDENTITY_MAX_BYTES) throw malformed(path)
      bytes = await file.readFile()
    } finally {
      await file.close()
    }
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error instanceof P2pError ? error : unreadable(path, error)
  }
  return parseIdentity(path, bytes)
}

function parseIdentity(path: string, bytes: Uint8Array): Ed25519PrivateKey {
  try {
    const key = privateKeyFromProtobuf(bytes)
    if (key.type === 'Ed25519') return key
  } catch (cause) {
    throw malformed(path, cause)
  }
  throw malformed(path)
}

function assertPrivate(path: string, mode: number): void {
  if (process.platform === 'win32' || (mode & 0o077) === 0) return
  throw new P2pError(
    'P2P_IDENTITY_PERMISSIONS',
    `${path} can be read by other users (mode ${(mode & 0o777).toString(8)}): run chmod 600 on it, and rotate the identity if someone may have copied it`,
    { details: { path, mode: (mode & 0o777).toString(8) } },
  )
}

function malformed(path: string, cause?: unknown): P2pError {
  return new P2pError(
    'P2P_IDENTITY_MALFORMED',
    `${path} is not an Ed25519 identity key: restore it from a backup, or move it away to get a new identity`,
    { details: { path }, cause },
  )
}

function unreadable(path: string, cause: unknown): P2pError {
  return new P2pError(
    'P2P_IDENTITY_UNREADABLE',
    `cannot read or create ${path}: ${cause instanceof Error ? cause.message : String(cause)}`,
    { details: { path }, cause },
  )
}
