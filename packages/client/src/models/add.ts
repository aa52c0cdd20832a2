import type { ArtifactProgress } from '@neurovoyance/p2p/artifacts'
import { assertOpen, type ClientContext } from '../context.js'
import { hostModel, type PinModelOptions, type PinnedModel, type PinProgress } from './pin.js'

/** Options of `addModel`. */
export interface AddModelOptions extends Omit<PinModelOptions, 'onProgress'> {
  /** The name people will know the model by. Default: the last part of the path. */
  name?: string
  /** Told while the files are read, and then while nodes fetch them. */
  onProgress?: (progress: ArtifactProgress | PinProgress) => void
}

/** A model that was added. */
export interface AddedModel extends PinnedModel {
  bytes: number
  /** How many files the bundle has. */
  files: number
}

/**
 * Adds a model from a file or folder: its files get a CID, and this client serves them until enough nodes have
 * fetched the model and host it. Every file of the folder is published but those whose names begin with a dot. Node
 * only.
 *
 * @throws ClientError `CLIENT_UNSUPPORTED` in a browser, `CLIENT_NO_NETWORK`, `CLIENT_MODEL_NOT_HOSTED`; P2pError
 */
export async function addModel(
  client: ClientContext,
  path: string,
  options: AddModelOptions = {},
): Promise<AddedModel> {
  assertOpen(client)
  const { name = baseName(path), onProgress, signal, deadlineMs = 600_000, hosts = 1 } = options
  const artifacts = await client.artifacts()
  const added = await artifacts.add(path, { ...(onProgress && { onProgress }), ...(signal && { signal }) })
  const bundle = { model: added.cid, file: '', name, bytes: added.bytes }
  const pinned = await hostModel(client, bundle, {
    hosts,
    deadlineMs,
    ...(signal && { signal }),
    ...(onProgress && { onProgress }),
  })
  return { ...pinned, bytes: added.bytes, files: added.files }
}

function baseName(path: string): string {
  return path.split(/[\\/]/).findLast(part => part !== '') ?? ''
}
