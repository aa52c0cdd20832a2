import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { type Client, createClient } from '@neurovoyance/client'
import { percentile } from '@neurovoyance/testing/bench'
import { type Hive, startHive } from '@neurovoyance/testing/hive'
import { add, type TestModel, tenMillisecondMlp } from '@neurovoyance/testing/models'
import { InferenceSession, Tensor } from 'onnxruntime-node'

// This process runs models itself, to compare; ONNX Runtime would tell its makers of it.
process.env.ORT_DISABLE_TELEMETRY = '1'
// As `nv` does, and as the client's README advises to programs that ask often: both sides here gain by it.
setFlagsFromString('--semi-space-growth-factor=1')

/** One bootstrap and one node in processes of their own, a client in this one, and the same model in all. */
export interface Scene {
  readonly hive: Hive
  readonly client: Client
  readonly model: string
  /** The model's file, and the folder that it is in. */
  readonly path: string
  readonly dir: string
  readonly inputs: TestModel['inputs']
  /** Runs the model in this process, with the threads that are best here. */
  runLocally(): Promise<Record<string, Tensor>>
  /** Threads of the local session; 0 = ONNX Runtime's own choice. */
  readonly localThreads: number
  close(): Promise<void>
}

const CALIBRATION_TURNS = 5
const CALIBRATION_RUNS = 8
const CALIBRATIONS = 8
/** What a model of about 10 ms may take, in milliseconds. */
const ABOUT_TEN = { min: 9.3, max: 11 }
const WARM_UP_RUNS = 2_000

/** Sets the scene: a model of about 10 ms on this machine, hosted by one node, and every process compiled warm. */
export async function setScene(): Promise<Scene> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'))
  const hive = await startHive({ nv: fileURLToPath(new URL('../bin/nv.js', import.meta.url)), nodes: 1 })
  const client = await createClient({ bootstrap: hive.bootstrap })
  await warmUp(hive, client)
  // last of all: the machine is faster or slower for minutes at a time
  const { testModel, path, dir, session, ...local } = await calibratedModel(folder)
  const { model } = await hive.addModel(dir)
  await client.infer({ model, inputs: testModel.inputs })
  return {
    hive,
    client,
    model,
    path,
    dir,
    inputs: testModel.inputs,
    runLocally: local.run,
    localThreads: local.threads,
    async close() {
      await client.close()
      await hive.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Runs of a tiny model with tensors of the same size, until the path's code is compiled, as on a node that has been up for a minute. */
export async function warmUp(
  to: { addModel(path: string): Promise<{ readonly model: string }> },
  client: Client,
): Promise<void> {
  const { bytes, inputs } = add({ dims: [64, 64] })
  const dir = await mkdtemp(join(tmpdir(), 'bench-add-'))
  try {
    await writeFile(join(dir, 'model.onnx'), bytes)
    const { model } = await to.addModel(dir)
    for (let run = 0; run < WARM_UP_RUNS; run++) await client.infer({ model, inputs })
  } finally {
    await rm(dir, { recursive: true, force: true })
  }
}

/** Both answers have to be the same, bit for bit. */
export function assertSame(ours: { readonly data: unknown }, theirs: { readonly data: unknown }): void {
  const [one, other] = [ours.data, theirs.data].map(data =>
    Buffer.from(
      (data as Float32Array).buffer,
      (data as Float32Array).byteOffset,
      (data as Float32Array).byteLength,
    ),
  )
  if (!one!.equals(other!)) throw new Error('the answer of the network differs from the local one')
}

/** A model that takes about 10 ms here now, and the session that takes the least. */
async function calibratedModel(folder: string) {
  const dir = join(folder, 'ten-ms')
  await mkdir(dir)
  const path = join(dir, 'model.onnx')
  let layers = 64
  for (let attempt = 0; attempt < CALIBRATIONS; attempt++) {
    const testModel = tenMillisecondMlp(layers)
    await writeFile(path, testModel.bytes)
    const { ms, ...best } = await bestSession(path, testModel)
    if (ms > ABOUT_TEN.min && ms < ABOUT_TEN.max) return { testModel, path, dir, ...best }
    await best.session.release()
    layers = Math.max(4, Math.round((layers * 10) / ms))
  }
  throw new Error('no model takes about 10 ms here: the machine is too busy to measure on')
}

async function bestSession(path: string, { inputs }: TestModel) {
  const feeds = Object.fromEntries(
    Object.entries(inputs).map(([name, { type, data, dims }]) => [
      name,
      new Tensor(type as 'float32', data as Float32Array, dims),
    ]),
  )
  const candidates = await Promise.all(
    [0, 1].map(async threads => {
      const session = await InferenceSession.create(path, threads === 0 ? {} : { intraOpNumThreads: threads })
      const run = () => session.run(feeds) as Promise<Record<string, Tensor>>
      return { threads, run, session, times: [] as number[], ms: 0 }
    }),
  )
  // in turns, so that what else the machine does for a while does not choose
  for (let turn = 0; turn < CALIBRATION_TURNS; turn++) {
    for (const { run, times } of candidates) {
      for (let index = 0; index < CALIBRATION_RUNS; index++) {
        const startMs = performance.now()
        await run()
        times.push(performance.now() - startMs)
      }
    }
  }
  // what it takes undisturbed: on a busy machine the median is others' work, too, and the model came out too small
  for (const candidate of candidates) candidate.ms = percentile(candidate.times, 0.25)
  candidates.sort((a, b) => a.ms - b.ms)
  const [best, other] = candidates
  await other!.session.release()
  return best!
}
