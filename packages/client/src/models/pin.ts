import { errorCode, MarketService } from '@neurovoyance/protocol'
import { assertOpen, type ClientContext, requestSignal } from '../context.js'
import { ClientError } from '../errors.js'
import type { ModelReference } from './reference.js'
import { type ResolvedModel, resolveModel } from './resolve.js'

/** How long a node may take to say whether it will host a model. */
const ASK_TIMEOUT_MS = 5_000

/** How long after its yes a node is asked again: what is wrong with a model shows when it is fetched and checked. */
const ASK_AGAIN_MS = 1_000
const ASK_AGAIN_MOST_MS = 15_000

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
 * @throws ClientError `CLIENT_NO_NETWORK`, `CLIENT_MODEL_NOT_HOSTED` where too few nodes host it in time, at once where
 *   it is the model that is at fault (`ONNX_…` among the refusals), `CLIENT_CANCELLED`
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
  const startedMs = clock.monotonicMs()
  const refusals: Refusal[] = []
  const accepted = new Set<string>()
  const asked = new Set<string>()
  let waiting = 0
  let again = { afterMs: ASK_AGAIN_MS, cancel: () => {} }

  const hosting = () => market.offersFor(model).map(offer => offer.peerId)

  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      again.cancel()
      for (const stop of stops) stop()
      act()
    }
    const ask = async (peerId: string): Promise<void> => {
      asked.add(peerId)
      waiting++
      const refusal = await requestHosting(client, peerId, resolved)
      waiting--
      if (refusal === undefined) accepted.add(peerId)
      else {
        accepted.delete(peerId)
        refusals.push(refusal)
        if (waiting + accepted.size === 0 && refusals.some(isFault)) fail()
      }
    }
    const meet = (peerId: string): void => {
      if (!asked.has(peerId) && !hosting().includes(peerId)) void ask(peerId)
    }
    const askAgain = (): void => {
      const offering = hosting()
      for (const peerId of accepted) if (!offering.includes(peerId)) void ask(peerId)
      const afterMs = Math.min(2 * again.afterMs, ASK_AGAIN_MOST_MS)
      again = { afterMs, cancel: clock.after(afterMs, askAgain) }
    }
    const look = () => {
      const hosts = hosting()
      onProgress?.({ phase: 'hosting', hosts: hosts.length, wanted })
      if (hosts.length >= wanted) settle(() => resolve({ model, hosts }))
    }
    const fail = () =>
      settle(() => {
        // A peer without an offer, such as a bootstrap, hosts nothing at all: its refusal says nothing of the model.
        const telling = refusals.filter(({ peerId }) => market.offer(peerId) !== undefined)
        const answers = { refusals: telling.length > 0 ? telling : refusals.filter(isFault) }
        const elapsedMs = Math.round(clock.monotonicMs() - startedMs)
        reject(notHosted(model, hosting().length, { wanted, elapsedMs, accepted: accepted.size, ...answers }))
      })
    const cancelled = () => settle(() => reject(cancelledError(signal.reason)))
    const stops = [
      market.onHost(hosted => hosted === model && look()),
      host.onPeer(({ type, peerId }) => type === 'connect' && meet(peerId)),
      clock.after(deadlineMs, fail),
      () => signal.removeEventListener('abort', cancelled),
    ]
    if (signal.aborted) return cancelled()
    signal.addEventListener('abort', cancelled)
    again.cancel = clock.after(again.afterMs, askAgain)
    for (const { peerId } of host.peers()) meet(peerId)
    look()
  })
}

/** Whether it is the model that is at fault: no other node will find it better. */
function isFault({ code = '' }: Refusal): boolean {
  return code.startsWith('ONNX_')
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
  answers: { wanted: number; elapsedMs: number; refusals: readonly Refusal[]; accepted: number },
): ClientError {
  const { wanted, elapsedMs, refusals, accepted } = answers
  const reasons = refusals.map(({ code, reason }) => (code === undefined ? reason : `${code}: ${reason}`))
  const open = accepted === 0 ? 'no node was there to ask' : stillFetching(accepted)
  const why = reasons.length === 0 ? open : [...new Set(reasons)].join('; ')
  return new ClientError(
    'CLIENT_MODEL_NOT_HOSTED',
    `${hosts} of ${wanted} nodes host ${model} after ${elapsedMs} ms (${why})`,
    { details: { model, hosts, wanted, accepted, refusals: refusals.map(refusal => ({ ...refusal })) } },
  )
}

function stillFetching(accepted: number): string {
  const nodes = accepted === 1 ? '1 node' : `${accepted} nodes`
  return `${nodes} took it: still fetching it, or cannot fetch it, which the node's log tells`
}

function cancelledError(cause: unknown): ClientError {
  return new ClientError('CLIENT_CANCELLED', 'the request was cancelled by its caller', { cause })
}
