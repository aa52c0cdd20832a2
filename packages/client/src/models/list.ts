import type { ModelView } from '@neurovoyance/scheduler'
import { assertOpen, type ClientContext, requestSignal } from '../context.js'

/** Options of `listModels`. */
export interface ListModelsOptions {
  signal?: AbortSignal
}

/** The models that nodes host now, most hosts first. Asks connected peers where the client knows of none yet. */
export async function listModels(
  client: ClientContext,
  options: ListModelsOptions = {},
): Promise<ModelView[]> {
  assertOpen(client)
  const { market, feed } = client
  if (market.size === 0) await feed.refresh({ signal: requestSignal(client, options.signal) })
  return market.snapshot().models
}
