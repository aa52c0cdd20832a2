import { addModel, startNode } from '@neurovoyance/testing/hive'
import { add } from '@neurovoyance/testing/models'
import { expect, it } from 'vitest'
import { folder, NV, saveModel } from './fixture.js'

it('a node that knows nobody runs its own model at once, by CID and by name', async () => {
  const node = await startNode({ nv: NV, command: 'start', home: await folder('alone') })
  try {
    const { model, name } = await addModel(node, { kind: 'path', path: await saveModel(add()) })
    for (const reference of [model, name]) {
      const response = await fetch(`${node.gateway.url}/v2/models/${reference}/infer`, {
        method: 'POST',
        headers: { authorization: `Bearer ${node.gateway.token}` },
        body: JSON.stringify({
          inputs: ['a', 'b'].map(input => ({ name: input, shape: [3], datatype: 'FP32', data: [1, 2, 3] })),
        }),
      })
      expect(await response.json()).toMatchObject({ outputs: [{ data: [2, 4, 6] }] })
    }
  } finally {
    await node.stop()
  }
})
