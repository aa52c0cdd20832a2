import { createWriteStream } from 'node:fs'
import { mkdir, open, rename, stat } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'
import { NodeError } from '../errors.js'
import { isMissing } from '../files/is-missing.js'

/** A file of a repository on the hub. */
export interface HubFile {
  readonly path: string
  readonly bytes: number
}

export interface HubProgress {
  readonly doneBytes: number
  readonly totalBytes: number
}

export interface HubInit {
  /** `https://huggingface.co`, or a mirror; from `HF_ENDPOINT` when left out. */
  endpoint?: string | undefined
  repository: string
  revision: string
  /** The .onnx file to take, where the repository has several: `onnx/model_q4.onnx`. */
  file?: string | undefined
  /** Folder to download into. Files already whole are kept; partial ones are resumed. */
  into: string
  signal?: AbortSignal | undefined
  onProgress?: ((progress: HubProgress) => void) | undefined
}

const PREFERRED = ['onnx/model.onnx', 'model.onnx', 'onnx/model_quantized.onnx']
const MAX_FILES = 10_000
const listingSchema = z
  .array(
    z.object({ type: z.string(), path: z.string().max(1000), size: z.number().nonnegative().optional() }),
  )
  .max(MAX_FILES)

/**
 * Downloads a model bundle from a Hugging Face repository: its configuration and tokenizer files, one
 * .onnx file and the external data beside it.
 *
 * @throws NodeError `NODE_HUB_UNREACHABLE` when the hub does not answer, `NODE_HUB_NOT_FOUND` when it has no such
 * repository, revision or .onnx file.
 */
export async function downloadFromHub(init: HubInit): Promise<void> {
  const endpoint = init.endpoint ?? process.env.HF_ENDPOINT ?? 'https://huggingface.co'
  const listed = await list(endpoint, init)
  const files = chooseFiles(listed, init)
  const totalBytes = files.reduce((sum, file) => sum + file.bytes, 0)
  let doneBytes = 0
  const advance = (bytes: number) => {
    doneBytes += bytes
    init.onProgress?.({ doneBytes, totalBytes })
  }
  for (const file of files) await downloadFile(endpoint, init, file, advance)
}

/** The files that make a bundle: what describes the model, one .onnx, and its external data. */
export function chooseFiles(
  files: readonly HubFile[],
  { repository, file }: { repository: string; file?: string | undefined },
): HubFile[] {
  const graphs = files.filter(({ path }) => path.endsWith('.onnx'))
  const wanted =
    file ??
    PREFERRED.find(path => graphs.some(graph => graph.path === path)) ??
    (graphs.length === 1 ? graphs[0]!.path : undefined)
  const graph = graphs.find(({ path }) => path === wanted)
  if (graph === undefined) {
    const choice =
      graphs.length === 0
        ? 'It has no .onnx file.'
        : `Choose one with --file: ${graphs.map(({ path }) => path).join(', ')}.`
    throw new NodeError(
      'NODE_HUB_NOT_FOUND',
      `${repository} has no ${file ?? 'single .onnx file to take'}. ${choice}`,
      { details: { repository, files: graphs.map(({ path }) => path) } },
    )
  }
  const described = files.filter(
    ({ path }) => !path.includes('/') && /\.(json|txt|model)$|^(README\.md|LICENSE.*|NOTICE)$/i.test(path),
  )
  const data = files.filter(
    ({ path }) => path.startsWith(`${graph.path}_data`) || path === `${graph.path}.data`,
  )
  return [...described, graph, ...data]
}

async function list(endpoint: string, init: HubInit): Promise<HubFile[]> {
  const url = `${endpoint}/api/models/${init.repository}/tree/${encodeURIComponent(init.revision)}?recursive=true`
  const response = await get(url, init)
  return decodeListing(new Uint8Array(await response.arrayBuffer()))
}

/**
 * Reads the files from what a hub answers to `tree/<revision>?recursive=true`.
 *
 * @throws NodeError `NODE_HUB_UNREACHABLE` where it is something else
 */
export function decodeListing(bytes: Uint8Array): HubFile[] {
  let entries: z.output<typeof listingSchema>
  try {
    entries = listingSchema.parse(JSON.parse(new TextDecoder().decode(bytes)))
  } catch (cause) {
    throw new NodeError(
      'NODE_HUB_UNREACHABLE',
      'The hub answered with something that is no list of files. Check HF_ENDPOINT: it may not be a hub.',
      { cause },
    )
  }
  return entries.filter(({ type }) => type === 'file').map(({ path, size }) => ({ path, bytes: size ?? 0 }))
}

async function downloadFile(
  endpoint: string,
  init: HubInit,
  file: HubFile,
  advance: (bytes: number) => void,
): Promise<void> {
  const target = confined(init.into, file.path)
  if ((await sizeOf(target)) === file.bytes) return advance(file.bytes)
  await mkdir(dirname(target), { recursive: true })
  const draft = `${target}.partial`
  const have = Math.min((await sizeOf(draft)) ?? 0, file.bytes)
  const url = `${endpoint}/${init.repository}/resolve/${encodeURIComponent(init.revision)}/${file.path.split('/').map(encodeURIComponent).join('/')}`
  if (have < file.bytes || file.bytes === 0) {
    const response = await get(url, init, have > 0 ? { range: `bytes=${have}-` } : {})
    const resumed = have > 0 && response.status === 206
    if (resumed) advance(have)
    await save(response, draft, {
      append: resumed,
      maxBytes: file.bytes - (resumed ? have : 0),
      advance,
      signal: init.signal,
    })
  } else advance(have)
  const bytes = await sizeOf(draft)
  if (bytes !== file.bytes) {
    throw new NodeError(
      'NODE_HUB_UNREACHABLE',
      `The download of ${file.path} ended at ${bytes} of ${file.bytes} bytes: run the command again to go on from there.`,
    )
  }
  await syncFile(draft)
  await rename(draft, target)
}

interface SaveOptions {
  append: boolean
  maxBytes: number
  advance(bytes: number): void
  signal: AbortSignal | undefined
}

async function save(
  response: Response,
  path: string,
  { append, maxBytes, advance, signal }: SaveOptions,
): Promise<void> {
  let received = 0
  const count = new Transform({
    transform(chunk: Buffer, _, done) {
      received += chunk.length
      if (received > maxBytes)
        return done(
          new NodeError(
            'NODE_HUB_UNREACHABLE',
            `The hub sent more than the ${maxBytes} bytes it had listed.`,
          ),
        )
      advance(chunk.length)
      done(null, chunk)
    },
  })
  const body = Readable.fromWeb(response.body as never)
  await pipeline(body, count, createWriteStream(path, { flags: append ? 'a' : 'w' }), {
    ...(signal && { signal }),
  })
}

async function get(
  url: string,
  { repository, revision, signal }: HubInit,
  headers: Record<string, string> = {},
): Promise<Response> {
  const token = process.env.HF_TOKEN
  let response: Response
  try {
    response = await fetch(url, {
      headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) },
      ...(signal && { signal }),
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new NodeError(
      'NODE_HUB_UNREACHABLE',
      `The hub at ${new URL(url).origin} cannot be reached. Check the connection, set HF_ENDPOINT to a mirror, or add the model from a folder or by its CID.`,
      { cause: error },
    )
  }
  if (response.ok) return response
  const missing = response.status === 404 || response.status === 401 || response.status === 403
  throw new NodeError(
    missing ? 'NODE_HUB_NOT_FOUND' : 'NODE_HUB_UNREACHABLE',
    missing
      ? `The hub has no '${repository}' at '${revision}' that may be read (HTTP ${response.status}). Check the name; for a private one set HF_TOKEN.`
      : `The hub answered HTTP ${response.status} for '${repository}'. Try again later: what has been downloaded is kept.`,
    { details: { repository, status: response.status } },
  )
}

function confined(folder: string, path: string): string {
  const clean = normalize(path)
  if (clean.startsWith('..') || clean.startsWith('/') || path.includes('\0') || path.includes('\\')) {
    throw new NodeError(
      'NODE_HUB_NOT_FOUND',
      `The repository lists '${path}', which is outside of its folder.`,
    )
  }
  return join(folder, clean)
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
