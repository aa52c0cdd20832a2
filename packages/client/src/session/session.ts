import type { Tensor, TensorMap } from '@neurovoyance/protocol'
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-common'
import { ClientError } from '../errors.js'
import { type InferResult, infer } from '../inference/infer.js'
import { describeModel } from '../models/describe.js'
import type { ModelReference } from '../models/reference.js'
import type { ModelSignature, TensorSignature } from '../models/signature.js'
import type { PayingContext } from '../paying-port.js'
import { parseRunArguments } from './run-arguments.js'
import { fillOrtTensor, fromOrtTensor, toOrtTensor } from './tensor.js'

/** What a session tells of each run beside its outputs: who made it and how long it took. */
export type SessionRun = Omit<InferResult, 'outputs'> & { readonly model: ModelReference }

/** Options of a session. */
export interface SessionInit {
  /** Milliseconds for each run, and for asking what the model takes. Default 30,000. */
  deadlineMs?: number
  /** Ends the session's runs when it aborts. */
  signal?: AbortSignal
  /** Called after each run. */
  onRun?: (run: SessionRun) => void
}

/**
 * Opens a session on a model of the network: onnxruntime's `InferenceSession` in everything that does not
 * depend on the machine. Runs may be made side by side; each goes to the node that is likely to answer first.
 *
 * ```ts
 * const session = await createSession(client, 'bafy…/det')
 * const { output } = await session.run({ x: new Tensor('float32', pixels, [1, 3, 640, 640]) })
 * ```
 *
 * @throws ClientError as `infer` does
 */
export async function createSession(
  client: PayingContext,
  model: ModelReference,
  init: SessionInit = {},
): Promise<InferenceSession> {
  const { deadlineMs, signal } = init
  const signature = await describeModel(client, model, {
    ...(deadlineMs !== undefined && { deadlineMs }),
    ...(signal && { signal }),
  })
  return new HiveSession(client, model, signature, init)
}

class HiveSession implements InferenceSession {
  readonly inputNames: readonly string[]
  readonly outputNames: readonly string[]
  readonly inputMetadata: readonly InferenceSession.ValueMetadata[]
  readonly outputMetadata: readonly InferenceSession.ValueMetadata[]
  readonly #client: PayingContext
  readonly #model: ModelReference
  readonly #init: SessionInit
  readonly #optional: ReadonlySet<string>
  #released = false

  constructor(client: PayingContext, model: ModelReference, signature: ModelSignature, init: SessionInit) {
    this.#client = client
    this.#model = model
    this.#init = init
    this.#optional = new Set(signature.inputs.filter(input => input.optional).map(input => input.name))
    this.inputNames = signature.inputs.map(input => input.name)
    this.outputNames = signature.outputs.map(output => output.name)
    this.inputMetadata = signature.inputs.map(toMetadata)
    this.outputMetadata = signature.outputs.map(toMetadata)
  }

  async run(
    feeds: InferenceSession.FeedsType,
    arg1?: unknown,
    arg2?: unknown,
  ): Promise<InferenceSession.ReturnType> {
    if (this.#released) throw new ClientError('CLIENT_CLOSED', 'the session was released; create another one')
    const { outputs, given } = parseRunArguments(this.outputNames, arg1, arg2)
    const { deadlineMs, signal, onRun } = this.#init
    const result = await infer(this.#client, {
      model: this.#model,
      inputs: await this.#toInputs(feeds),
      outputs,
      ...(deadlineMs !== undefined && { deadlineMs }),
      ...(signal && { signal }),
    })
    const { outputs: tensors, ...run } = result
    onRun?.({ ...run, model: this.#model })
    return toReturn(tensors, given)
  }

  async release(): Promise<void> {
    this.#released = true
  }

  startProfiling(): void {
    throw unprofiled()
  }

  endProfiling(): void {
    throw unprofiled()
  }

  /** The model's inputs among the feeds: ONNX Runtime, too, passes over what the model does not have. */
  async #toInputs(feeds: InferenceSession.FeedsType): Promise<TensorMap> {
    const inputs: Record<string, Tensor> = {}
    for (const name of this.inputNames) {
      const tensor = feeds[name]
      if (tensor !== undefined) inputs[name] = await fromOrtTensor(tensor)
      else if (!this.#optional.has(name)) {
        throw new ClientError('CLIENT_INPUT_MISSING', `input '${name}' is missing in 'feeds'.`, {
          details: { name },
        })
      }
    }
    return inputs
  }
}

function toReturn(tensors: TensorMap, given: ReadonlyMap<string, OrtTensor>): InferenceSession.ReturnType {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => {
      const result = toOrtTensor(tensor)
      const into = given.get(name)
      return [name, into === undefined ? result : fillOrtTensor(into, result)]
    }),
  )
}

function toMetadata({ name, type, dims = [] }: TensorSignature): InferenceSession.ValueMetadata {
  if (!isTensorType(type)) return { name, isTensor: false }
  return { name, isTensor: true, type, shape: dims.map(dim => dim ?? '') }
}

function isTensorType(type: string): type is OrtTensor.Type {
  return !/^(sequence|map|optional|sparse|opaque|unknown)/.test(type)
}

function unprofiled(): ClientError {
  return new ClientError(
    'CLIENT_UNSUPPORTED',
    'a session on the network cannot be profiled: pass onRun to see each run',
  )
}
