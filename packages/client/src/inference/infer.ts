import {
  formatAmount,
  InferenceService,
  type Payment,
  type RunStats,
  type TensorMap,
} from '@neurovoyance/protocol'
import type { AttemptReport, Fare } from '@neurovoyance/scheduler'
import { assertOpen, type ClientContext, requestSignal } from '../context.js'
import { ClientError } from '../errors.js'
import { checkInputs } from '../models/check-inputs.js'
import { signatureKey } from '../models/describe.js'
import type { ModelReference } from '../models/reference.js'
import { resolveModel } from '../models/resolve.js'
import { isFree, type PayingContext } from '../paying-port.js'
import { decodeResponse, encodeRequest } from './messages.js'

/** How far a request is. */
export type InferProgress =
  /** Looking for the model's nodes. */
  | { phase: 'find' }
  /** Sent to a node; `attempt` counts from 0, and is above 0 where another node was asked as well or instead. */
  | { phase: 'run'; node: string; attempt: number }

/** Parameters of `infer`. */
export interface InferParams {
  /** The model: a CID, or a name that nodes offer, with the ONNX file where the bundle has several. */
  model: ModelReference
  /** Input tensors by name; ONNX Runtime's `Tensor`s fit. */
  inputs: TensorMap
  /** Names of the wanted outputs. Default: all. */
  outputs?: readonly string[]
  /** Time for everything, other nodes' attempts included. Default: the client's, 30 seconds. */
  deadlineMs?: number
  /** Cancels the request, on the node as well. */
  signal?: AbortSignal
  /** A W3C `traceparent` that travels to the node. */
  trace?: string
  onProgress?: (progress: InferProgress) => void
}

/** A model's answer. */
export interface InferResult {
  /** Output tensors by name: views into the bytes that were received. */
  outputs: TensorMap
  /** Peer id of the node that ran the model. */
  node: string
  /** From the choice of a node to the answer. */
  latencyMs: number
  /** What was tried, in order; the last is not always the one that answered. */
  attempts: readonly AttemptReport[]
  /** How the run went on the node, by its own measure. */
  stats: RunStats | undefined
  /** What the node charged, where it was paid: its work units, and base units. */
  charge: { readonly units: bigint; readonly amount: bigint } | undefined
}

/**
 * Runs a model once, on the node that is likely to answer first, and on another one if that fails.
 *
 * ```ts
 * const { outputs } = await infer(client, { model, inputs: { x: createTensor('float32', pixels, [1, 3, 224, 224]) } })
 * ```
 *
 * @throws ClientError `CLIENT_NO_NETWORK`, `CLIENT_MODEL_UNKNOWN`, `CLIENT_INPUT_…`, `CLIENT_PAYMENT_REQUIRED` where
 * only nodes that ask a price host it and the client does not pay, `CLIENT_CANCELLED` before a node is asked;
 * SchedulerError `SCHEDULER_NO_NODE`, `SCHEDULER_DEADLINE_EXCEEDED`, `SCHEDULER_ALL_ATTEMPTS_FAILED`,
 * `SCHEDULER_CANCELLED`; ProtocolError `PROTOCOL_BAD_TENSOR`; and what a node finds wrong with the request, with its
 * code (`ONNX_INPUT_…`)
 */
export async function infer(client: PayingContext, params: InferParams): Promise<InferResult> {
  assertOpen(client)
  const { inputs, outputs = [], deadlineMs = client.deadlineMs, trace, onProgress } = params
  const startedAtMs = client.clock.monotonicMs()
  onProgress?.({ phase: 'find' })
  const resolved = await resolveModel(client, params.model, { signal: params.signal, deadlineMs })
  const signature = client.signatures.get(signatureKey(resolved))
  if (signature !== undefined) checkInputs(signature, inputs, outputs)
  const { message, payloadBytes } = encodeRequest(resolved, inputs, outputs)
  const asked = requestSignal(client, params.signal)
  const paid = await client.payments?.quote({ resolved, inputs, signal: asked })
  if (paid === undefined) await refusePriced(client, resolved.model, asked)
  const { result, peerId, latencyMs, attempts } = await client.dispatcher.dispatch({
    model: resolved.model,
    work: signatureKey(resolved),
    name: resolved.name,
    modelBytes: resolved.bytes,
    payloadBytes,
    deadlineMs: Math.max(1, deadlineMs - (client.clock.monotonicMs() - startedAtMs)),
    signal: asked,
    fare: paid?.fare ?? ownOrFree(client),
    async send(node, { signal, timeoutMs, attempt }) {
      onProgress?.({ phase: 'run', node, attempt })
      const options = { signal, timeoutMs, ...(trace !== undefined && { trace }) }
      const ask = (payment?: Payment) => {
        const body = payment === undefined ? message.body : { ...message.body, payment }
        return client.host.rpc.call(node, InferenceService, 'Infer', { ...message, body }, options)
      }
      return decodeResponse(await (paid?.send(node, signal, ask) ?? ask()), outputs)
    },
  })
  return { node: peerId, latencyMs, attempts, ...result }
}

/** Who has no purse asks nodes that are free, and the one that it is part of. */
const ownOrFree =
  ({ host }: ClientContext): Fare =>
  (peerId, price) =>
    peerId === host.peerId || isFree(price) ? 0n : undefined

/** Whoever waits for a free node, while all that host the model ask a price, would wait for nothing. */
async function refusePriced(client: ClientContext, model: string, signal: AbortSignal): Promise<void> {
  const isFor = ownOrFree(client)
  const dear = () => {
    const hosts = [...client.market.hosts(model).values()]
    const isOpen = ({ peerId, entry }: (typeof hosts)[number]) =>
      isFor(peerId, entry.offer.price) !== undefined
    return hosts.some(isOpen) ? [] : hosts
  }
  if (dear().length === 0) return
  // somebody who works for nothing may not have been heard of yet
  await client.feed.refresh({ model, signal })
  const prices = dear().flatMap(({ entry }) => entry.offer.price?.nvy ?? [])
  const [first, ...others] = prices
  if (first === undefined) return
  const least = others.reduce((low, price) => (price.perBillion < low.perBillion ? price : low), first)
  throw new ClientError(
    'CLIENT_PAYMENT_REQUIRED',
    `every node that hosts it asks to be paid, ${formatAmount(least.perBillion)} NVY for a billion work units and ${formatAmount(least.minimum)} NVY for a run at least: give the client payments`,
    {
      details: {
        model,
        chainId: least.chainId,
        perBillion: String(least.perBillion),
        minimum: String(least.minimum),
      },
    },
  )
}
