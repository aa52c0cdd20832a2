import { bytesSource } from '@neurovoyance/onnx'
import type { Env } from 'onnxruntime-common'
import type { Backend, ModelSource, SkippedProvider } from '../backend.js'
import { RuntimeError } from '../errors.js'
import { telling } from '../ort/failures.js'
import { loadOrtModel, type OrtRuntime } from '../ort/load-model.js'
import { readSignature } from '../ort/read-signature.js'

/** Providers in a browser. */
export type WebProvider = 'webgpu' | 'wasm'

/** Options of {@link createWebBackend}. */
export interface WebBackendInit {
  /** In order of preference; `wasm` is always the last resort. Default: `['wasm']`. */
  readonly providers?: readonly WebProvider[]
  /**
   * Where ONNX Runtime's `.wasm` (and `.mjs`) files are: a folder's URL ending in `/`, or the files' own.
   * Default: beside the script.
   */
  readonly wasmPaths?: string | { readonly wasm?: string; readonly mjs?: string }
  /** Threads; more than one needs a cross-origin isolated page. Default: ONNX Runtime's own choice. */
  readonly threads?: number
}

type OrtWeb = OrtRuntime & { readonly env: Env }

/**
 * ONNX Runtime for browsers, loaded when this is called. A run holds the thread that calls it: pages that stay
 * responsive make this in a worker.
 *
 * ONNX Runtime keeps `wasmPaths` and `threads` for the whole page: the first backend's are used.
 *
 * @throws RuntimeError RUNTIME_BACKEND_UNAVAILABLE
 */
export async function createWebBackend(init: WebBackendInit = {}): Promise<Backend> {
  const skipped: SkippedProvider[] = []
  const wantsGpu = init.providers?.[0] === 'webgpu'
  const reason = wantsGpu ? await whyNoGpu() : undefined
  if (reason !== undefined) skipped.push({ provider: 'webgpu', reason })
  const gpu = wantsGpu && reason === undefined
  const ort = await importOrt(gpu)
  if (init.wasmPaths !== undefined) ort.env.wasm.wasmPaths = init.wasmPaths
  if (init.threads !== undefined) ort.env.wasm.numThreads = init.threads
  const providers = gpu ? ['webgpu', 'wasm'] : ['wasm']
  return {
    name: 'onnxruntime-web',
    provider: providers[0]!,
    skipped,
    async load(source) {
      const inMemory = await fetched(source)
      const signature = await readSignature(bytesSource(inMemory.bytes))
      const options = { graphOptimizationLevel: 'all' as const }
      return loadOrtModel({ ort, source: inMemory, signature, providers, options })
    },
    close: async () => {},
  }
}

async function importOrt(gpu: boolean): Promise<OrtWeb> {
  try {
    return gpu ? await import('onnxruntime-web/webgpu') : await import('onnxruntime-web/wasm')
  } catch (error) {
    const message = `onnxruntime-web does not load: ${telling(error)}`
    throw new RuntimeError('RUNTIME_BACKEND_UNAVAILABLE', message, { cause: error })
  }
}

async function whyNoGpu(): Promise<string | undefined> {
  const gpu = (globalThis.navigator as { gpu?: { requestAdapter(): Promise<object | null> } } | undefined)
    ?.gpu
  if (gpu === undefined) return 'this browser has no WebGPU, or the page is not served from a secure origin'
  return (await gpu.requestAdapter()) === null ? 'the browser offers no graphics adapter' : undefined
}

async function fetched(source: ModelSource): Promise<Extract<ModelSource, { bytes: Uint8Array }>> {
  if ('bytes' in source) return source
  const response = await fetch(source.path).catch((error: unknown) => {
    throw notFound(source.path, telling(error), error)
  })
  if (!response.ok) throw notFound(source.path, `${response.status} ${response.statusText}`)
  return { bytes: new Uint8Array(await response.arrayBuffer()) }
}

function notFound(path: string, reason: string, cause?: unknown): RuntimeError {
  return new RuntimeError('RUNTIME_MODEL_NOT_FOUND', `The model at ${path} cannot be fetched: ${reason}`, {
    details: { path, reason },
    cause,
  })
}
