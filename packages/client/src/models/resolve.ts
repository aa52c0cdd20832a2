import { type ClientContext, requestSignal } from '../context.js'
import { ClientError } from '../errors.js'
import { noNetwork } from '../network/no-network.js'
import {
  type ModelFile,
  type ModelReference,
  matchName,
  type NamedModel,
  parseReference,
} from './reference.js'

/** How long to wait for the first offers before a name counts as unknown. */
const FIRST_OFFERS_MS = 5_000
/** The same where there are offers: a node tells of a model that it has just added within half a second. */
const NEXT_OFFERS_MS = 1_000

/** A resolved reference with what offers tell about the bundle. */
export interface ResolvedModel extends ModelFile {
  name: string
  bytes: number
}

/**
 * Finds the bundle that a reference names, and makes sure that the client is on a network at all.
 *
 * @throws ClientError `CLIENT_NO_NETWORK`, `CLIENT_MODEL_UNKNOWN`, `CLIENT_MODEL_AMBIGUOUS`
 */
export async function resolveModel(
  client: ClientContext,
  reference: ModelReference,
  options: { signal?: AbortSignal | undefined; deadlineMs: number },
): Promise<ResolvedModel> {
  const parsed = parseReference(reference)
  const { market, feed } = client
  const signal = requestSignal(client, options.signal)
  if (parsed.kind === 'cid') {
    if (market.hosts(parsed.model).size === 0) {
      assertConnected(client)
      await feed.refresh({ model: parsed.model, signal })
    }
    return withOffer(client, parsed)
  }
  let matches = matchName(parsed.text, offeredModels(client))
  if (matches.length === 0) {
    assertConnected(client)
    await feed.refresh({ signal })
    const patienceMs = market.size === 0 ? FIRST_OFFERS_MS : NEXT_OFFERS_MS
    const untilMs = client.clock.monotonicMs() + Math.min(options.deadlineMs, patienceMs)
    matches = matchName(parsed.text, offeredModels(client))
    while (matches.length === 0 && (await nextHost(client, untilMs - client.clock.monotonicMs(), signal)))
      matches = matchName(parsed.text, offeredModels(client))
  }
  if (matches.length === 1) return withOffer(client, matches[0]!)
  throw matches.length === 0 ? unknownName(client, parsed.text) : ambiguousName(parsed.text, matches)
}

function* offeredModels({ market }: ClientContext): Iterable<NamedModel> {
  for (const { offer } of market.entries()) yield* offer.models
}

function withOffer({ market }: ClientContext, { model, file }: ModelFile): ResolvedModel {
  const [host] = market.hosts(model).values()
  return { model, file, name: host?.hosted.name ?? '', bytes: host?.hosted.bytes ?? 0 }
}

/** Resolves when a node offers a model more, with `false` when the time is over before. */
function nextHost(
  { market, clock }: ClientContext,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<boolean> {
  return new Promise(resolve => {
    const done = (found: boolean) => {
      stopTimer()
      stopListening()
      signal.removeEventListener('abort', end)
      resolve(found)
    }
    const end = () => done(false)
    const stopTimer = clock.after(timeoutMs, end)
    const stopListening = market.onHost(() => done(true))
    signal.addEventListener('abort', end)
  })
}

/**
 * A node that hosts models itself needs nobody else: its market knows it as a peer.
 *
 * @throws ClientError `CLIENT_NO_NETWORK`
 */
function assertConnected({ host, market, bootstrap }: ClientContext): void {
  if (host.peers().length > 0 || market.isConnected(host.peerId)) return
  throw noNetwork(bootstrap)
}

function unknownName(client: ClientContext, name: string): ClientError {
  const known = [...new Set([...offeredModels(client)].map(offered => offered.name))].slice(0, 20)
  const offered = known.length === 0 ? 'nodes offer no models yet' : `nodes offer ${known.join(', ')}`
  return new ClientError(
    'CLIENT_MODEL_UNKNOWN',
    `no node offers a model called '${name}' (${offered}): name it by its CID, or add it with models.add`,
    { details: { name, known } },
  )
}

function ambiguousName(name: string, matches: readonly ModelFile[]): ClientError {
  const models = matches.map(({ model }) => model)
  return new ClientError(
    'CLIENT_MODEL_AMBIGUOUS',
    `nodes offer ${models.length} different models called '${name}': use the CID of the one you mean (${models.join(', ')})`,
    { details: { name, models } },
  )
}
