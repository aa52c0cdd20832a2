import {
  createMeter,
  decodeManifest,
  describeInput,
  findLayout,
  findModel,
  MANIFEST_FILE,
  type Meter,
  openModel,
} from '@neurovoyance/onnx'
import type { RemoteArtifact, RemoteFile } from '@neurovoyance/p2p/artifacts/remote'
import type { TensorMap } from '@neurovoyance/protocol'
import type { ClientContext } from '../context.js'
import { ClientError } from '../errors.js'
import type { ModelFile } from '../models/reference.js'
import { orAborted } from './or-aborted.js'

/** Models whose work is known. */
const METERS_KEPT = 64
const MANIFEST_BYTES = 1024 * 1024

/** Computes the work of requests from the models themselves, which come verified by their CIDs, weights left out. */
export interface WorkMeter {
  /** Work units of a request; `undefined` where the model's graph cannot be had here. */
  unitsOf(model: ModelFile, inputs: TensorMap, signal: AbortSignal): Promise<bigint | undefined>
}

/** Meters models of the network that a client is on. */
export function createWorkMeter(client: ClientContext): WorkMeter {
  const meters = new Map<string, Promise<Meter>>()

  function meterOf(model: ModelFile, signal: AbortSignal): Promise<Meter> {
    const key = `${model.model}/${model.file}`
    const known = meters.get(key)
    if (known !== undefined) return orAborted(known, signal)
    const opened = openMeter(client, model)
    meters.set(key, opened)
    opened.catch(() => meters.delete(key))
    if (meters.size > METERS_KEPT) meters.delete(meters.keys().next().value!)
    return orAborted(opened, signal)
  }

  return {
    async unitsOf(model, inputs, signal) {
      const meter = await meterOf(model, signal).catch((error: unknown) => {
        if (signal.aborted) throw error
        client.logger.debug({ error, ...model }, 'the work of a model cannot be computed here')
        return undefined
      })
      const described = Object.entries(inputs).map(([name, tensor]) => describeInput(name, tensor))
      return meter?.workUnits(described).units
    },
  }
}

async function openMeter(client: ClientContext, { model, file }: ModelFile): Promise<Meter> {
  const { host, market, closing: signal, clock, logger } = client
  // pages that pay nobody do not load it
  const { readArtifact } = await import('@neurovoyance/p2p/artifacts/remote')
  const providers = [...market.hosts(model).keys()]
  const artifact = await readArtifact({ host, cid: model, providers, signal, clock, logger })
  try {
    const chosen = await chooseFile(artifact, file)
    const folder = chosen.path.includes('/') ? chosen.path.slice(0, chosen.path.lastIndexOf('/') + 1) : ''
    const opened = await openModel(sourceOf(chosen), {
      name: chosen.path,
      externalData: async path => sourceOf(fileOf(artifact, `${folder}${path}`)),
    })
    return await createMeter(opened)
  } finally {
    artifact.close()
  }
}

/** The file that a node would run, by the same rules. */
async function chooseFile(artifact: RemoteArtifact, wanted: string): Promise<RemoteFile> {
  const paths = artifact.files.map(({ path }) => path)
  const manifest = artifact.files.find(({ path, bytes }) => path === MANIFEST_FILE && bytes <= MANIFEST_BYTES)
  const bundle =
    manifest === undefined ? findLayout(paths) : decodeManifest(await manifest.read(0, manifest.bytes))
  return fileOf(artifact, findModel(bundle, wanted === '' ? undefined : wanted).path)
}

function fileOf({ cid, files }: RemoteArtifact, path: string): RemoteFile {
  const file = files.find(candidate => candidate.path === path)
  if (file !== undefined) return file
  throw new ClientError('CLIENT_MODEL_UNKNOWN', `the bundle ${cid} has no file ${path}`, {
    details: { cid, path },
  })
}

const sourceOf = (file: RemoteFile) => ({
  size: file.bytes,
  async read(offset: number, length: number) {
    const bytes = await file.read(offset, length)
    if (bytes.length === length) return bytes
    throw new ClientError('CLIENT_BAD_RESPONSE', `${file.path} ends before byte ${offset + length}`)
  },
})
