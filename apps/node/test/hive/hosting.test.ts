import type { Client } from '@neurovoyance/client'
import type { Hive } from '@neurovoyance/testing/hive'
import { add } from '@neurovoyance/testing/models'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { clientOf, hiveOf, saveModel, untilHosted } from './fixture.js'

let hive: Hive
let client: Client

beforeAll(async () => {
  hive = await hiveOf({ nodes: 3 })
  client = await clientOf(hive)
})

afterAll(async () => {
  await client?.close()
  await hive?.stop()
})

it('a model that is used comes alive on other nodes by itself, and outlives the node that had it', async () => {
  const [first, ...others] = hive.nodes
  const { model } = await hive.addModel(await saveModel(add()), { node: first! })
  const used = await client.infer({ model, inputs: add().inputs })
  expect(used.node).toBe(first!.peerId)

  // Nobody asks the other nodes to host it: they see that it is used, and that it has one host.
  await untilHosted(client, model, hive.nodes.length)
  await first!.kill()

  const answer = await client.infer({ model, inputs: add().inputs })
  expect(answer.outputs.sum).toEqual(add().outputs!.sum)
  expect(others.map(({ peerId }) => peerId)).toContain(answer.node)
}, 180_000)
