import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { type BodyLayout, layOutFrames } from '../channel/framing.js'
import type { FramePlace } from '../channel/messages.js'
import { evictSessions, putSession } from '../core/session-cache.js'
import { RuntimeError } from '../errors.js'
import { outOfMemory } from './child-process.js'
import type { ExecutorOptions } from './executor-init.js'
import type { JobModel } from './job.js'
import type { ModelRecord } from './model-records.js'
import type { Slot } from './slot.js'

/**
 * Has a slot's child load a model, after the least recently used sessions have made room. A load belongs to
 * everyone who wants the model: it has its own time limit, not that of the job that happened to need it first.
 *
 * @throws RuntimeError RUNTIME_MODEL_NOT_FOUND, RUNTIME_LOAD_FAILED, RUNTIME_OUT_OF_MEMORY, …
 */
export async function loadIntoSlot(
  slot: Slot,
  model: JobModel,
  record: ModelRecord,
  { memoryLimitBytes, loadTimeoutMs, clock }: ExecutorOptions,
): Promise<void> {
  const { from, bytes: fileBytes, body } = await sourceOf(model)
  if (fileBytes > memoryLimitBytes) throw outOfMemory(memoryLimitBytes)
  const evict = evictSessions(slot.cache, fileBytes)
  const cancel = clock.after(loadTimeoutMs, () => slot.replace(loadTooSlow(model.id, loadTimeoutMs)))
  try {
    const { header } = await slot.request({ op: 'load', id: model.id, from, evict }, body)
    if (header.op !== 'loaded') throw new RuntimeError('RUNTIME_BAD_MESSAGE', 'A child answered out of turn')
    record.signature = header.signature
    record.provider = header.provider
    record.bytes = Math.max(fileBytes, header.bytes)
    putSession(slot.cache, model.id, record.bytes)
    const over = evictSessions(slot.cache, 0, model.id)
    if (over.length > 0) await slot.request({ op: 'unload', ids: over })
  } finally {
    cancel()
  }
}

/** Runs a loaded model once on zeros; a model that refuses them is as ready as it was. */
export async function warmUp(
  slot: Slot,
  model: JobModel,
  { loadTimeoutMs, clock }: ExecutorOptions,
): Promise<void> {
  const cancel = clock.after(loadTimeoutMs, () => slot.replace(loadTooSlow(model.id, loadTimeoutMs)))
  await slot.request({ op: 'warm', id: model.id }).catch(() => {})
  cancel()
}

interface Source {
  readonly from: { readonly path: string } | FramePlace
  readonly bytes: number
  readonly body: BodyLayout | undefined
}

async function sourceOf(model: JobModel): Promise<Source> {
  if ('bytes' in model) {
    const { bytes } = model
    const body = layOutFrames([{ name: model.id, chunks: [bytes], payloadBytes: bytes.byteLength }])
    return { from: body.places[0]!, bytes: bytes.byteLength, body }
  }
  const path = resolve(model.path)
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    const message = `There is no model file at ${path}: ${error.code}`
    throw new RuntimeError('RUNTIME_MODEL_NOT_FOUND', message, { details: { path }, cause: error })
  })
  if (!stats.isFile()) {
    const message = `${path} is not a file: name the .onnx file itself`
    throw new RuntimeError('RUNTIME_MODEL_NOT_FOUND', message, { details: { path } })
  }
  return { from: { path }, bytes: stats.size, body: undefined }
}

function loadTooSlow(id: string, loadTimeoutMs: number): RuntimeError {
  return new RuntimeError('RUNTIME_LOAD_FAILED', `Loading the model took longer than ${loadTimeoutMs} ms`, {
    details: { id, loadTimeoutMs },
  })
}
