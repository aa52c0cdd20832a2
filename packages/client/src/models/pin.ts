import { errorCode, MarketService } from '@neurovoyance/protocol'
import { assertOpen, type ClientContext, requestSignal } from '../context.js'
import { ClientError } from '../errors.js'
import type { ModelReference } from './reference.js'
import { type ResolvedModel, resolveModel } from './resolve.js'

/** How long a node may take to say whether it will host a model. */
const ASK_TIMEOUT_MS = 5_000

/** How many nodes have it and how many are wanted. */
export interface PinProgress {
  phase: 'hosting'
  hosts: number
  wanted: number
}

/** Options of `pinModel`. */
export interface PinModelOptions {
  /** How many nodes are to host the model. Default 1. */
  hosts?: number
  /** Time until that many host it; large models take long to fetch. Default 600,000 (ten minutes). */
  deadlineMs?: number
  signal?: AbortSignal
  onProgress?: (progress: PinProgress) => void
}

/** Why a node does not host a model; `code` where it says one, such as `ONNX_NOT_A_MODEL`. */
interface Refusal {
  peerId: string
  reason: string
  code?: string
}

/** A model and the nodes that host it. */
export interface PinnedModel {
  /** The bundle's CID. */
  model: string
  /** Peer ids of the nodes that host it now. */
  hosts: string[]
}

/**
 * Asks nodes to host a model until enough of them do. A node decides for itself, and may drop the model later.
 *
 * @throws ClientError `CLIENT_NO_NETWORK`, `CLIENT_MODEL_NOT_HOSTED` where too few nodes host it in time, `CLIENT_CANCELLED`
 */
export async function pinModel(
  client: ClientContext,
  reference: ModelReference,
  options: PinModelOptions = {},
): Promise<PinnedModel> {
  assertOpen(client)
  const { deadlineMs = 600_000 } = options
  const resolved = await resolveModel(client, reference, { signal: options.signal, deadlineMs })
  return hostModel(client, resolved, { ...options, deadlineMs })
}

/** Asks nodes to host a bundle, and again whenever a peer connects, until enough nodes offer it. */
export function hostModel(
  client: ClientContext,
  resolved: ResolvedModel,
  options: PinModelOptions & { deadlineMs: number },
): Promise<PinnedModel> {
  const { market, host, clock } = client
  const { model } = resolved
  const { hosts: wanted = 1, deadlineMs, onProgress } = options
  const signal = requestSignal(client, options.signal)
  const refusals: Refusal[] = []
  const accepted: string[] = []
  const asked = new Set<string>()

  const hosting = () => market.offersFor(model).map(offer => offer.peerId)
  const ask = async (peerId: string): Promise<void> => {
    if (asked.has(peerId) || hosting().includes(peerId)) return
    asked.add(peerId)
    const refusal = await requestHosting(client, peerId, resolved)
    if (refusal === undefined) accepted.push(peerId)
    else refusals.push(refusal)
  }

  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      for (const stop of stops) stop()
      act()
    }
    const look = () => {
      const hosts = hosting()
      onProgress?.({ phase: 'hosting', hosts: hosts.length, wanted })
      if (hosts.length >= wanted) settle(() => resolve({ model, hosts }))
    }
    const cancelled = () => settle(() => reject(cancelledError(signal.reason)))
    const stops = [
      market.onHost(hosted => hosted === model && look()),
      host.onPeer(({ type, peerId }) => type === 'connect' && void ask(peerId)),
      clock.after(deadlineMs, () =>
        settle(() => {
          // A peer without an offer, such as a bootstrap, hosts nothing at all: its refusal says nothing of the model.
          const telling = refusals.filter(({ peerId }) => market.offer(peerId) !== undefined)
          const answers = { refusals: telling, accepted: accepted.length }
          reject(notHosted(model, hosting().length, { wanted, deadlineMs, ...answers }))
        }),
      ),
      () => signal.removeEventListener('abort', cancelled),
    ]
    if (signal.aborted) return cancelled()
    signal.addEventListener('abort', cancelled)
    for (const { peerId } of host.peers()) void ask(peerId)
    look()
  })
}

/** Asks one node; gives its reason where it refuses. */
async function requestHosting(
  { host, logger }: ClientContext,
  peerId: string,
  { model, name, bytes }: ResolvedModel,
): Promise<Refusal | undefined> {
  try {
    const request = { body: { model, name, bytes } }
    const options = { timeoutMs: ASK_TIMEOUT_MS }
    const { body } = await host.rpc.call(peerId, MarketService, 'RequestHosting', request, options)
    return body.accepted ? undefined : { peerId, reason: body.reason }
  } catch (error) {
    const code = errorCode(error)
    logger.debug({ peerId, code }, 'a peer does not host a model')
    const reason = error instanceof Error ? error.message : String(error)
    return { peerId, reason, ...(code !== undefined && { code }) }
  }
}

function notHosted(
  model: string,
  hosts: number,
  answers: { wanted: number; deadlineMs: number; refusals: readonly Refusal[]; accepted: number },
): ClientError {
  const { wanted, deadlineMs, refusals, accepted } = answers
  const reasons = refusals.map(({ code, reason }) => (code === undefined ? reason : `${code}: ${reason}`))
  const open = accepted === 0 ? 'no node was there to ask' : stillFetching(accepted)
  const why = reasons.length === 0 ? open : [...new Set(reasons)].join('; ')
  return new ClientError(
    'CLIENT_MODEL_NOT_HOSTED',
    `${hosts} of ${wanted} nodes host ${model} after ${deadlineMs} ms (${why})`,
    { details: { model, hosts, wanted, accepted, refusals: refusals.map(refusal => ({ ...refusal })) } },
  )
}

function stillFetching(accepted: number): string {
  const nodes = accepted === 1 ? '1 node' : `${accepted} nodes`
  return `${nodes} took it: still fetching it, or cannot run it, which the node's log tells`
}

function cancelledError(cause: unknown): ClientError {
  return new ClientError('CLIENT_CANCELLED', 'the request was cancelled by its caller', { cause })
}
