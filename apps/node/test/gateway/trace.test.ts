import { join } from 'node:path'
import { silentLogger } from '@neurovoyance/protocol'
import { add } from '@neurovoyance/testing/models'
import { expect, it } from 'vitest'
import { parseConfig } from '../../src/config/file.js'
import { resolveHome } from '../../src/config/home.js'
import { startReferenceNode } from '../../src/reference-node.js'
import { folder, saveModel, untilHosted } from '../hive/fixture.js'

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

it('a trace context given to the gateway is in the log of the node that ran the model', async () => {
  const logged: object[] = []
  await using node = await startReferenceNode({
    role: 'peer',
    home: resolveHome(join(await folder('trace'), 'home')),
    config: parseConfig({
      listen: { host: '127.0.0.1', tcp: 0, ws: null },
      gateway: { port: 0 },
      mdns: false,
      nat: false,
    }),
    logger: { ...silentLogger, debug: (fields, message) => logged.push({ ...fields, message }) },
  })
  const { client, gateway, models, network } = node.services
  const { model } = await models!.add({ kind: 'path', path: await saveModel(add()) })
  await untilHosted(client, model, 1)
  const inputs = ['a', 'b'].map(name => ({ name, shape: [3], datatype: 'FP32', data: [1, 2, 3] }))
  const response = await fetch(`${gateway.url}/v2/models/${model}/infer`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.token}`, traceparent: TRACE },
    body: JSON.stringify({ inputs }),
  })
  expect(response.status).toBe(200)
  expect(logged).toContainEqual(
    expect.objectContaining({
      message: 'ran a model',
      trace: TRACE,
      client: network.peerId,
      model: `${model}/model.onnx`,
      runUs: expect.any(Number),
    }),
  )
})
