import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { slow } from '@neurovoyance/testing/models'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { type TemporaryModels, temporaryModels } from './temporary-models.js'

const PARENT = fileURLToPath(new URL('./parent-process.mjs', import.meta.url))

let models: TemporaryModels

beforeAll(async () => {
  models = await temporaryModels()
})
afterAll(() => models.remove())

/** Starts a process with an executor, kills it, and returns the id of the child it leaves. */
async function killParent(state: 'busy' | 'idle'): Promise<number> {
  const model = await models.add(slow())
  const parent = spawn(process.execPath, [PARENT, model.path, state], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(createInterface(parent.stdout), 'line')
  parent.kill('SIGKILL')
  await once(parent, 'exit')
  return Number(line)
}

/** Where nobody collects orphans, a dead one stays as a zombie. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return process.platform !== 'linux' || !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

describe('a child whose parent was killed', () => {
  it.each(['busy', 'idle'] as const)('ends when it is %s', async state => {
    const pid = await killParent(state)
    expect(pid).toBeGreaterThan(0)
    await vi.waitFor(() => expect(isAlive(pid)).toBe(false), { timeout: 10_000 })
  })
})
