import { InferenceService } from '@neurovoyance/protocol'
import { assertOpen, type ClientContext, requestSignal } from '../context.js'
import type { ModelFile, ModelReference } from './reference.js'
import { resolveModel } from './resolve.js'
import { type ModelSignature, toSignature } from './signature.js'

/** Most signatures that a client keeps. */
const SIGNATURES_KEPT = 256

/** Options of `describeModel`. */
export interface DescribeModelOptions {
  /** Time for everything. Default: the client's. */
  deadlineMs?: number
  signal?: AbortSignal
}

/**
 * What a model takes and gives, from a node that hosts it. The answer is kept: `infer` checks inputs against it
 * from then on, before anything is sent.
 *
 * @throws ClientError, SchedulerError as `infer` does
 */
export async function describeModel(
  client: ClientContext,
  reference: ModelReference,
  options: DescribeModelOptions = {},
): Promise<ModelSignature> {
  assertOpen(client)
  const { deadlineMs = client.deadlineMs } = options
  const startedAtMs = client.clock.monotonicMs()
  const { model, file, name, bytes } = await resolveModel(client, reference, {
    signal: options.signal,
    deadlineMs,
  })
  const known = client.signatures.get(signatureKey({ model, file }))
  if (known !== undefined) return known
  const { result } = await client.dispatcher.dispatch({
    model,
    work: 'describe',
    // Whatever a node asks for runs, to describe a model costs nothing.
    fare: () => 0n,
    name,
    modelBytes: bytes,
    deadlineMs: Math.max(1, deadlineMs - (client.clock.monotonicMs() - startedAtMs)),
    signal: requestSignal(client, options.signal),
    send: (peerId, { signal, timeoutMs }) =>
      client.host.rpc.call(
        peerId,
        InferenceService,
        'Describe',
        { body: { model, file } },
        { signal, timeoutMs },
      ),
  })
  const signature = toSignature(model, result.body)
  keepSignature(client.signatures, { model, file }, signature)
  return signature
}

/** The key of a model's signature in `ClientContext.signatures`. */
export function signatureKey({ model, file }: ModelFile): string {
  return `${model}/${file}`
}

function keepSignature(
  signatures: Map<string, ModelSignature>,
  of: ModelFile,
  signature: ModelSignature,
): void {
  signatures.set(signatureKey(of), signature)
  if (signatures.size > SIGNATURES_KEPT) signatures.delete(signatures.keys().next().value!)
}
