import { mkdir, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { ArtifactProgress, Artifacts } from '@neurovoyance/p2p/artifacts'
import { writeFileAtomic } from '@neurovoyance/p2p/node'
import type { Logger } from '@neurovoyance/protocol'
import { z } from 'zod'
import { NodeError } from '../errors.js'
import { readState } from '../files/json-state.js'
import { inspectBundle, type StageOptions, stageBundle } from './bundle.js'
import { downloadFromHub } from './hub/download.js'
import type {
  AddedModel,
  AddOptions,
  InstalledModel,
  ModelGraph,
  ModelProgress,
  ModelStore,
} from './model-store.js'
import type { ModelSource } from './sources.js'

/** What an artifact's phases are called while a model is added. */
const PHASES = {
  import: 'storing',
  find: 'finding',
  verify: 'verifying',
  download: 'fetching',
  sync: 'saving',
} as const

/** What a model store is made from. */
export interface ModelStoreInit {
  artifacts: Artifacts
  /** File that remembers which models there are. */
  file: string
  /** Folder for downloads that are not done. */
  staging: string
  /** Peers that are known to host a model, asked for its files beside those that the network finds. */
  hosts?: (model: string) => readonly string[]
  logger: Logger
}

const recordsSchema = z.array(z.object({ model: z.string(), pinned: z.boolean() })).max(100_000)

/** Opens the models that were there, each checked again before anything of it can run. */
export async function openModelStore({
  artifacts,
  file,
  staging,
  hosts = () => [],
  logger,
}: ModelStoreInit): Promise<ModelStore> {
  const installed = new Map<string, InstalledModel>()
  const adding = new Map<string, Promise<AddedModel>>()
  const listeners = new Set<Parameters<ModelStore['onChange']>[0]>()

  for (const record of (await readState(file, recordsSchema)) ?? []) {
    const path = artifacts.path(record.model)
    if (path === undefined) continue
    try {
      installed.set(record.model, await inspectBundle(path, record))
    } catch (error) {
      logger.warn({ model: record.model, error }, 'a stored model no longer passes its check and is left out')
    }
  }

  const save = () => {
    const records = [...installed.values()].map(({ model, pinned }) => ({ model, pinned }))
    return writeFileAtomic(file, `${JSON.stringify(records, null, 2)}\n`, { mode: 0o644 })
  }
  const tell = (type: 'added' | 'removed', model: InstalledModel) => {
    for (const listener of listeners) listener({ type, model })
  }

  async function install(cid: string, pinned: boolean): Promise<InstalledModel> {
    const path = artifacts.path(cid)
    if (path === undefined) throw unknown(cid)
    const known = installed.get(cid)
    const model = await inspectBundle(path, { model: cid, pinned: pinned || known?.pinned === true })
    installed.set(cid, model)
    await save()
    tell('added', model)
    return model
  }

  async function addFolder(
    path: string,
    { name, include }: Pick<StageOptions, 'name' | 'include'>,
    { signal, onProgress, pinned = true }: AddOptions,
  ): Promise<AddedModel> {
    onProgress?.({ phase: 'checking', doneBytes: 0, totalBytes: 0 })
    await using bundle = await stageBundle(path, {
      staging,
      name,
      include,
      signal,
      onProgress: progress => onProgress?.({ phase: 'checking', ...progress }),
    })
    const { cid } = await artifacts.add(bundle.path, {
      link: true,
      ...(signal && { signal }),
      onProgress: progress => onProgress?.(inOurWords(progress)),
    })
    const published = { files: bundle.files, leftOut: bundle.leftOut }
    return { ...(await install(cid, pinned)), published }
  }

  async function addFromHub(
    source: Extract<ModelSource, { kind: 'hub' }>,
    options: AddOptions,
  ): Promise<AddedModel> {
    const folder = join(staging, `${source.repository}@${source.revision}`.replaceAll('/', '--'))
    await mkdir(folder, { recursive: true })
    await downloadFromHub({
      ...source,
      into: folder,
      signal: options.signal,
      onProgress: progress => options.onProgress?.({ phase: 'downloading', ...progress }),
    })
    const model = await addFolder(folder, { name: source.name ?? source.repository }, options)
    await rm(folder, { recursive: true, force: true })
    return model
  }

  async function addByCid(
    cid: string,
    { signal, onProgress, pinned = true }: AddOptions,
  ): Promise<InstalledModel> {
    if (artifacts.path(cid) === undefined) {
      await artifacts.fetch(cid, {
        providers: hosts(cid),
        ...(signal && { signal }),
        onProgress: progress => onProgress?.(inOurWords(progress)),
      })
    }
    try {
      return await install(cid, pinned)
    } catch (error) {
      if (!installed.has(cid)) await artifacts.remove(cid)
      throw error
    }
  }

  const addFrom = (source: ModelSource, options: AddOptions) => {
    if (source.kind === 'path') return addFolder(resolve(source.path), source, options)
    return source.kind === 'hub' ? addFromHub(source, options) : addByCid(source.cid, options)
  }

  return {
    add(source, options = {}) {
      const key = JSON.stringify(source)
      const running = adding.get(key)
      if (running !== undefined) return running
      const started = addFrom(source, options).finally(() => adding.delete(key))
      adding.set(key, started)
      return started
    },
    list: () => [...installed.values()],
    get: model => installed.get(model),
    resolve(model, file) {
      const bundle = installed.get(model)
      if (bundle === undefined) throw unknown(model)
      return { bundle, graph: pickGraph(bundle, file) }
    },
    async remove(model) {
      const bundle = installed.get(model)
      if (bundle === undefined) throw unknown(model)
      installed.delete(model)
      await save()
      tell('removed', bundle)
      await artifacts.remove(model)
    },
    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

function pickGraph({ model, name, graphs, defaultGraph }: InstalledModel, file: string): ModelGraph {
  const wanted = file === '' ? defaultGraph : file
  const found = graphs.find(graph => graph.name === wanted || graph.file === wanted)
  if (found !== undefined) return found
  const files = graphs.map(graph => graph.name)
  throw new NodeError(
    'NODE_MODEL_UNKNOWN',
    `${name} has no ONNX file '${file}'. It has: ${files.join(', ')}.`,
    { details: { model, file, files } },
  )
}

function inOurWords({ phase, doneBytes, totalBytes }: ArtifactProgress): ModelProgress {
  return { phase: PHASES[phase], doneBytes, totalBytes }
}

function unknown(model: string): NodeError {
  return new NodeError('NODE_MODEL_UNKNOWN', `This node does not have the model ${model}.`, {
    details: { model },
  })
}
