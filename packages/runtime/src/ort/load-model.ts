import { type ModelSignature, validateInputs } from '@neurovoyance/onnx'
import type { TensorMap } from '@neurovoyance/protocol'
import type { InferenceSession, InferenceSessionFactory, TensorConstructor } from 'onnxruntime-common'
import type { LoadedModel, ModelSource } from '../backend.js'
import { checkOutputs } from './check-outputs.js'
import { loadFailure, runFailure } from './failures.js'
import { fromOrtResults, toOrtFeeds } from './tensors.js'

/** What Node's and the browser's ONNX Runtime have in common. */
export interface OrtRuntime {
  readonly InferenceSession: InferenceSessionFactory
  readonly Tensor: TensorConstructor
}

/** Everything {@link loadOrtModel} needs. */
export interface LoadOrtModelInit {
  readonly ort: OrtRuntime
  readonly source: ModelSource
  readonly signature: ModelSignature
  /** Tried in order. */
  readonly providers: readonly string[]
  readonly options: InferenceSession.SessionOptions
}

/** Makes a session on the first provider that takes the model. */
export async function loadOrtModel(init: LoadOrtModelInit): Promise<LoadedModel> {
  const { ort, signature } = init
  const { session, provider } = await createSession(init)
  return {
    signature,
    provider,
    async run(inputs, outputs) {
      const descriptions = Object.entries(inputs).map(([name, { type, dims }]) => ({ name, type, dims }))
      validateInputs(signature, descriptions)
      checkOutputs(signature, outputs)
      return runSession(ort, session, inputs, outputs)
    },
    release: () => session.release(),
  }
}

async function createSession({
  ort,
  source,
  providers,
  options: base,
}: LoadOrtModelInit): Promise<{ session: InferenceSession; provider: string }> {
  let failure: unknown
  for (const provider of providers) {
    try {
      return { session: await open(ort, source, { ...base, executionProviders: [provider] }), provider }
    } catch (error) {
      failure = error
    }
  }
  throw loadFailure(failure, 'path' in source ? source.path : 'the model')
}

function open(
  ort: OrtRuntime,
  source: ModelSource,
  options: InferenceSession.SessionOptions,
): Promise<InferenceSession> {
  if ('path' in source) return ort.InferenceSession.create(source.path, options)
  if (source.files === undefined) return ort.InferenceSession.create(source.bytes, options)
  const externalData = Object.entries(source.files).map(([path, data]) => ({ path, data }))
  return ort.InferenceSession.create(source.bytes, { ...options, externalData })
}

async function runSession(
  ort: OrtRuntime,
  session: InferenceSession,
  inputs: TensorMap,
  outputs: readonly string[] | undefined,
): Promise<TensorMap> {
  try {
    const feeds = toOrtFeeds(inputs, ort.Tensor)
    return fromOrtResults(await (outputs === undefined ? session.run(feeds) : session.run(feeds, outputs)))
  } catch (error) {
    throw runFailure(error)
  }
}
