import { readFile } from 'node:fs/promises'
import { isCid } from '@neurovoyance/protocol'
import { z } from 'zod'
import { writeDurably } from './disk.js'
import type { DagNode } from './unixfs/build.js'

/** One file of a complete artifact. */
export interface IndexedFile {
  /** Path below the artifact's folder, with `/`; empty where the artifact is this file. */
  path: string
  cid: string
  bytes: number
  /** When it last changed: a file that somebody wrote to is no longer what its CID says. */
  changedMs: number
}

/** What is kept of an artifact beside its files: enough to serve it without reading them again. */
export interface ArtifactIndex {
  cid: string
  bytes: number
  files: IndexedFile[]
  nodes: DagNode[]
}

const cid = z.string().refine(isCid)
const size = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER)

const schema = z.object({
  version: z.literal(1),
  cid,
  bytes: size,
  files: z.array(z.object({ path: z.string(), cid, bytes: size, changedMs: z.number() })),
  nodes: z.array(z.object({ cid, block: z.base64() })),
})

/** Writes an index durably. */
export function writeIndex(path: string, index: ArtifactIndex): Promise<void> {
  const nodes = index.nodes.map(node => ({
    cid: node.cid,
    block: Buffer.from(node.block).toString('base64'),
  }))
  return writeDurably(path, JSON.stringify({ version: 1, ...index, nodes }))
}

/** Reads an index that this store wrote; throws where it is not one. */
export async function readIndex(path: string): Promise<ArtifactIndex> {
  const { version: _, nodes, ...index } = schema.parse(JSON.parse(await readFile(path, 'utf8')))
  return { ...index, nodes: nodes.map(node => ({ cid: node.cid, block: Buffer.from(node.block, 'base64') })) }
}
