import type { Client } from '@neurovoyance/client'
import { sessionClass } from '@neurovoyance/client/session'
import { annotate, createReader, ocrModels, type PagePng, type Reader, type ReadLine } from 'example-ocr'
import { InferenceSession } from 'onnxruntime-node'
import { DETECTION, RECOGNITION } from './bundle.js'

/** One run of a model by a node. */
export interface Job {
  readonly kind: typeof DETECTION | typeof RECOGNITION
  readonly model: string
  /** Peer id of the node that made it. */
  readonly node: string
  readonly latencyMs: number
}

/** Pages as they were read. */
export interface Reading {
  readonly pages: readonly { readonly lines: readonly ReadLine[] }[]
  readonly seconds: number
}

/**
 * A page is some thirty runs that all share this machine's cores, and each waits for those before it: on a busy machine
 * for minutes. One that waits is not lost, so only a hive that has stopped answering ends the job.
 */
const RUN_DEADLINE_MS = 600_000

/** Has the hive read pages; every run of a model goes to the node that is likely to answer first. */
export async function readOnHive(
  client: Client,
  model: string,
  pages: readonly PagePng[],
  onJob: (job: Job) => void,
): Promise<Reading> {
  const kindOf = (path: string) => (path === ocrModels.detectionPath ? DETECTION : RECOGNITION)
  const HiveSession = sessionClass(client, {
    resolve: path => `${model}/${kindOf(path)}`,
    deadlineMs: RUN_DEADLINE_MS,
    onRun: ({ path, node, latencyMs }) =>
      onJob({ kind: kindOf(path), model: `${model}/${kindOf(path)}`, node, latencyMs }),
  })
  return readAll(await createReader({ InferenceSession: HiveSession }), pages)
}

/** Reads pages in this process, with onnxruntime-node alone. */
export async function readLocally(pages: readonly PagePng[]): Promise<Reading> {
  return readAll(await createReader({ InferenceSession }), pages)
}

async function readAll(reader: Reader, pages: readonly PagePng[]): Promise<Reading> {
  const startedMs = performance.now()
  const read = await Promise.all(pages.map(({ png }) => reader.read(png)))
  return { pages: read, seconds: (performance.now() - startedMs) / 1000 }
}

/** The text of a reading, a line a line, pages apart by an empty one. */
export function textOf({ pages }: Reading): string {
  return pages.map(({ lines }) => lines.map(({ text }) => text).join('\n')).join('\n\n')
}

/** Each page with the boxes that were found and the text beside it. */
export function drawPages(
  pages: readonly PagePng[],
  reading: Reading,
): Promise<{ name: string; png: Uint8Array }[]> {
  return Promise.all(
    pages.map(async ({ name, png }, index) => ({
      name,
      png: await annotate(png, reading.pages[index]!.lines),
    })),
  )
}
