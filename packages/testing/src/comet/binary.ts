import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const VERSION = 'v0.38.25'
const PACKAGE = `github.com/cometbft/cometbft/cmd/cometbft@${VERSION}`
const GO = ['go', '/usr/local/go/bin/go']

const run = promisify(execFile)

/**
 * A real CometBFT: the one that `NEUROVOYANCE_COMETBFT` names, or one that is built here and kept for the next time.
 * `undefined` where there is neither it nor Go.
 */
export async function findComet(): Promise<string | undefined> {
  const named = process.env.NEUROVOYANCE_COMETBFT
  if (named !== undefined) return named
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'neurovoyance')
  const path = join(cache, `cometbft-${VERSION}`, 'cometbft')
  if (existsSync(path)) return path
  const go = await findGo()
  if (go === undefined) return undefined
  mkdirSync(cache, { recursive: true })
  const draft = mkdtempSync(join(cache, 'building-'))
  try {
    await run(go, ['install', PACKAGE], { env: { ...process.env, GOBIN: draft } })
    mkdirSync(join(cache, `cometbft-${VERSION}`), { recursive: true })
    renameSync(join(draft, 'cometbft'), path)
    return path
  } catch {
    // Go without a way to its modules is as good as none.
    return undefined
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

async function findGo(): Promise<string | undefined> {
  for (const go of GO) {
    const works = await run(go, ['version']).then(
      () => true,
      () => false,
    )
    if (works) return go
  }
  return undefined
}
