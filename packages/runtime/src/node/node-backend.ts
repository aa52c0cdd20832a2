import { bytesSource, type ModelSignature } from '@neurovoyance/onnx'
import { fileSource } from '@neurovoyance/onnx/node'
import type { Backend, ModelSource, SkippedProvider } from '../backend.js'
import { probeGraph } from '../core/reference-graphs.js'
import { RuntimeError } from '../errors.js'
import { telling } from '../ort/failures.js'
import { loadOrtModel, type OrtRuntime } from '../ort/load-model.js'
import { readSignature } from '../ort/read-signature.js'

/** Options of {@link createNodeBackend}. */
export interface NodeBackendInit {
  /**
   * Providers in order of preference; `cpu` is always the last resort. Default: `['cpu']`, whose results are
   * the same on every machine of a kind.
   */
  readonly providers?: readonly NodeProvider[]
  /** Threads of one operator; 0 leaves it to ONNX Runtime (one per core). Default: 0. */
  readonly threads?: number
}

/** Providers that onnxruntime-node knows on one system or another. */
export type NodeProvider = 'cpu' | 'cuda' | 'webgpu' | 'dml' | 'coreml'

type OrtNode = OrtRuntime & { listSupportedBackends(): readonly { name: string; bundled: boolean }[] }

/**
 * ONNX Runtime in **this** process: a run blocks the thread that calls it and cannot be stopped. Programs
 * that do anything else meanwhile use `createExecutor`, which keeps one of these in each child process.
 *
 * The graph optimisation level is ONNX Runtime's default, so results equal those of a plain
 * `InferenceSession.create(path)` bit for bit.
 *
 * @throws RuntimeError RUNTIME_BACKEND_UNAVAILABLE
 */
export async function createNodeBackend(init: NodeBackendInit = {}): Promise<Backend> {
  const ort = await importOrt()
  const options = {
    graphOptimizationLevel: 'all' as const,
    intraOpNumThreads: init.threads ?? 0,
    // Threads that wait for work spin, by default for longer than a run's pauses: on cores that they share
    // with the network and with other people's work that doubles a run. So short a spin bridges the pauses
    // within a run, costs nothing on an idle machine, and is over when the answer is on its way.
    extra: { session: { intra_op: { spin_duration_us: '50' } } },
  }
  const wanted = [...new Set([...(init.providers ?? []), 'cpu'])]
  const preferred = wanted.slice(0, wanted.indexOf('cpu') + 1)
  const skipped: SkippedProvider[] = []
  const providers: string[] = []
  for (const provider of preferred) {
    const reason = provider === 'cpu' ? undefined : await whyNot(ort, provider, options)
    if (reason === undefined) providers.push(provider)
    else skipped.push({ provider, reason })
  }
  return {
    name: 'onnxruntime-node',
    provider: providers[0]!,
    skipped,
    async load(source) {
      const signature = await signatureOf(source)
      return loadOrtModel({ ort, source, signature, providers, options })
    },
    close: async () => {},
  }
}

async function signatureOf(source: ModelSource): Promise<ModelSignature> {
  if ('bytes' in source) return readSignature(bytesSource(source.bytes))
  const file = await fileSource(source.path)
  try {
    return await readSignature(file)
  } finally {
    await file.close()
  }
}

async function importOrt(): Promise<OrtNode> {
  // Builds from 1.30 on tell Microsoft of every session, with an id of the device, unless they are told not to.
  process.env.ORT_DISABLE_TELEMETRY = '1'
  try {
    const module = (await import('onnxruntime-node')) as unknown as { default: OrtNode }
    return module.default
  } catch (error) {
    const message = `onnxruntime-node does not load on ${process.platform}-${process.arch}: ${telling(error)}`
    throw new RuntimeError('RUNTIME_BACKEND_UNAVAILABLE', message, { cause: error })
  }
}

/** Why a provider does not work here, or `undefined` where it does. */
async function whyNot(ort: OrtNode, provider: string, options: object): Promise<string | undefined> {
  const known = ort.listSupportedBackends().map(each => each.name)
  if (!known.includes(provider)) {
    return `this build of onnxruntime-node has no ${provider} on ${process.platform}-${process.arch}; it has ${known.join(', ')}`
  }
  try {
    const graph = probeGraph()
    const source = { bytes: graph.bytes }
    const signature = await signatureOf(source)
    const model = await loadOrtModel({ ort, source, signature, providers: [provider], options })
    const data = BigInt64Array.from(graph.size, BigInt)
    await model.run({ size: { type: 'int64', dims: [data.length], data } })
    await model.release()
    return undefined
  } catch (error) {
    return explain(provider, telling(error))
  }
}

function explain(provider: string, reason: string): string {
  if (/shared library|cannot open shared object/i.test(reason)) {
    return `the ${provider} libraries are not installed beside onnxruntime-node (${reason})`
  }
  if (/adapter/i.test(reason)) return `no graphics adapter was found (${reason})`
  return reason
}
