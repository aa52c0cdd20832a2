import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from '@neurovoyance/client'
import type { Hive, NodeProcess } from '@neurovoyance/testing/hive'
import { add, iterations, memoryHog, slow } from '@neurovoyance/testing/models'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientOf, hiveOf, saveModel, untilHosted } from './fixture.js'
import { untilBusy } from './metrics.js'

describe('one node, one slot, 512 MiB', () => {
  let hive: Hive
  let node: NodeProcess
  let client: Client
  const models = { add: '', slow: '', hog: '' }

  beforeAll(async () => {
    hive = await hiveOf({ nodes: 0 })
    const home = join(hive.folder, 'tight')
    await mkdir(home, { recursive: true })
    await writeFile(join(home, 'config.jsonc'), '{ "runtime": { "slots": 1, "memoryMiB": 512 } }')
    node = await hive.join('tight')
    client = await clientOf(hive)
    for (const [name, model] of Object.entries({ add: add(), slow: slow(), hog: memoryHog() })) {
      models[name as keyof typeof models] = (await hive.addModel(await saveModel(model))).model
    }
    for (const model of Object.values(models)) await untilHosted(client, model, 1)
  })

  afterAll(async () => {
    await client?.close()
    await hive?.stop()
  })

  /** Another client's work: it has to be answered whatever the models do. */
  const othersWork = async () => {
    const { outputs } = await client.infer({ model: models.add, inputs: add().inputs })
    expect(outputs.sum).toEqual(add().outputs!.sum)
  }

  it('a run past its deadline: the slot is free again', async () => {
    const inputs = { ...slow().inputs, iterations: iterations(10_000_000) }
    await expect(client.infer({ model: models.slow, inputs, deadlineMs: 1_500 })).rejects.toMatchObject({
      code: expect.stringMatching(/DEADLINE_EXCEEDED|ALL_ATTEMPTS_FAILED/),
    })
    await othersWork()
  })

  it('a run that is cancelled: the slot is free again', async () => {
    const controller = new AbortController()
    const inputs = { ...slow().inputs, iterations: iterations(10_000_000) }
    const run = client.infer({ model: models.slow, inputs, signal: controller.signal })
    await untilBusy(node)
    controller.abort()
    await expect(run).rejects.toMatchObject({ code: 'SCHEDULER_CANCELLED' })
    await othersWork()
  })

  it('a model that takes all memory: a coded error, and the node lives', async () => {
    const inputs = { elements: memoryHog(600_000_000).inputs.elements! }
    await expect(client.infer({ model: models.hog, inputs, deadlineMs: 30_000 })).rejects.toMatchObject({
      message: expect.stringMatching(/memory/i),
    })
    await othersWork()
  })

  it('a child that crashes: the run ends with an answer or a coded error, and the node lives', async () => {
    const run = client
      .infer({
        model: models.slow,
        inputs: { ...slow().inputs, iterations: iterations(50_000) },
        deadlineMs: 60_000,
      })
      .then(
        () => 'answered',
        (error: { code: string }) => error.code,
      )
    await untilBusy(node)
    for (const pid of childrenOf(node.pid)) process.kill(pid, 'SIGKILL')
    expect(await run).toMatch(/^(answered|RUNTIME_CHILD_CRASHED|SCHEDULER_ALL_ATTEMPTS_FAILED)$/)
    await othersWork()
  })

  it('the heartbeats never stop while a model runs', async () => {
    let running = true
    const run = client
      .infer({
        model: models.slow,
        inputs: { ...slow().inputs, iterations: iterations(30_000) },
        deadlineMs: 60_000,
      })
      .finally(() => {
        running = false
      })
    await untilBusy(node)
    let beats = 0
    while (running) {
      expect((await fetch(`${node.gateway.url}/healthz`)).status).toBe(200)
      beats++
    }
    await run
    expect(beats).toBeGreaterThan(10)
  })
})

function childrenOf(pid: number): number[] {
  const list = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
  return list.trim().split(/\s+/).map(Number)
}
