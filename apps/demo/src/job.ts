import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Client, createClient } from '@neurovoyance/client'
import { gatewayClient, type Hive, startHive, stopHive } from '@neurovoyance/node/hive'
import { renderPages } from 'example-ocr'
import { makeBundle } from './bundle.js'
import type { Options } from './options.js'
import { drawPages, type Job, readLocally, readOnHive, textOf } from './read-pages.js'
import type { Outcome } from './report.js'

/** Says what goes on. */
export type Say = (text: string) => void

/** A hive that has done its job and is still up. */
export interface FinishedJob extends AsyncDisposable {
  readonly hive: Hive
  readonly outcome: Outcome
}

/** Starts a hive, has it read pages, and leaves it running until it is disposed of. */
export async function runJob(options: Options, say: Say, signal: AbortSignal): Promise<FinishedJob> {
  const folder = await mkdtemp(join(tmpdir(), 'neurovoyance-'))
  let client: Client | undefined
  const dispose = async () => {
    await client?.close()
    await stopHive(folder)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    say(`Starting a hive: one bootstrap and ${options.nodes} nodes`)
    const hive = await startHive({ folder, nodes: options.nodes, lifetime: 'supervised', signal })

    say('node-1 adds the PP-OCR models; the others fetch them by CID')
    const model = await spreadModel(hive, await makeBundle(folder))

    say(`A client that knows only ${hive.bootstrap[0]} joins`)
    client = await createClient({ bootstrap: hive.bootstrap, signal })
    await allHosting(client, model, options.nodes, signal)

    say(`Reading ${options.pages} pages of Moby-Dick on the hive`)
    const outcome = await readPages(client, model, options)
    return {
      hive,
      outcome: { ...outcome, nodes: options.nodes, processes: hive.nodes.length + 1 },
      [Symbol.asyncDispose]: dispose,
    }
  } catch (error) {
    await dispose()
    throw error
  }
}

/** One node adds the model from disk; the others by its CID, from the network. */
async function spreadModel({ nodes }: Hive, bundle: string): Promise<string> {
  const [first, ...others] = nodes
    .filter(({ role }) => role === 'peer')
    .map(({ gateway }) => gatewayClient(gateway))
  const { model } = await first!.addModel({ kind: 'path', path: bundle, name: 'pp-ocr' })
  await Promise.all(others.map(other => other.addModel({ kind: 'cid', cid: model })))
  return model
}

/** Waits until the client has an offer of every node. */
async function allHosting(client: Client, model: string, nodes: number, signal: AbortSignal): Promise<void> {
  const hosting = () => client.market.offersFor(model).length >= nodes
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const stop = client.market.onHost(() => hosting() && resolve())
  const interrupted = () => reject(signal.reason)
  signal.addEventListener('abort', interrupted)
  try {
    await client.feed.refresh({ model, signal })
    if (!hosting()) await promise
  } finally {
    stop()
    signal.removeEventListener('abort', interrupted)
  }
}

async function readPages(
  client: Client,
  model: string,
  options: Options,
): Promise<Omit<Outcome, 'nodes' | 'processes'>> {
  const pages = await renderPages({ pages: options.pages })
  const jobs: Job[] = []
  const reading = await readOnHive(client, model, pages, job => jobs.push(job))
  const local = await readLocally(pages)
  const [text, localText] = [textOf(reading), textOf(local)]
  const pictures = await savePictures(resolve(options.out), await drawPages(pages, reading))
  const nodes = new Set(jobs.map(({ node }) => node)).size
  return {
    ok: text.length > 0 && text === localText && nodes === options.nodes,
    model,
    jobs,
    text,
    localText,
    seconds: reading.seconds,
    localSeconds: local.seconds,
    pictures,
  }
}

async function savePictures(
  folder: string,
  pictures: readonly { name: string; png: Uint8Array }[],
): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  return Promise.all(
    pictures.map(async ({ name, png }) => {
      const path = join(folder, `${name}.png`)
      await writeFile(path, png)
      return path
    }),
  )
}
