import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Client, createClient } from '@neurovoyance/client'
import { gatewayClient, type Hive, startHive, stopHive } from '@neurovoyance/node/hive'
import { renderPages } from 'example-ocr'
import { makeBundle } from './bundle.js'
import { unlessInterrupted } from './interruption.js'
import type { Options } from './options.js'
import { openPaying, type Paying, PRICE } from './pay.js'
import type { Progress } from './progress.js'
import { drawPages, type Job, readLocally, readOnHive, textOf } from './read-pages.js'
import { type Outcome, tallyOf } from './report.js'

/** A hive that has done its job and is still up. */
export interface FinishedJob extends AsyncDisposable {
  readonly hive: Hive
  readonly outcome: Outcome
}

/** What a job is done with. */
export interface JobContext {
  readonly options: Options
  readonly progress: Progress
  readonly signal: AbortSignal
}

/** A node that has not loaded two models of 15 MB by then never will, however busy the machine is. */
const LOAD_TIMEOUT_MS = 600_000

/** Starts a hive, has it read pages, and leaves it running until it is disposed of. */
export async function runJob(context: JobContext): Promise<FinishedJob> {
  const { options, progress, signal } = context
  const folder = await mkdtemp(join(tmpdir(), 'neurovoyance-'))
  let client: Client | undefined
  const dispose = async () => {
    try {
      await client?.close()
    } finally {
      await stopHive(folder)
      await rm(folder, { recursive: true, force: true })
    }
  }
  try {
    const validators = options.paid ? ', with a chain of their own' : ''
    progress.step(`Starting a hive: one bootstrap and ${options.nodes} nodes${validators}`)
    const onProgress = (done: number, total: number) => progress.detail(`${done} of ${total} are up`)
    const hive = await startHive({
      folder,
      nodes: options.nodes,
      chain: options.paid,
      price: PRICE,
      lifetime: 'supervised',
      signal,
      onProgress,
    })
    const work = async (): Promise<Outcome> => {
      const model = await spreadModel(hive, await makeBundle(folder), progress)
      progress.step(`A client that knows only ${hive.bootstrap[0]} joins`)
      const paying = options.paid ? await openPaying(hive, options.budget) : undefined
      client = await createClient({
        bootstrap: hive.bootstrap,
        signal,
        ...(paying && { payments: paying.payments }),
      })
      await everyNodeReady(client, model, context)
      const reading = await readPages(client, model, context)
      const settled = paying && (await settle(paying, client, progress))
      progress.done()
      return { ...reading, ...settled, nodes: options.nodes, processes: hive.nodes.length + 1 }
    }
    return { hive, outcome: await unlessInterrupted(work(), signal), [Symbol.asyncDispose]: dispose }
  } catch (error) {
    await dispose()
    throw error
  }
}

/** The nodes turn the client's vouchers into coins; what is left in the channels comes back. */
function settle(paying: Paying, client: Client, progress: Progress): ReturnType<Paying['settle']> {
  progress.step('The nodes redeem their vouchers; the client proves its balance')
  return paying.settle(client)
}

/** One node adds the model from disk; the others by its CID, from the network. */
async function spreadModel({ nodes }: Hive, bundle: string, progress: Progress): Promise<string> {
  progress.step('node-1 adds the PP-OCR models; the others fetch them by CID')
  const [first, ...others] = nodes
    .filter(({ role }) => role === 'peer')
    .map(({ gateway }) => gatewayClient(gateway))
  const { model } = await first!.addModel({ kind: 'path', path: bundle, name: 'pp-ocr' })
  let done = 1
  const tell = () => progress.detail(`${done} of ${nodes.length - 1} nodes have them`)
  tell()
  const fetches = others.map(async other => {
    await other.addModel({ kind: 'cid', cid: model })
    done++
    tell()
  })
  await Promise.all(fetches)
  return model
}

/** Waits until the client has heard from every node that it has the model in memory. */
async function everyNodeReady(
  client: Client,
  model: string,
  { options: { nodes }, progress, signal }: JobContext,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let ready = 0
  const look = () => {
    ready = [...client.market.hosts(model).values()].filter(({ hosted }) => hosted.loaded).length
    progress.detail(`${ready} of ${nodes} nodes have loaded the models`)
    if (ready >= nodes) resolve()
  }
  const giveUp = () =>
    reject(new Error(`${ready} of ${nodes} nodes had loaded the models after ${LOAD_TIMEOUT_MS / 1000} s`))
  const stop = client.market.onHost(look)
  const timer = setTimeout(giveUp, LOAD_TIMEOUT_MS)
  try {
    const refreshed = client.feed.refresh({ model, signal }).then(look)
    await unlessInterrupted(Promise.all([promise, refreshed]), signal)
  } finally {
    clearTimeout(timer)
    stop()
  }
}

async function readPages(
  client: Client,
  model: string,
  { options, progress }: JobContext,
): Promise<Omit<Outcome, 'nodes' | 'processes' | 'payments' | 'chain'>> {
  const pages = await renderPages({ pages: options.pages })
  progress.step(`The hive reads ${options.pages} ${options.pages === 1 ? 'page' : 'pages'} of Moby-Dick`)
  const jobs: Job[] = []
  const reading = await readOnHive(client, model, pages, job => {
    jobs.push(job)
    progress.detail(tallyOf(jobs))
  })
  progress.step('This machine reads them by itself')
  const local = await readLocally(pages)
  const pictures = await savePictures(resolve(options.out), await drawPages(pages, reading))
  const [text, localText] = [textOf(reading), textOf(local)]
  return {
    ok: text.length > 0 && text === localText,
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
