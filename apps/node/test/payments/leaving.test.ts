import type { NodeProcess } from '@neurovoyance/testing/hive'
import { add } from '@neurovoyance/testing/models'
import { describe, expect, it } from 'vitest'
import { untilHosted } from '../hive/fixture.js'
import { metric } from '../hive/metrics.js'
import { usePaidHive } from './paid-hive.js'

/** Waits until so many transactions wait for a block at a node. */
async function untilWaiting(node: NodeProcess, count: number): Promise<void> {
  while ((await metric(node, 'chain_pool')) < count) await new Promise(setImmediate)
}

describe('leaving in the middle of redeeming, on a chain that stands still', () => {
  const testModel = add()
  const paid = usePaidHive(testModel, ['node-1', 'node-2'], { validating: true })

  it('ends a node that is told to, and one whose supervisor is gone', { timeout: 90_000 }, async () => {
    const { hive, model } = paid
    const { client, payments } = await hive.client()
    await untilHosted(client, model, 2)
    const answered = new Set<string>()
    while (answered.size < 2) {
      const { node } = await client.infer({ model, inputs: testModel.inputs, deadlineMs: 60_000 })
      answered.add(node)
    }
    // two validators of three decide nothing
    await hive.bootstrap.kill()
    const stop = new AbortController()
    const settling = payments.settle({ signal: stop.signal }).catch(() => [])
    await Promise.all(hive.nodes.map(node => untilWaiting(node, 2)))

    const [first, second] = hive.nodes
    const codes = await Promise.all([first!.stop(), second!.abandon()])
    expect(codes).toEqual([0, 0])
    for (const node of hive.nodes) expect(node.log()).not.toMatch(/did not leave in time/)
    stop.abort()
    await settling
  })
})
