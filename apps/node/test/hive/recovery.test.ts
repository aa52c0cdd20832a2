import { execFileSync } from 'node:child_process'
import { mkdir, open, readdir, readFile, stat, watch } from 'node:fs/promises'
import { join } from 'node:path'
import type { Tensor } from '@neurovoyance/protocol'
import type { Hive, NodeProcess } from '@neurovoyance/testing/hive'
import { add, storedWeights } from '@neurovoyance/testing/models'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AddEvent, addByCid, addEvents } from './add-events.js'
import { clientOf, hiveOf, saveModel } from './fixture.js'
import { untilPeer } from './peers.js'

const MiB = 1024 * 1024

/** A model of 64 MiB: long enough to fetch that a node can be killed on the way. */
const large = storedWeights({ storage: 'external', size: 4096 })

/** Moments of an addition from a folder, by what the node says of it. */
const MOMENTS: { what: string; holds: (event: AddEvent) => boolean }[] = [
  { what: 'being checked', holds: ({ progress }) => progress?.phase === 'checking' },
  { what: 'being stored', holds: ({ progress }) => progress?.phase === 'storing' },
  {
    what: 'stored and not yet remembered',
    holds: ({ progress }) => progress?.phase === 'storing' && progress.doneBytes >= progress.totalBytes,
  },
  { what: 'added', holds: ({ result }) => result !== undefined },
]

describe('what a crash leaves behind', () => {
  let hive: Hive
  let model: string

  beforeAll(async () => {
    hive = await hiveOf({ nodes: 1 })
    model = (await hive.addModel(await saveModel(large))).model
  }, 120_000)

  afterAll(() => hive?.stop())

  it('killed while it fetches a model, a node goes on from there, as the same node', async () => {
    let node = await hive.join('killed')
    const { peerId } = node
    for (const share of [0.2, 0.6]) {
      await killOn(
        node,
        { kind: 'cid', cid: model },
        ({ progress }) =>
          progress?.phase === 'fetching' &&
          progress.totalBytes > 0 &&
          progress.doneBytes >= share * progress.totalBytes,
      )
      node = await hive.join('killed')
      expect(node.peerId).toBe(peerId)
      expect(await modelsOf(node)).toEqual([])
    }
    const events: AddEvent[] = []
    for await (const event of addByCid(node, model)) events.push(event)
    const first = events.find(({ progress }) => progress?.phase === 'fetching' && progress.totalBytes > 0)!
      .progress!
    expect(first.doneBytes).toBeGreaterThan(0)
    expect(events.at(-1)).toMatchObject({ result: { model } })
    await expectAnswer(hive, model)
  }, 180_000)

  it.for(MOMENTS)(
    'killed when a model is $what, it starts again as the same node, whole',
    {
      timeout: 180_000,
    },
    async ({ holds }) => {
      const path = await saveModel(large)
      let node = await hive.join('often-killed')
      const { peerId } = node
      await killOn(node, { kind: 'path', path }, holds)
      node = await hive.join('often-killed')
      expect(node.peerId).toBe(peerId)
      const held = await modelsOf(node)
      expect(held.length === 0 || held[0] === model).toBe(true)
      expect((await hive.addModel(path, { node })).model).toBe(model)
      await node.kill()
      node = await hive.join('often-killed')
      expect(node.peerId).toBe(peerId)
      expect(await modelsOf(node)).toEqual([model])
      await node.stop()
    },
  )

  it('started again with every bootstrap dead, a node finds the network in its address book', async () => {
    await using own = await hiveOf({ nodes: 1 })
    const [other] = own.nodes
    let node = await own.join('returning')
    await untilKnown(node, other!.peerId)
    await own.bootstrapNode.kill()
    await node.kill()
    node = await own.join('returning')
    await untilPeer(node, other!.peerId)
    const added = await own.addModel(await saveModel(add()), { node: other! })
    const events: AddEvent[] = []
    for await (const event of addByCid(node, added.model)) events.push(event)
    expect(events.at(-1)).toMatchObject({ result: { model: added.model } })
  }, 180_000)

  it('a provider whose files were changed is found out, and the blocks come from an honest one', async () => {
    await using own = await hiveOf({ nodes: 0 })
    const liar = await own.join('liar')
    const added = await own.addModel(await saveModel(large), { node: liar })
    await corruptLargestFile(join(liar.home, 'artifacts'))
    const reader = await own.join('reader')
    await untilPeer(reader, liar.peerId)

    const refused: AddEvent[] = []
    for await (const event of addByCid(reader, added.model)) refused.push(event)
    // It was asked, it sent something, and there is nobody else.
    expect(refused.some(({ progress }) => (progress?.totalBytes ?? 0) > 0)).toBe(true)
    expect(refused.at(-1)).toMatchObject({
      error: {
        code: 'P2P_ARTIFACT_NOT_FOUND',
        message: expect.stringContaining('of 1 the bytes were not what their CID says'),
      },
    })
    expect(await modelsOf(reader)).toEqual([])

    const honest = await own.join('honest')
    await own.addModel(await saveModel(large), { node: honest })
    await untilPeer(reader, honest.peerId)
    const fetched: AddEvent[] = []
    for await (const event of addByCid(reader, added.model)) fetched.push(event)
    expect(fetched.at(-1)).toMatchObject({ result: { model: added.model } })
    // It hosts the model as well, from the files that were changed: what it answers is no concern here.
    await liar.stop()
    await expectAnswer(own, added.model)
  }, 180_000)

  it('a full disk: a coded error, nothing broken, and room again is enough', async context => {
    const home = join(hive.folder, 'small-disk')
    await mkdir(home)
    if (!mountTmpfs(home, '48m')) return context.skip('only root can mount a small disk')
    try {
      const node = await hive.join('small-disk')
      const events: AddEvent[] = []
      for await (const event of addByCid(node, model)) events.push(event)
      expect(events.at(-1)).toMatchObject({ error: { code: 'P2P_DISK_FULL' } })
      const small = await hive.addModel(await saveModel(add()), { node })
      expect(await modelsOf(node)).toEqual([small.model])
      execFileSync('mount', ['-o', 'remount,size=512m', home])
      for await (const event of addByCid(node, model)) events.push(event)
      expect(events.at(-1)).toMatchObject({ result: { model } })
      await node.stop()
    } finally {
      execFileSync('umount', ['-l', home])
    }
  }, 180_000)
})

/** Has a node add a model, and kills it the moment that what it says of it `holds`. */
async function killOn(
  node: NodeProcess,
  source: Parameters<typeof addEvents>[1],
  holds: (event: AddEvent) => boolean,
): Promise<void> {
  let killed = false
  try {
    for await (const event of addEvents(node, source)) {
      if (killed || !holds(event)) continue
      killed = true
      await node.kill()
    }
  } catch {
    // The connection ended with the node.
  }
  expect(killed).toBe(true)
}

/** Waits until a node's address book on disk has a peer. */
async function untilKnown({ home }: NodeProcess, peerId: string): Promise<void> {
  const knows = async () =>
    (await readFile(join(home, 'address-book.json'), 'utf8').catch(() => '')).includes(peerId)
  const changes = watch(home)
  if (await knows()) return
  for await (const _ of changes) if (await knows()) return
}

async function modelsOf({ gateway }: NodeProcess): Promise<string[]> {
  const response = await fetch(`${gateway.url}/nv/v1/status`, {
    headers: { authorization: `Bearer ${gateway.token}` },
  })
  const { models } = (await response.json()) as { models: { model: string }[] }
  return models.map(({ model }) => model)
}

async function expectAnswer(hive: Hive, model: string): Promise<void> {
  const { inputs, outputs } = large
  const client = await clientOf(hive)
  const result = await client.infer({ model, inputs, deadlineMs: 60_000 })
  await client.close()
  const [answer, expected] = [result.outputs.y!, outputs!.y!]
  expect(answer.dims).toEqual(expected.dims)
  // toEqual would make an object of each of 16 million elements: gigabytes
  expect(bytesOf(answer).equals(bytesOf(expected))).toBe(true)
}

function bytesOf({ data }: Tensor): Buffer {
  const { buffer, byteOffset, byteLength } = data as Float32Array
  return Buffer.from(buffer, byteOffset, byteLength)
}

async function corruptLargestFile(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = await Promise.all(
    entries
      .filter(entry => entry.isFile())
      .map(async entry => ({
        path: join(entry.parentPath, entry.name),
        size: (await stat(join(entry.parentPath, entry.name))).size,
      })),
  )
  files.sort((a, b) => b.size - a.size)
  const file = await open(files[0]!.path, 'r+')
  for (let at = 100; at < files[0]!.size; at += MiB / 2) await file.write(Buffer.from('corrupt'), 0, 7, at)
  await file.close()
}

function mountTmpfs(folder: string, size: string): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=700`, 'tmpfs', folder], {
      stdio: 'ignore',
    })
    return true
  } catch {
    return false
  }
}
