import { cidParts, LIMITS } from '@neurovoyance/protocol'
import { P2pError } from '../../errors.js'
import type { ArtifactLimits } from '../limits.js'
import type { DagNode } from './build.js'
import { readNode, unsupported } from './read.js'

/** One block of a file. */
export interface Leaf {
  digest: Uint8Array
  /** Where it lies in its file. */
  offset: number
  /** Its size; where it is a whole file, what the folder claims, until it has come. */
  bytes: number
}

/** One file of an artifact. */
export interface FileLayout {
  /** Path below the artifact's folder, with `/`; empty where the artifact is this file. */
  path: string
  cid: string
  bytes: number
  /** The file is one block, whose size is known for certain only when it has come. */
  whole: boolean
  leaves: Leaf[]
}

/** What an artifact is made of. */
export interface Layout {
  cid: string
  bytes: number
  /** The artifact is a folder, not a file. */
  folder: boolean
  /** Folders inside it, parents first. */
  folders: string[]
  files: FileLayout[]
  nodes: DagNode[]
}

/** The nodes that are still wanted, or the layout where there are none. */
export type LayoutStep = { wanted: string[] } | { layout: Layout }

type Limits = Pick<
  ArtifactLimits,
  'artifactBytes' | 'blocks' | 'files' | 'folderEntries' | 'folderDepth' | 'fileDepth' | 'nodes' | 'nodeBytes'
>

/**
 * Walks an artifact from its CID down, over nodes that come from anywhere and were verified.
 *
 * Nothing is taken on trust: sizes are those that the nodes claim, bounded here and proven when the blocks arrive.
 */
export class LayoutWalk {
  readonly #cid: string
  readonly #limits: Limits
  readonly #blocks = new Map<string, Uint8Array>()
  #blockBytes = 0
  #leaves = 0

  constructor(cid: string, limits: Limits) {
    this.#cid = cid
    this.#limits = limits
  }

  /**
   * Takes a node that has been verified against its CID.
   *
   * @throws P2pError `P2P_LIMIT_EXCEEDED`
   */
  add(cid: string, block: Uint8Array): void {
    if (this.#blocks.has(cid)) return
    this.#blockBytes += block.length
    this.#assert('nodes', this.#blocks.size + 1)
    this.#assert('nodeBytes', this.#blockBytes)
    this.#blocks.set(cid, block)
  }

  /**
   * What is wanted next, or the layout.
   *
   * @throws P2pError `P2P_ARTIFACT_UNSUPPORTED`, `P2P_LIMIT_EXCEEDED`
   */
  next(): LayoutStep {
    const wanted = new Set<string>()
    const layout: Layout = { cid: this.#cid, bytes: 0, folder: false, folders: [], files: [], nodes: [] }
    this.#leaves = 0
    this.#walk({ cid: this.#cid, claimedBytes: 0 }, '', 0, layout, wanted)
    if (wanted.size > 0) return { wanted: [...wanted] }
    layout.nodes = [...this.#blocks].map(([cid, block]) => ({ cid, block }))
    return { layout }
  }

  #walk(
    { cid, claimedBytes }: { cid: string; claimedBytes: number },
    path: string,
    depth: number,
    layout: Layout,
    wanted: Set<string>,
  ): void {
    if (cidParts(cid).codec === 'raw') {
      const bytes = Math.min(claimedBytes, LIMITS.artifactBlockBytes)
      this.#countLeaf()
      this.#addFile(layout, {
        path,
        cid,
        bytes,
        whole: true,
        leaves: [{ digest: cidParts(cid).digest, offset: 0, bytes }],
      })
      return
    }
    const block = this.#blocks.get(cid)
    if (block === undefined) {
      this.#assert('nodes', this.#blocks.size + wanted.size + 1)
      wanted.add(cid)
      return
    }
    const node = readNode(cid, block, this.#limits.folderEntries)
    if (node.kind === 'file') {
      const file: FileLayout = { path, cid, bytes: 0, whole: false, leaves: [] }
      this.#walkFile(node.parts, 1, file, wanted)
      this.#addFile(layout, file)
      return
    }
    if (depth >= this.#limits.folderDepth) throw this.#limit('folderDepth', depth + 1)
    if (path === '') layout.folder = true
    else layout.folders.push(path)
    this.#assert('files', layout.folders.length)
    for (const entry of node.entries) {
      const below = path === '' ? entry.name : `${path}/${entry.name}`
      this.#walk(entry, below, depth + 1, layout, wanted)
    }
  }

  #walkFile(
    parts: readonly { cid: string; bytes: number }[],
    depth: number,
    file: FileLayout,
    wanted: Set<string>,
  ): void {
    for (const part of parts) {
      const { codec, digest } = cidParts(part.cid)
      if (codec === 'raw') {
        if (part.bytes > LIMITS.artifactBlockBytes)
          throw unsupported(this.#cid, 'a block is larger than 2 MiB')
        if (part.bytes === 0) throw unsupported(this.#cid, 'a block inside a file is empty')
        this.#countLeaf()
        file.leaves.push({ digest, offset: file.bytes, bytes: part.bytes })
        file.bytes += part.bytes
        this.#assert('artifactBytes', file.bytes)
        continue
      }
      const block = this.#blocks.get(part.cid)
      if (block === undefined) {
        this.#assert('nodes', this.#blocks.size + wanted.size + 1)
        wanted.add(part.cid)
        continue
      }
      if (depth >= this.#limits.fileDepth) throw this.#limit('fileDepth', depth + 1)
      const node = readNode(part.cid, block, this.#limits.folderEntries)
      if (node.kind !== 'file') throw unsupported(this.#cid, 'a file has a folder inside')
      const before = file.bytes
      this.#walkFile(node.parts, depth + 1, file, wanted)
      if (wanted.size === 0 && file.bytes - before !== part.bytes) {
        throw unsupported(this.#cid, 'a node claims another size than its parts have')
      }
    }
  }

  #countLeaf(): void {
    this.#leaves++
    this.#assert('blocks', this.#leaves)
  }

  #addFile(layout: Layout, file: FileLayout): void {
    layout.files.push(file)
    this.#assert('files', layout.files.length)
    layout.bytes += file.bytes
    this.#assert('artifactBytes', layout.bytes)
  }

  #assert(limit: keyof Limits, value: number): void {
    if (value > this.#limits[limit]) throw this.#limit(limit, value)
  }

  #limit(limit: keyof Limits, value: number): P2pError {
    const max = this.#limits[limit]
    return new P2pError('P2P_LIMIT_EXCEEDED', `The artifact ${this.#cid} has more ${limit} than ${max}.`, {
      details: { cid: this.#cid, limit, max, value },
    })
  }
}
