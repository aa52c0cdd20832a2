/**
 * UnixFS as kubo and Helia write it: CIDv1, raw leaves, balanced lists of at most 174 links, sorted folders.
 *
 * Source: https://specs.ipfs.tech/unixfs/
 */
import { encode, prepare } from '@ipld/dag-pb'
import { cidFromSha256 } from '@neurovoyance/protocol'
import { UnixFS } from 'ipfs-unixfs'
import { CID } from 'multiformats/cid'
import { P2pError } from '../../errors.js'
import { LINKS_PER_NODE, rawCid, sha256 } from './block.js'

/** Something that a node can link to. */
export interface DagPart {
  cid: string
  /** Bytes of file content below it. */
  bytes: number
  /** Bytes of all blocks below it, itself with them: dag-pb's Tsize. */
  dagBytes: number
}

/** An inner node and its bytes. */
export interface DagNode {
  cid: string
  block: Uint8Array
}

function node(data: UnixFS, links: { name: string; part: DagPart }[], nodes: DagNode[]): DagPart {
  const block = encode(
    prepare({
      Data: data.marshal(),
      Links: links.map(({ name, part }) => ({ Name: name, Tsize: part.dagBytes, Hash: CID.parse(part.cid) })),
    }),
  )
  const cid = cidFromSha256('dag-pb', sha256(block))
  nodes.push({ cid, block })
  const sum = (pick: (part: DagPart) => number) => links.reduce((total, { part }) => total + pick(part), 0)
  return { cid, bytes: sum(part => part.bytes), dagBytes: block.length + sum(part => part.dagBytes) }
}

/**
 * The tree above a file's blocks; its lists are appended to `nodes`.
 *
 * A file of one block is that block.
 */
export function buildFile(
  leaves: readonly { digest: Uint8Array; bytes: number }[],
  nodes: DagNode[],
): DagPart {
  let level: DagPart[] = leaves.map(({ digest, bytes }) => ({ cid: rawCid(digest), bytes, dagBytes: bytes }))
  if (level.length === 0) level = [{ cid: rawCid(sha256(new Uint8Array(0))), bytes: 0, dagBytes: 0 }]
  while (level.length > 1) {
    const above: DagPart[] = []
    for (let at = 0; at < level.length; at += LINKS_PER_NODE) {
      const parts = level.slice(at, at + LINKS_PER_NODE)
      const data = new UnixFS({ type: 'file', blockSizes: parts.map(part => BigInt(part.bytes)) })
      above.push(
        node(
          data,
          parts.map(part => ({ name: '', part })),
          nodes,
        ),
      )
    }
    level = above
  }
  return level[0]!
}

/** Above this, IPFS nodes shard a folder. */
const FOLDER_BLOCK_BYTES = 256 * 1024

/**
 * A folder of named parts; its node is appended to `nodes`.
 *
 * @throws P2pError `P2P_ARTIFACT_UNSUPPORTED` for a folder so large that IPFS would shard it.
 */
export function buildFolder(entries: ReadonlyMap<string, DagPart>, nodes: DagNode[]): DagPart {
  // dag-pb sorts links by the bytes of their names.
  const links = [...entries].map(([name, part]) => ({ name, part }))
  const built = node(new UnixFS({ type: 'directory' }), links, nodes)
  if (nodes.at(-1)!.block.length <= FOLDER_BLOCK_BYTES) return built
  throw new P2pError(
    'P2P_ARTIFACT_UNSUPPORTED',
    `A folder has ${entries.size} entries, too many for one block: put them into folders of their own.`,
    { details: { entries: entries.size } },
  )
}
