import { execFile, spawn } from 'node:child_process'
import { NV } from '../hive/fixture.js'

/** What a call of `nv` came to. */
export interface Called {
  readonly code: number
  readonly out: string
  readonly err: string
  /** Standard output as JSON. */
  json<T = Record<string, unknown>>(): T
}

/** Runs `nv` as a user does. */
export function nv(args: readonly string[], env: Record<string, string> = {}): Promise<Called> {
  return new Promise(resolve => {
    execFile(
      process.execPath,
      [NV, ...args],
      { env: { ...process.env, ...env }, maxBuffer: 16 * 1024 * 1024 },
      (error, out, err) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1
        resolve({ code, out, err, json: () => JSON.parse(out) })
      },
    )
  })
}

/** Starts `nv` and leaves it running. */
export function spawnNv(args: readonly string[]) {
  return spawn(process.execPath, [NV, ...args], { stdio: ['pipe', 'pipe', 'pipe'] })
}
