import type { Client } from '@neurovoyance/client'
import { NeurovoyanceError } from '@neurovoyance/protocol'
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
  let victim: NodeProcess

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
    victim = await running.promise
    await untilBusy(victim)
    await victim.kill()
    const result = await answer
    expect(result.node).not.toBe(victim.peerId)
    expect(result.attempts.length).toBeGreaterThan(1)
    expect(result.outputs.y).toEqual(outputs!.y)
  })

  it('a dead node is asked no more: its offer died with it', async () => {
    await untilDisconnected(client, victim.peerId)
    expect(client.market.offersFor(model).map(({ peerId }) => peerId)).not.toContain(victim.peerId)
    for (let run = 0; run < 5; run++) {
      const { attempts } = await client.infer({
        model,
        inputs: { ...slow().inputs, iterations: iterations(10) },
      })
      expect(attempts.map(({ peerId }) => peerId)).not.toContain(victim.peerId)
    }
  })

  it('all nodes gone: one clear error, in time', async () => {
    await Promise.all(hive.nodes.map(node => node.kill()))
    // Requests find out who is gone where no connection told it.
    let error = await errorInTime()
    while (client.market.offersFor(model).length > 0) {
      expect(error.code).toMatch(/^SCHEDULER_(NO_NODE|ALL_ATTEMPTS_FAILED|DEADLINE_EXCEEDED)$/)
      error = await errorInTime()
    }
    expect(await errorInTime()).toMatchObject({
      code: 'SCHEDULER_NO_NODE',
      message: expect.stringContaining(`No node hosted ${model}`),
    })
  })

  async function errorInTime(): Promise<NeurovoyanceError> {
    const startedMs = performance.now()
    const answer = client.infer({ model, inputs: slow().inputs, deadlineMs: DEADLINE_MS })
    const error = await answer.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(performance.now() - startedMs).toBeLessThan(DEADLINE_MS + SLACK_MS)
    expect(error).toBeInstanceOf(NeurovoyanceError)
    return error as NeurovoyanceError
  }
})

/** Waits until the client has no connection to a peer. */
async function untilDisconnected(client: Client, peerId: string): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const look = () => client.host.peers().every(peer => peer.peerId !== peerId) && resolve()
  const stop = client.host.onPeer(look)
  look()
  await promise
  stop()
}
