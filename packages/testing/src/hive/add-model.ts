import { NeurovoyanceError } from '@neurovoyance/protocol'
import type { NodeProcess } from './process.js'

/** A model that a node has added. */
export interface AddedModel {
  /** Its CID. */
  readonly model: string
  readonly name: string
  readonly bytes: number
}

/** Where a model comes from: a folder or file of this machine, or the network. */
export type ModelOrigin = { kind: 'path'; path: string; name?: string } | { kind: 'cid'; cid: string }

interface AddEvent {
  result?: AddedModel
  error?: { code: string; message: string; details?: Record<string, unknown> }
}

/**
 * Has a node add a model, through its gateway.
 *
 * @throws NeurovoyanceError with the code of what was wrong with the model
 */
export async function addModel(
  { gateway }: Pick<NodeProcess, 'gateway'>,
  source: ModelOrigin,
): Promise<AddedModel> {
  const response = await fetch(`${gateway.url}/nv/v1/models`, {
    method: 'POST',
    headers: { authorization: `Bearer ${gateway.token}` },
    body: JSON.stringify({ source }),
  })
  const lines = (await response.text()).trim().split('\n')
  const { result, error } = JSON.parse(lines.at(-1)!) as AddEvent
  if (result !== undefined) return result
  throw new NeurovoyanceError(error?.code ?? 'TESTING_NODE_FAILED', error?.message ?? lines.join('\n'), {
    details: error?.details ?? {},
  })
}
