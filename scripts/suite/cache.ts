import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { root } from '../launch/workspace.mjs'
import { workspacePackages } from './packages.ts'
import type { Tally } from './tally.ts'

const folder = path.join(root, 'node_modules', '.cache', 'neurovoyance')

/** Does `work`, or takes what it came to the last time where `key` is as it was and nothing failed. */
export async function cached(
  name: string,
  key: string,
  log: (text: string) => void,
  work: () => Promise<Tally>,
): Promise<Tally> {
  const file = path.join(folder, `${name}.json`)
  const before = readEntry(file)
  if (before?.key === key) {
    log(`${name}: nothing changed since it passed\n`)
    return before.tally
  }
  const tally = await work()
  if (tally.failed.length === 0) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, JSON.stringify({ key, tally }))
  }
  return tally
}

/** A hash of texts and bytes, in their order. */
export function hashOf(parts: Iterable<string | Uint8Array>): string {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\0')
  return hash.digest('hex')
}

/** What a package publishes and is built to; a tarball's own bytes will not do, pnpm orders its fields anew each time. */
const published = ['package.json', 'dist', 'bin', 'proto']

/** A hash of all that the workspace was built to, and of what it stands on. */
export function builtHash(): string {
  const files = workspacePackages()
    .flatMap(({ dir }) => published.map(name => path.join(root, dir, name)))
    .filter(file => existsSync(file))
    .flatMap(filesUnder)
    .sort()
  const parts = files.flatMap(file => [path.relative(root, file), readFileSync(file)])
  return hashOf([process.version, readFileSync(path.join(root, 'pnpm-lock.yaml')), ...parts])
}

function filesUnder(file: string): string[] {
  if (!statSync(file).isDirectory()) return [file]
  return readdirSync(file, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && !entry.name.endsWith('.map'))
    .map(entry => path.join(entry.parentPath, entry.name))
}

function readEntry(file: string): { key: string; tally: Tally } | undefined {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}
