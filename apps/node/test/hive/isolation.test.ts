import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Client } from '@neurovoyance/client'
import type { Hive, NodeProcess } from '@neurovoyance/testing/hive'
import { add, iterations, memoryHog, slow } from '@neurovoyance/testing/models'
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest'
import { clientOf, hiveOf, saveModel, untilHosted } from './fixture.js'
import { untilHeldUp } from './metrics.js'

/** Beats that are listened to while a model runs that does not end. */
const BEATS = 20

describe('one node, one slot, 512 MiB', () => {
  let hive: Hive
  let node: NodeProcess
  let client: Client
  let other: Client
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
    other = await clientOf(hive)
    for (const model of Object.values(models)) await untilHosted(client, model, 1)
    await untilHosted(other, models.add, 1)
  })

  afterAll(async () => {
    await client?.close()
    await other?.close()
    await hive?.stop()
  })

  /**
   * Does something while another client works with the same node: every one of its runs has to be answered, the last
   * one after what was done here is over.
   */
  async function whileOthersWork<T>({ annotate }: TestContext, act: () => Promise<T>): Promise<T> {
    let acting = true
    const work = repeat(
      () => acting,
      async () => {
        const { outputs } = await other.infer({ model: models.add, inputs: add().inputs, deadlineMs: 60_000 })
        expect(outputs.sum).toEqual(add().outputs!.sum)
      },
    )
    const acted = act().finally(() => {
      acting = false
    })
    const [result, runs] = await Promise.all([acted, work])
    await annotate(`${runs} runs of another client meanwhile and after it`)
    return result
  }

  /** Listens to the node's heart. */
  async function hearBeats(): Promise<void> {
    for (let beat = 0; beat < BEATS; beat++)
      expect((await fetch(`${node.gateway.url}/healthz`)).status).toBe(200)
  }

  it('a run past its deadline: the slot is free again', context =>
    whileOthersWork(context, async () => {
      const inputs = { ...slow().inputs, iterations: iterations(10_000_000) }
      await expect(client.infer({ model: models.slow, inputs, deadlineMs: 1_500 })).rejects.toMatchObject({
        code: expect.stringMatching(/DEADLINE_EXCEEDED|ALL_ATTEMPTS_FAILED/),
      })
    }))

  it('a run that does not end: the heart beats all the time; cancelled, its slot is free again', context =>
    whileOthersWork(context, async () => {
      const controller = new AbortController()
      const inputs = { ...slow().inputs, iterations: iterations(10_000_000) }
      const run = client.infer({
        model: models.slow,
        inputs,
        deadlineMs: 600_000,
        signal: controller.signal,
      })
      await untilHeldUp(node)
      // A heart that stood still while a model runs would stand still for good.
      await hearBeats()
      controller.abort()
      await expect(run).rejects.toMatchObject({ code: 'SCHEDULER_CANCELLED' })
    }))

  it('a model that takes all memory: a coded error, and the node lives', context =>
    whileOthersWork(context, async () => {
      const inputs = { elements: memoryHog(600_000_000).inputs.elements! }
      await expect(client.infer({ model: models.hog, inputs, deadlineMs: 30_000 })).rejects.toMatchObject({
        message: expect.stringMatching(/memory/i),
      })
    }))

  it('a child that crashes: the run ends with an answer or a coded error, and the node lives', context =>
    whileOthersWork(context, async () => {
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
      await untilHeldUp(node)
      for (const pid of childrenOf(node.pid)) process.kill(pid, 'SIGKILL')
      expect(await run).toMatch(/^(answered|RUNTIME_CHILD_CRASHED|SCHEDULER_ALL_ATTEMPTS_FAILED)$/)
    }))
})

/** Does something again and again while a condition holds, at least once; returns how often. */
async function repeat(holds: () => boolean, act: () => Promise<void>): Promise<number> {
  let times = 0
  do {
    await act()
    times++
  } while (holds())
  return times
}

function childrenOf(pid: number): number[] {
  const list = execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
  return list.trim().split(/\s+/).map(Number)
}
