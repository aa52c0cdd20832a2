import { join } from 'node:path'
import type { Tensor, TensorData } from '@neurovoyance/protocol'
import { honestModels, identity, sequenceOutput } from '@neurovoyance/testing/models'
import ort from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { bytesSource, modelSignature, openModel, validateInputs } from '../src/index.js'
import { checkBundle } from '../src/node/index.js'
import { folderOf } from './bundle-on-disk.js'

/** ONNX Runtime's binding reads float16 elements as 16-bit integers only, its tensors hold `Float16Array`s. */
function ortTensor({ type, data, dims }: Tensor): ort.Tensor {
  const tensor = new ort.Tensor(type, data as Uint8Array, dims)
  return type === 'float16' ? Object.assign(tensor, { cpuData: data }) : tensor
}

function plain(data: TensorData | ArrayBufferView): unknown {
  if (!ArrayBuffer.isView(data)) return data
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('hex')
}

describe('honest test models', () => {
  it.each(honestModels().map(model => [model.name, model] as const))(
    '%s runs, passes the check and gives its outputs',
    async (_, model) => {
      const dir = await folderOf({ 'model.onnx': model.bytes, ...model.files })
      const [report] = (await checkBundle(dir)).models
      const session = await ort.InferenceSession.create(join(dir, 'model.onnx'), { intraOpNumThreads: 1 })
      const feeds = Object.fromEntries(
        Object.entries(model.inputs).map(([name, tensor]) => [name, ortTensor(tensor)]),
      )
      const outputs = await session.run(feeds)

      expect(report!.inputs.filter(({ optional }) => !optional).map(({ name }) => name)).toEqual(
        session.inputNames,
      )
      expect(report!.outputs.map(({ name }) => name)).toEqual(session.outputNames)
      validateInputs(
        report!,
        Object.entries(model.inputs).map(([name, tensor]) => ({ name, ...tensor })),
      )
      validateInputs(
        { inputs: report!.outputs },
        Object.entries(outputs).map(([name, { type, dims }]) => ({ name, type, dims })),
      )
      for (const [name, expected] of Object.entries(model.outputs ?? {})) {
        const { type, dims, data } = outputs[name]!
        expect({ name, type, dims, data: plain(data as TensorData) }).toEqual({
          name,
          type: expected.type,
          dims: expected.dims,
          data: plain(expected.data),
        })
      }
      await session.release()
    },
  )

  it('has expected outputs for all but the perceptron', () => {
    expect(
      honestModels()
        .filter(({ outputs }) => outputs === undefined)
        .map(({ name }) => name),
    ).toEqual(['mlp-2x64'])
  })
})

describe('test models that ONNX Runtime loads and its JavaScript API cannot run', () => {
  it('gives sequences a coded error', async () => {
    const model = await openModel(bytesSource(sequenceOutput().bytes))
    expect(() => modelSignature(model)).toThrow(expect.objectContaining({ code: 'ONNX_UNSUPPORTED_TYPE' }))
  })

  it.each(['uint4', 'int4'] as const)('reads %s, which no CPU kernel takes', async type => {
    const model = await openModel(bytesSource(identity(type).bytes))
    expect(modelSignature(model).inputs[0]).toMatchObject({ type, dims: [2, 3] })
  })
})
