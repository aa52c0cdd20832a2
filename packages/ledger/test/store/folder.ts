import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** A folder that goes when the test ends. */
export function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'ledger-store-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}
