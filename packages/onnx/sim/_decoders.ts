import {
  bytesSource,
  checkModel,
  decodeManifest,
  encodeManifest,
  MANIFEST_FORMAT,
  modelId,
  modelSignature,
  openModel,
} from '@neurovoyance/onnx'
import { honestModels } from '@neurovoyance/testing/models'

/** What every decoder of this package gives the fuzzer of the protocol package. */
interface Decoder {
  readonly name: string
  readonly samples: readonly Uint8Array[]
  decode(bytes: Uint8Array): unknown
  readonly encode?: (value: never) => Uint8Array
  readonly codes: string
  readonly share?: number
}

const SMALL_BYTES = 2048
const codes = 'ONNX_'

/** Every decoder of this package. */
export function decoders(): Decoder[] {
  const samples = honestModels()
    .map(({ bytes }) => bytes)
    .filter(({ byteLength }) => byteLength < SMALL_BYTES)
  const inline = samples.filter(bytes => !Buffer.from(bytes).includes('location'))
  return [
    { name: 'onnx/model', samples, decode: bytes => openModel(bytesSource(bytes)), codes, share: 2 },
    { name: 'onnx/checkedModel', samples, decode: openChecked, codes },
    { name: 'onnx/modelId', samples: inline, decode: openIdentified, codes, share: 0.25 },
    {
      name: 'onnx/manifest',
      samples: [sampleManifest()],
      decode: decodeManifest,
      encode: encodeManifest,
      codes,
    },
  ]
}

/** The facts of a model; those of the samples that carry tensors only have a signature too. */
async function openChecked(bytes: Uint8Array): Promise<unknown> {
  const model = await openModel(bytesSource(bytes))
  return [checkModel(model), modelSignature(model)]
}

async function openIdentified(bytes: Uint8Array): Promise<string> {
  return modelId(await openModel(bytesSource(bytes)))
}

function sampleManifest(): Uint8Array {
  const x = { name: 'x', type: 'float32', dims: ['n', 3, null], optional: false } as const
  const model = {
    name: 'model',
    path: 'onnx/model.onnx',
    id: `onnx1-${'0'.repeat(64)}`,
    inputs: [x],
    outputs: [{ ...x, name: 'y', dims: null }],
    externalData: [{ path: 'onnx/model.onnx_data', bytes: 4096 }],
  }
  return encodeManifest({ format: MANIFEST_FORMAT, name: 'sample', default: 'model', models: [model] })
}
