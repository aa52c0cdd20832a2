import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, it, onTestFinished } from 'vitest'
import { IDENTITY_FILE, loadIdentity, rotateIdentity } from '../../src/node/index.ts'
import { peer } from './hosts.ts'

let home: string

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'nv-identity-'))
  onTestFinished(() => rm(home, { recursive: true }))
})

it('makes a key that only its owner can read, and comes back with it', async () => {
  const first = await peer({ home })
  const { mode } = await stat(join(home, IDENTITY_FILE))
  expect(mode & 0o777).toBe(0o600)
  await first.close()
  expect((await peer({ home })).peerId).toBe(first.peerId)
})

it('gives two processes that start at once the same key', async () => {
  const keys = await Promise.all(Array.from({ length: 8 }, () => loadIdentity(home)))
  expect(new Set(keys.map(key => key.publicKey.toString())).size).toBe(1)
  expect(await readdir(home)).toEqual([IDENTITY_FILE])
})

it.skipIf(process.platform === 'win32')('refuses a key that others could read', async () => {
  await loadIdentity(home)
  await chmod(join(home, IDENTITY_FILE), 0o644)
  await expect(loadIdentity(home)).rejects.toMatchObject({
    code: 'P2P_IDENTITY_PERMISSIONS',
    message: expect.stringContaining('chmod 600'),
    details: { path: join(home, IDENTITY_FILE), mode: '644' },
  })
})

it.each([
  ['is cut short', (key: Uint8Array) => key.subarray(0, 40)],
  ['is empty', () => new Uint8Array(0)],
  ['is something else', () => new Uint8Array(68).fill(7)],
  ['is far too long', () => new Uint8Array(1_000_000)],
])('refuses a key that %s, and leaves it as it is', async (_, damage) => {
  await loadIdentity(home)
  const path = join(home, IDENTITY_FILE)
  const damaged = damage(await readFile(path))
  await writeFile(path, damaged)
  await expect(loadIdentity(home)).rejects.toMatchObject({
    code: 'P2P_IDENTITY_MALFORMED',
    details: { path },
  })
  expect(new Uint8Array(await readFile(path))).toEqual(new Uint8Array(damaged))
})

it('rotates, keeping the old key', async () => {
  const old = await loadIdentity(home)
  const oldBytes = await readFile(join(home, IDENTITY_FILE))
  const { key, previous } = await rotateIdentity(home, () => new Date('2030-01-02T03:04:05.678Z'))
  expect(key.publicKey.equals(old.publicKey)).toBe(false)
  expect(previous).toBe(join(home, 'identity.2030-01-02T03-04-05.678Z.key'))
  expect(await readFile(previous as string)).toEqual(oldBytes)
  expect((await stat(previous as string)).mode & 0o777).toBe(0o600)
  expect((await loadIdentity(home)).publicKey.equals(key.publicKey)).toBe(true)
})

it('rotates a home without a key by making one', async () => {
  const { key, previous } = await rotateIdentity(home)
  expect(previous).toBeUndefined()
  expect((await loadIdentity(home)).publicKey.equals(key.publicKey)).toBe(true)
})
