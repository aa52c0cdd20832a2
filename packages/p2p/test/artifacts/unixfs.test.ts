import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { silentLogger } from '@neurovoyance/protocol'
import { MemoryBlockstore } from 'blockstore-core'
import fc from 'fast-check'
import { importer } from 'ipfs-unixfs-importer'
import { fixedSize } from 'ipfs-unixfs-importer/chunker'
import { balanced } from 'ipfs-unixfs-importer/layout'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { importPath } from '../../src/artifacts/import-path.js'
import { defaultArtifactLimits } from '../../src/artifacts/limits.js'
import { ArtifactStore } from '../../src/artifacts/store.js'
import { sha256 } from '../../src/artifacts/unixfs/block.js'
import { buildFile, type DagNode } from '../../src/artifacts/unixfs/build.js'
import { LayoutWalk } from '../../src/artifacts/unixfs/layout.js'

const MiB = 1024 * 1024
let dir: string
let store: ArtifactStore

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'nv-unixfs-'))
  store = await ArtifactStore.open(join(dir, 'store'), silentLogger)
})
afterAll(() => rm(dir, { recursive: true, force: true }))

/** The root CID by ipfs-unixfs-importer with kubo's `--raw-leaves --chunker=size-1048576`. */
async function reference(files: { path: string; content: Uint8Array }[]): Promise<string> {
  let root = ''
  const options = {
    cidVersion: 1 as const,
    rawLeaves: true,
    chunker: fixedSize({ chunkSize: MiB }),
    layout: balanced({ maxChildrenPerNode: 174 }),
  }
  for await (const entry of importer(files, new MemoryBlockstore(), options)) root = entry.cid.toString()
  return root
}

async function ours(files: { path: string; content: Uint8Array }[], root: string): Promise<string> {
  for (const { path, content } of files) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), content)
  }
  return (await importPath(store, join(dir, root), defaultArtifactLimits, {})).cid
}

function bytes(length: number, seed = 1): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * seed + (index >> 10)) & 0xff)
}

it.each([0, 1, 4096, MiB - 1, MiB, MiB + 1, 3 * MiB, 5 * MiB + 17])(
  'gives a file of %i bytes the CID of IPFS',
  async size => {
    const files = [{ path: `file-${size}`, content: bytes(size) }]
    expect(await ours(files, `file-${size}`)).toBe(await reference(files))
  },
)

it('gives a tree of several levels the CID of IPFS', async () => {
  // 400 blocks need three lists and a list of lists; one buffer stands for all of them.
  const block = bytes(MiB)
  const nodes: DagNode[] = []
  const leaves = [
    ...Array.from({ length: 399 }, () => ({ digest: sha256(block), bytes: MiB })),
    { digest: sha256(block.subarray(0, 5)), bytes: 5 },
  ]
  const root = buildFile(leaves, nodes)
  async function* content() {
    for (let index = 0; index < 399; index++) yield block
    yield block.subarray(0, 5)
  }
  let expected = ''
  const options = {
    cidVersion: 1 as const,
    rawLeaves: true,
    chunker: fixedSize({ chunkSize: MiB }),
    layout: balanced({ maxChildrenPerNode: 174 }),
  }
  const source = [{ path: 'large', content: content() }]
  for await (const entry of importer(source, new MemoryBlockstore(), options)) expected = entry.cid.toString()
  expect(root.cid).toBe(expected)
  expect(root.bytes).toBe(399 * MiB + 5)
  expect(nodes).toHaveLength(4)
  const walk = new LayoutWalk(root.cid, defaultArtifactLimits)
  for (const node of nodes) walk.add(node.cid, node.block)
  const step = walk.next()
  expect('layout' in step && step.layout.files[0]).toMatchObject({
    path: '',
    bytes: root.bytes,
    whole: false,
  })
  expect('layout' in step && step.layout.files[0]!.leaves).toHaveLength(400)
})

it('gives nested folders the CID of IPFS', async () => {
  let round = 0
  const name = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,11}$/).filter(text => text !== '.' && text !== '..')
  const folder = fc.uniqueArray(
    fc.record({ path: fc.array(name, { minLength: 1, maxLength: 3 }), size: fc.nat(3000) }),
    {
      minLength: 1,
      maxLength: 8,
      // A file and a folder cannot share a name.
      selector: entry => entry.path[0]!,
    },
  )
  await fc.assert(
    fc.asyncProperty(folder, async entries => {
      const root = `tree-${round++}`
      const files = entries.map(({ path, size }, index) => ({
        path: [root, ...path].join('/'),
        content: bytes(size, index + 1),
      }))
      expect(await ours(files, root)).toBe(await reference(files))
    }),
    { numRuns: 25 },
  )
})
