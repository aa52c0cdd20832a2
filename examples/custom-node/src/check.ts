import assert from 'node:assert/strict'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient } from '@neurovoyance/client'
import type { models } from '@neurovoyance/node'
import type { Host } from '@neurovoyance/p2p'
import { createTensor } from '@neurovoyance/protocol'
import { add } from '@neurovoyance/testing/models'

/** Gives the node a model, and has a client that knows only its address run it. */
export async function check({
  network,
  models: store,
}: {
  network: Host
  models: Awaited<ReturnType<ReturnType<typeof models>>>
}): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'custom-node-model-'))
  const path = join(folder, 'add.onnx')
  await writeFile(path, add().bytes)
  const { model } = await store.add({ kind: 'path', path })

  await using client = await createClient({ bootstrap: network.addresses() })
  const vector = createTensor('float32', new Float32Array([1, 2, 3]), [3])
  const { outputs } = await client.infer({ model, inputs: { a: vector, b: vector } })
  console.log(outputs)
  assert.deepEqual([...Object.values(outputs)[0]!.data], [2, 4, 6])
}
