// What a child process costs: a run through the executor against ONNX Runtime in this process, on a model of
// about 10 ms with 16 kB in and out (`ratio`) and on one of next to nothing (`roundTripP50Ms`), and how fast
// large tensors pass the pipe both ways. A sample is the median of a burst of runs.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { TensorMap } from '@neurovoyance/protocol'
import { createExecutor } from '@neurovoyance/runtime/node'
import { interleave, measure, report } from '@neurovoyance/testing/bench'
import { add, type TestModel, tenMillisecondMlp } from '@neurovoyance/testing/models'
import ort from 'onnxruntime-node'

// This process runs models itself, to compare; ONNX Runtime would tell its makers of it.
process.env.ORT_DISABLE_TELEMETRY = '1'

const MiB = 1024 * 1024
const dir = await mkdtemp(join(tmpdir(), 'neurovoyance-bench-'))
const executor = await createExecutor()

async function write({ name, bytes }: TestModel) {
  const path = join(dir, `${name}-${bytes.byteLength}.onnx`)
  await writeFile(path, bytes)
  return { id: path, path }
}

function toOrt(tensors: TensorMap): Record<string, ort.Tensor> {
  const entries = Object.entries(tensors).map(([name, { data, dims }]): [string, ort.Tensor] => [
    name,
    new ort.Tensor('float32', data as Float32Array, dims),
  ])
  return Object.fromEntries(entries)
}

const REST_MS = 50
const BURST = 10

// A default session's threads go on spinning for about 30 ms after a run: neither side starts in the other's.
async function burst(run: () => Promise<unknown>): Promise<number> {
  await setTimeout(REST_MS)
  return (await measure({ run, rounds: BURST })).summary.p50
}

interface PairInit {
  readonly rounds: number
  readonly options?: ort.InferenceSession.SessionOptions
}

async function pair(test: TestModel, { rounds, options }: PairInit) {
  const model = await write(test)
  const session = await ort.InferenceSession.create(model.path, options)
  const feeds = toOrt(test.inputs)
  const compared = await interleave({
    ours: () => burst(() => executor.run({ model, inputs: test.inputs })),
    theirs: () => burst(() => session.run(feeds)),
    rounds,
    warmup: 2,
  })
  await session.release()
  return compared
}

const ONE_THREAD = { intraOpNumThreads: 1 }
const mlp = tenMillisecondMlp()
const byDefault = await pair(mlp, { rounds: 20 })
const oneThread = await pair(mlp, { rounds: 20, options: ONE_THREAD })
const better = byDefault.theirs.summary.p50 <= oneThread.theirs.summary.p50 ? byDefault : oneThread

const tiny = await pair(add({ dims: [4096] }), { rounds: 60, options: ONE_THREAD })

const large = add({ dims: [8, 256, 1024] })
const largeModel = await write(large)
const pipe = await measure({
  run: () => executor.run({ model: largeModel, inputs: large.inputs }),
  rounds: 30,
})
const movedMiB = (8 * 256 * 1024 * 4 * 3) / MiB

await executor.close()
await rm(dir, { recursive: true })

report({
  bench: 'executor',
  metrics: {
    ratio: better.ratio,
    executorP50Ms: better.ours.summary.p50,
    inProcessP50Ms: better.theirs.summary.p50,
    overheadMs: better.ours.summary.p50 - better.theirs.summary.p50,
    roundTripP50Ms: tiny.ours.summary.p50 - tiny.theirs.summary.p50,
    pipeMiBPerS: movedMiB / (pipe.summary.p50 / 1000),
  },
  targets: { ratio: '<=1.1', roundTripP50Ms: '<=0.3' },
  spread: {
    executor: { unit: 'ms', ...better.ours.summary },
    'in process': { unit: 'ms', ...better.theirs.summary },
    'executor, 16 kB added': { unit: 'ms', ...tiny.ours.summary },
    'in process, 16 kB added': { unit: 'ms', ...tiny.theirs.summary },
  },
})
