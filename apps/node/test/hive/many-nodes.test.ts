import { basename } from 'node:path'
import { type Client, createClient } from '@neurovoyance/client'
import type { Hive } from '@neurovoyance/testing/hive'
import { add } from '@neurovoyance/testing/models'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hiveOf, saveModel, untilHosted } from './fixture.js'
import { untilPeer } from './peers.js'

const NODES = 20
const JOIN_WITHIN_MS = 20_000
const WAVES = 2
/** Half of them are killed, half are stopped. */
const WAVE_NODES = 6
/** Other tests run beside this one: no answer is given up that may still come. */
const PATIENCE_MS = 120_000

describe(`${NODES} nodes on one machine`, () => {
  let hive: Hive
  let client: Client
  let model: string
  let joinedMs: number

  beforeAll(async () => {
    const startedMs = performance.now()
    hive = await hiveOf({ nodes: NODES })
    await Promise.all(hive.nodes.map(node => untilPeer(node)))
    joinedMs = performance.now() - startedMs
    model = (await hive.addModel(await saveModel(add()))).model
    client = await createClient({ bootstrap: hive.bootstrap, connectTimeoutMs: PATIENCE_MS })
    await untilHosted(client, model, 1)
  }, 900_000)

  afterAll(async () => {
    await client?.close()
    await hive?.stop()
  }, 60_000)

  const answered = async (count: number) => {
    const runs = Array.from({ length: count }, () =>
      client.infer({ model, inputs: add().inputs, deadlineMs: PATIENCE_MS }),
    )
    for (const { outputs } of await Promise.all(runs)) expect(outputs.sum).toEqual(add().outputs!.sum)
  }

  it('all are up, each with peers, and answer', async ({ annotate }) => {
    await annotate(
      `${NODES} nodes joined in ${(joinedMs / 1000).toFixed(1)} s (to do it in: ${JOIN_WITHIN_MS / 1000} s)`,
    )
    expect(hive.nodes).toHaveLength(NODES)
    await answered(20)
  })

  it('they leave and rejoin in waves, and every inference is answered', async ({ annotate }) => {
    let runs = 0
    /** Something that happens to a node, with an inference under way meanwhile, and one when it has happened. */
    const asking = async <T>(event: Promise<T>): Promise<T> => {
      const [result] = await Promise.all([event, answered(1)])
      await answered(1)
      runs += 2
      return result
    }
    // the first node keeps the model; who else hosts it is for the hive to decide
    const others = hive.nodes.slice(1)
    for (let first = 0; first < WAVES * WAVE_NODES; first += WAVE_NODES) {
      const leaving = others.slice(first, first + WAVE_NODES)
      await Promise.all(
        leaving.map((node, index) => asking<unknown>(index % 2 === 0 ? node.kill() : node.stop())),
      )
      const back = await Promise.all(leaving.map(({ home }) => asking(hive.join(basename(home)))))
      await Promise.all(back.map(node => asking(untilPeer(node))))
    }
    await annotate(`${runs} inferences answered during ${WAVES} waves of ${WAVE_NODES} nodes`)
    expect(runs).toBe(WAVES * WAVE_NODES * 6)
  }, 600_000)
})
