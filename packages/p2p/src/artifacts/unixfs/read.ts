import { decode } from '@ipld/dag-pb'
import { canonicalCid, LIMITS } from '@neurovoyance/protocol'
import { UnixFS } from 'ipfs-unixfs'
import { P2pError } from '../../errors.js'

/** One entry of a folder. */
export interface FolderEntry {
  name: string
  cid: string
  /** Bytes of everything below it, as the folder claims: good for progress, proof of nothing. */
  claimedBytes: number
}

/** An inner node as read: a folder's entries, or the parts of a file in order. */
export type ReadNode =
  | { kind: 'folder'; entries: FolderEntry[] }
  | { kind: 'file'; parts: { cid: string; bytes: number }[] }

/**
 * Reads a dag-pb block that came from elsewhere and has been verified against its CID.
 *
 * @throws P2pError `P2P_ARTIFACT_UNSUPPORTED` for what is no plain file or folder, or has names that do not fit a
 * file system.
 */
export function readNode(cid: string, block: Uint8Array, maxLinks: number): ReadNode {
  if (block.length > LIMITS.artifactBlockBytes) throw unsupported(cid, 'a node is larger than 2 MiB')
  const { data, links } = parse(cid, block)
  if (links.length > maxLinks)
    throw unsupported(cid, `a node has ${links.length} links, more than ${maxLinks}`)
  if (data.type === 'directory') return { kind: 'folder', entries: folderEntries(cid, links) }
  if (data.type !== 'file') throw unsupported(cid, `it holds a node of type ${data.type}`)
  if ((data.data?.length ?? 0) > 0)
    throw unsupported(cid, 'a node has content beside its links: add it with raw leaves')
  if (data.blockSizes.length !== links.length)
    throw unsupported(cid, 'a node does not tell the size of its parts')
  const parts = links.map((link, index) => ({ cid: link.cid, bytes: safeSize(cid, data.blockSizes[index]!) }))
  return { kind: 'file', parts }
}

function parse(cid: string, block: Uint8Array): { data: UnixFS; links: FolderEntry[] } {
  try {
    const node = decode(block)
    const links = node.Links.map(link => ({
      name: link.Name ?? '',
      cid: canonicalCid(link.Hash.toString()),
      claimedBytes: link.Tsize ?? 0,
    }))
    return { data: UnixFS.unmarshal(node.Data ?? new Uint8Array(0)), links }
  } catch (cause) {
    throw unsupported(cid, cause instanceof Error ? cause.message : 'a node cannot be read', cause)
  }
}

function folderEntries(cid: string, links: FolderEntry[]): FolderEntry[] {
  assertDistinct(
    cid,
    links.map(link => link.name),
  )
  return links
}

/** Refuses names that are not allowed, or that some file system cannot tell apart. */
export function assertDistinct(cid: string, names: readonly string[]): void {
  const seen = new Set<string>()
  for (const name of names) {
    assertFileName(cid, name)
    const folded = name.normalize('NFC').toLowerCase()
    if (seen.has(folded)) throw unsupported(cid, `two entries are called ${JSON.stringify(name)}`)
    seen.add(folded)
  }
}

const utf8 = new TextEncoder()
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters have no place in a file's name.
const FORBIDDEN = /[\u0000-\u001f\u007f/\\:]/

/** Refuses names that would leave their folder, or that file systems give a meaning of their own. */
function assertFileName(cid: string, name: string): void {
  if (name === '' || name === '.' || name === '..' || FORBIDDEN.test(name)) {
    throw unsupported(cid, `the file name ${JSON.stringify(name.slice(0, 64))} is not allowed`)
  }
  if (utf8.encode(name).length > LIMITS.fileNameBytes) throw unsupported(cid, 'a file name is too long')
}

function safeSize(cid: string, size: bigint): number {
  if (size > BigInt(Number.MAX_SAFE_INTEGER)) throw unsupported(cid, 'a part claims more than 2^53 bytes')
  return Number(size)
}

/** An artifact that this version does not take. */
export function unsupported(cid: string, why: string, cause?: unknown): P2pError {
  return new P2pError('P2P_ARTIFACT_UNSUPPORTED', `The artifact ${cid} cannot be taken: ${why}.`, {
    details: { cid, why },
    cause,
  })
}
