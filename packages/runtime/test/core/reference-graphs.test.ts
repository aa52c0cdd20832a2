import { describe, expect, it } from 'vitest'
import { matMulGraph, type ReferenceGraph, streamGraph } from '../../src/core/reference-graphs.js'
import { createNodeBackend } from '../../src/node/index.js'

async function result(graph: ReferenceGraph): Promise<number> {
  const backend = await createNodeBackend({ threads: 1 })
  const model = await backend.load({ bytes: graph.bytes })
  const data = BigInt64Array.from(graph.size, BigInt)
  const { result } = await model.run({ size: { type: 'int64', dims: [data.length], data } })
  await model.release()
  return (result!.data as Float32Array)[0]!
}

describe('reference graphs', () => {
  it('multiply as often as they say: each turn is a sum of width products with 1/128', async () => {
    expect(await result(matMulGraph(64, 3))).toBe((64 / 128) ** 3 / 128)
    expect(matMulGraph(64, 3).flop).toBe(3 * 2 * 64 ** 3)
  })

  it('double as often as they say', async () => {
    expect(await result(streamGraph(1000, 5))).toBe(2 ** 5 / 128)
    expect(streamGraph(1000, 5).bytesMoved).toBe(6 * 8 * 1000)
  })
})
