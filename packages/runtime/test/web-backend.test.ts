import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { add, buildModel, node, value } from '@neurovoyance/testing/models'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWebBackend } from '../src/web/index.js'

let server: Server
let url: string

beforeAll(async () => {
  server = createServer((request, response) => {
    response.writeHead(request.url === '/add.onnx' ? 200 : 404)
    response.end(request.url === '/add.onnx' ? add().bytes : '')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterAll(() => server.close())

describe('onnxruntime-web', () => {
  it('loads a model from its address', async () => {
    const backend = await createWebBackend({ threads: 1 })
    const model = await backend.load({ path: `${url}/add.onnx` })
    expect(await model.run(add().inputs)).toEqual(add().outputs)
    const path = `${url}/none.onnx`
    await expect(backend.load({ path })).rejects.toMatchObject({
      code: 'RUNTIME_MODEL_NOT_FOUND',
      details: { path, reason: expect.stringContaining('404') },
    })
  })

  it('takes external data beside the bytes', async () => {
    const weights = Float32Array.of(1, 2, 3)
    const external = { location: 'weights.bin', offset: '0', length: '12' }
    const bytes = buildModel({
      graph: {
        inputs: [value('x', 'float32', [3])],
        outputs: [value('y', 'float32', [3])],
        nodes: [node('Mul', ['x', 'weights'], ['y'])],
        initializers: [{ name: 'weights', type: 'float32', dims: [3], external }],
      },
    })
    const backend = await createWebBackend({ threads: 1 })
    const model = await backend.load({ bytes, files: { 'weights.bin': new Uint8Array(weights.buffer) } })
    const { y } = await model.run({ x: { type: 'float32', dims: [3], data: Float32Array.of(10, 10, 10) } })
    expect(y!.data).toEqual(Float32Array.of(10, 20, 30))
  })

  it.skipIf('gpu' in navigator)('says why it does not use WebGPU (skipped where there is one)', async () => {
    const backend = await createWebBackend({ providers: ['webgpu', 'wasm'], threads: 1 })
    expect(backend.provider).toBe('wasm')
    expect(backend.skipped).toEqual([{ provider: 'webgpu', reason: expect.stringMatching(/WebGPU/) }])
  })
})
