import { createWriteStream } from 'node:fs'
import { mkdir, open, rename, stat } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { NodeError } from '../../errors.js'
import { isMissing } from '../../files/is-missing.js'
import { chooseFiles } from './choose-files.js'
import { getFromHub, type HubRequest } from './get.js'
import { decodeListing, type HubFile } from './listing.js'

/** How far a download has come. */
export interface HubProgress {
  readonly doneBytes: number
  readonly totalBytes: number
}

/** What is downloaded, from where and to where. */
export interface HubInit extends HubRequest {
  /** `https://huggingface.co`, or a mirror; from `HF_ENDPOINT` when left out. */
  endpoint?: string | undefined
  /** The .onnx file to take, where the repository has several: `onnx/model_q4.onnx`. */
  file?: string | undefined
  /** Folder to download into. Files already whole are kept; partial ones are resumed. */
  into: string
  onProgress?: ((progress: HubProgress) => void) | undefined
}

/**
 * Downloads a model bundle from a Hugging Face repository: its configuration and tokenizer files, one
 * .onnx file and the external data beside it.
 *
 * @throws NodeError `NODE_HUB_UNREACHABLE` when the hub does not answer, `NODE_HUB_NOT_FOUND` when it has no such
 * repository, revision or .onnx file.
 */
export async function downloadFromHub(init: HubInit): Promise<void> {
  const endpoint = init.endpoint ?? process.env.HF_ENDPOINT ?? 'https://huggingface.co'
  const tree = `${endpoint}/api/models/${init.repository}/tree/${encodeURIComponent(init.revision)}?recursive=true`
  const listing = await getFromHub(tree, init)
  const files = chooseFiles(decodeListing(new Uint8Array(await listing.arrayBuffer())), init)
  const totalBytes = files.reduce((sum, file) => sum + file.bytes, 0)
  let doneBytes = 0
  const advance = (bytes: number) => {
    doneBytes += bytes
    init.onProgress?.({ doneBytes, totalBytes })
  }
  for (const file of files) await downloadFile(endpoint, init, file, advance)
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
    const response = await getFromHub(url, init, have > 0 ? { range: `bytes=${have}-` } : {})
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
