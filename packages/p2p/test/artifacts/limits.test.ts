import { execFileSync } from 'node:child_process'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { encode, prepare } from '@ipld/dag-pb'
import { cidFromSha256 } from '@neurovoyance/protocol'
import fc from 'fast-check'
import { UnixFS } from 'ipfs-unixfs'
import { CID } from 'multiformats/cid'
import { describe, expect, it } from 'vitest'
import { defaultArtifactLimits } from '../../src/artifacts/limits.js'
import { rawCid, sha256 } from '../../src/artifacts/unixfs/block.js'
import { buildFile, buildFolder, type DagNode, type DagPart } from '../../src/artifacts/unixfs/build.js'
import { LayoutWalk } from '../../src/artifacts/unixfs/layout.js'
import { ArtifactNetwork, content } from './artifact-network.js'

const empty: DagPart = { cid: rawCid(sha256(new Uint8Array(0))), bytes: 0, dagBytes: 0 }

/** A node as an attacker may write it. */
function hostile(data: UnixFS | Uint8Array, links: { Name: string; cid: string; Tsize?: number }[]): DagNode {
  const block = encode(
    prepare({
      Data: data instanceof UnixFS ? data.marshal() : data,
      Links: links.map(({ Name, cid, Tsize = 0 }) => ({ Name, Tsize, Hash: CID.parse(cid) })),
    }),
  )
  return { cid: cidFromSha256('dag-pb', sha256(block)), block }
}

function walk(cid: string, nodes: readonly DagNode[], limits = {}) {
  const step = new LayoutWalk(cid, { ...defaultArtifactLimits, ...limits })
  for (const node of nodes) step.add(node.cid, node.block)
  return step.next()
}

function folderOf(names: string[]): DagNode {
  return hostile(
    new UnixFS({ type: 'directory' }),
    names.map(Name => ({ Name, cid: empty.cid })),
  )
}

describe('what an artifact may be', () => {
  it.each(['..', '.', '', 'a/b', 'a\\b', '/etc/passwd', 'a\u0000b', 'C:x', 'line\nbreak', 'n'.repeat(256)])(
    'refuses the file name %j',
    name => {
      const folder = folderOf([name])
      expect(() => walk(folder.cid, [folder])).toThrow(
        expect.objectContaining({ code: 'P2P_ARTIFACT_UNSUPPORTED' }),
      )
    },
  )

  it('refuses names that some file systems cannot tell apart', () => {
    for (const names of [
      ['a', 'A'],
      ['same', 'same'],
      ['\u00e9', 'e\u0301'],
    ]) {
      const folder = folderOf(names)
      expect(() => walk(folder.cid, [folder])).toThrow(
        expect.objectContaining({ code: 'P2P_ARTIFACT_UNSUPPORTED' }),
      )
    }
  })

  it.each([
    ['a symbolic link', hostile(new UnixFS({ type: 'symlink', data: new TextEncoder().encode('/etc') }), [])],
    ['a sharded folder', hostile(new UnixFS({ type: 'hamt-sharded-directory' }), [])],
    ['content beside links', hostile(new UnixFS({ type: 'file', data: new Uint8Array(5) }), [])],
    ['a list without sizes', hostile(new UnixFS({ type: 'file' }), [{ Name: '', cid: empty.cid }])],
    [
      'a block over 2 MiB',
      hostile(new UnixFS({ type: 'file', blockSizes: [3_000_000n] }), [{ Name: '', cid: empty.cid }]),
    ],
    ['empty blocks', hostile(new UnixFS({ type: 'file', blockSizes: [0n] }), [{ Name: '', cid: empty.cid }])],
    [
      'a size above 2^53',
      hostile(new UnixFS({ type: 'file', blockSizes: [2n ** 60n] }), [{ Name: '', cid: empty.cid }]),
    ],
    ['data that is no UnixFS', hostile(new Uint8Array([255, 255]), [])],
  ])('refuses %s', (_, node) => {
    expect(() => walk(node.cid, [node])).toThrow(
      expect.objectContaining({ code: 'P2P_ARTIFACT_UNSUPPORTED' }),
    )
  })

  it('refuses a list that claims another size than its parts have', () => {
    const nodes: DagNode[] = []
    const digest = sha256(content(100))
    const inner = buildFile(
      [
        { digest, bytes: 100 },
        { digest, bytes: 100 },
      ],
      nodes,
    )
    const root = hostile(new UnixFS({ type: 'file', blockSizes: [999n] }), [{ Name: '', cid: inner.cid }])
    expect(() => walk(root.cid, [...nodes, root])).toThrow(
      expect.objectContaining({ code: 'P2P_ARTIFACT_UNSUPPORTED' }),
    )
  })

  it('bounds folders in folders, files, blocks, bytes, nodes: a small artifact cannot unfold into a huge one', () => {
    // Ten folders, each with ten links to the next: 10^10 files from eleven nodes.
    const nodes: DagNode[] = []
    let below = empty
    for (let level = 0; level < 10; level++) {
      const names = Array.from({ length: 10 }, (_, index) => `${index}`)
      below = buildFolder(new Map(names.map(name => [name, below])), nodes)
    }
    const limit = (name: string) =>
      expect.objectContaining({
        code: 'P2P_LIMIT_EXCEEDED',
        details: expect.objectContaining({ limit: name }),
      })
    expect(() => walk(below.cid, nodes)).toThrow(limit('files'))
    expect(() => walk(below.cid, nodes, { folderDepth: 3 })).toThrow(limit('folderDepth'))
    expect(() => walk(below.cid, nodes, { nodes: 5 })).toThrow(limit('nodes'))
    expect(() => walk(below.cid, nodes, { nodeBytes: 500 })).toThrow(limit('nodeBytes'))

    // The same with lists of blocks: each twice the one below.
    const lists: DagNode[] = []
    let part: DagPart = { cid: rawCid(sha256(content(1))), bytes: 1, dagBytes: 1 }
    for (let level = 0; level < 30; level++) {
      const sizes = [BigInt(part.bytes), BigInt(part.bytes)]
      const node = hostile(new UnixFS({ type: 'file', blockSizes: sizes }), [
        { Name: '', cid: part.cid },
        { Name: '', cid: part.cid },
      ])
      lists.push(node)
      part = { cid: node.cid, bytes: 2 * part.bytes, dagBytes: 0 }
    }
    expect(() => walk(part.cid, lists)).toThrow(limit('fileDepth'))
    expect(() => walk(part.cid, lists, { fileDepth: 64, blocks: 1000 })).toThrow(limit('blocks'))
    expect(() => walk(part.cid, lists, { fileDepth: 64, artifactBytes: 1000 })).toThrow(
      limit('artifactBytes'),
    )
  })

  it('takes any bytes as a node with nothing worse than a coded error', () => {
    const nodes: DagNode[] = []
    const digest = sha256(content(100))
    buildFolder(
      new Map([
        [
          'a',
          buildFile(
            [
              { digest, bytes: 100 },
              { digest, bytes: 7 },
            ],
            nodes,
          ),
        ],
      ]),
      nodes,
    )
    const block = fc
      .tuple(fc.constantFrom(...nodes), fc.array(fc.tuple(fc.nat(200), fc.nat(255)), { maxLength: 5 }))
      .map(([node, edits]) => {
        const bytes = node.block.slice()
        for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value
        return bytes
      })
    fc.assert(
      fc.property(fc.oneof(block, fc.uint8Array({ maxLength: 300 })), bytes => {
        const cid = cidFromSha256('dag-pb', sha256(bytes))
        try {
          walk(cid, [{ cid, block: bytes }])
        } catch (error) {
          expect((error as { code?: string }).code).toMatch(/^P2P_/)
        }
      }),
      { numRuns: 3000 },
    )
  })
})

describe('a full disk', () => {
  it('is told before a download starts that cannot fit', async () => {
    await using network = new ArtifactNetwork()
    const [holder, asker] = [await network.artifactPeer(), await network.artifactPeer()]
    await network.connect(asker, holder)
    const nodes: DagNode[] = []
    const block = { digest: sha256(content(1024 * 1024)), bytes: 1024 * 1024 }
    const root = buildFile(new Array(250_000).fill(block), nodes)
    const held = new Map(nodes.map(node => [node.cid, node.block]))
    const { ArtifactService } = await import('@neurovoyance/protocol')
    const liar = await network.peer()
    await network.connect(asker, liar)
    liar.rpc.serve(ArtifactService, {
      Nodes: ({ body }) => ({ body, attachments: body.cids.map(cid => held.get(cid)!) }),
    })
    const fetching = asker.artifacts.fetch(root.cid, { providers: [liar.peerId] })
    await expect(fetching).rejects.toMatchObject({
      code: 'P2P_DISK_FULL',
      details: { neededBytes: root.bytes },
    })
    expect(asker.artifacts.list()).toEqual([])
  })

  it('in the middle leaves everything whole (needs root for a small tmpfs)', async context => {
    await using network = new ArtifactNetwork()
    const [holder, asker] = [await network.artifactPeer(), await network.peer()]
    await network.connect(asker, holder)
    const dir = await network.write({ 'weights.bin': content(12 * 1024 * 1024), 'small.bin': content(1000) })
    const small = join(dir, 'small-disk')
    await mkdir(small)
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', small], { stdio: 'ignore' })
    } catch {
      context.skip('a tmpfs cannot be mounted here')
    }
    try {
      const artifacts = await network.open(asker, small)
      const fits = await artifacts.add(join(dir, 'small.bin'))
      const added = await holder.artifacts.add(join(dir, 'weights.bin'))
      const filling = await artifacts.add(join(dir, 'weights.bin'))
      await expect(artifacts.add(join(dir, 'weights.bin'))).rejects.toMatchObject({ code: 'P2P_DISK_FULL' })
      expect(
        artifacts
          .list()
          .map(({ cid }) => cid)
          .sort(),
      ).toEqual([fits.cid, filling.cid].sort())
      await artifacts.remove(filling.cid)

      // Another program fills the disk while blocks come: what is there stays, and the fetch goes on later.
      const filler = join(small, 'filler')
      const interrupted = artifacts.fetch(added.cid, {
        providers: [holder.peerId],
        onProgress: ({ phase, doneBytes }) => {
          if (phase === 'download' && doneBytes === 2 * 1024 * 1024) fillDisk(filler)
        },
      })
      await expect(interrupted).rejects.toMatchObject({ code: 'P2P_DISK_FULL' })
      expect(artifacts.path(added.cid)).toBeUndefined()
      rmSync(filler)
      expect((await artifacts.fetch(added.cid, { providers: [holder.peerId] })).bytes).toBe(12 * 1024 * 1024)
      await artifacts.close()
    } finally {
      execFileSync('umount', ['-l', small])
    }
  })
})

function fillDisk(path: string): void {
  const file = openSync(path, 'w')
  try {
    for (;;) writeSync(file, new Uint8Array(64 * 1024))
  } catch (error) {
    expect(error).toMatchObject({ code: 'ENOSPC' })
  } finally {
    closeSync(file)
  }
}
