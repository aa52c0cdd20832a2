import type { Client } from '@neurovoyance/client'
import type { Hive, NodeProcess } from '@neurovoyance/testing/hive'
import { iterations, slow } from '@neurovoyance/testing/models'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientOf, hiveOf, hostEverywhere, untilHosted } from './fixture.js'
import { untilBusy } from './metrics.js'

const DEADLINE_MS = 3_000
/** A deadline's error comes at the deadline; the rest is for a machine that is busy with other tests. */
const SLACK_MS = 2_000

describe('when nodes die', () => {
  let hive: Hive
  let client: Client
  let model: string

  beforeAll(async () => {
    hive = await hiveOf({ nodes: 3 })
    model = await hostEverywhere(hive, slow())
    client = await clientOf(hive)
    await untilHosted(client, model, 3)
  })

  afterAll(async () => {
    await client?.close()
    await hive?.stop()
  })

  it('a node killed in the middle of a run: another one gives the right answer, within the deadline', async () => {
    const { inputs, outputs } = slow(20_000)
    const running = Promise.withResolvers<NodeProcess>()
    const answer = client.infer({
      model,
      inputs,
      deadlineMs: 60_000,
      onProgress: progress => {
        if (progress.phase === 'run' && progress.attempt === 0)
          running.resolve(hive.nodes.find(({ peerId }) => peerId === progress.node)!)
      },
    })
    const victim = await running.promise
    await untilBusy(victim)
    await victim.kill()
    const result = await answer
    expect(result.node).not.toBe(victim.peerId)
    expect(result.attempts.length).toBeGreaterThan(1)
    expect(result.outputs.y).toEqual(outputs!.y)
  })

  it('a dead node is asked no more: its offer died with it', async () => {
    const dead = hive.nodes.filter(({ peerId }) => !client.host.peers().some(peer => peer.peerId === peerId))
    expect(dead).toHaveLength(1)
    expect(client.market.offersFor(model).map(({ peerId }) => peerId)).not.toContain(dead[0]!.peerId)
    const { attempts } = await client.infer({
      model,
      inputs: { ...slow().inputs, iterations: iterations(10) },
    })
    expect(attempts).toHaveLength(1)
  })

  it('all nodes gone: one clear error, in time', async () => {
    const allGone = untilNoneHosts(client, model)
    await Promise.all(hive.nodes.map(node => node.kill()))
    await allGone
    const startedMs = performance.now()
    await expect(
      client.infer({ model, inputs: slow().inputs, deadlineMs: DEADLINE_MS }),
    ).rejects.toMatchObject({
      code: 'SCHEDULER_NO_NODE',
      message: expect.stringContaining(`No node hosted ${model}`),
    })
    expect(performance.now() - startedMs).toBeLessThan(DEADLINE_MS + SLACK_MS)
  })
})

/** Waits until the client has seen every node go that hosts a model. */
async function untilNoneHosts(client: Client, model: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const stop = client.host.onPeer(() => client.market.offersFor(model).length === 0 && resolve())
  await promise
  stop()
}
