import { execFileSync } from 'node:child_process'
import { mkdir, open, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Hive, NodeProcess } from '@neurovoyance/testing/hive'
import { add, storedWeights } from '@neurovoyance/testing/models'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AddEvent, addByCid } from './add-events.js'
import { clientOf, hiveOf, saveModel } from './fixture.js'

const MiB = 1024 * 1024

/** A model of 64 MiB: long enough to fetch that a node can be killed on the way. */
const large = storedWeights({ storage: 'external', size: 4096 })

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
      await killAt(node, model, share)
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

  it('killed at any moment, it starts again with its identity, models and peers', async () => {
    const path = await saveModel(add())
    let node = await hive.join('often-killed')
    const { peerId } = node
    for (let round = 0; round < 6; round++) {
      const adding = hive.addModel(path, { node }).catch(() => undefined)
      await new Promise(resolve => setTimeout(resolve, round * 25))
      await node.kill()
      await adding
      node = await hive.join('often-killed')
      expect(node.peerId).toBe(peerId)
    }
    const { model } = await hive.addModel(path, { node })
    await node.kill()
    node = await hive.join('often-killed')
    expect(await modelsOf(node)).toEqual([model])
  }, 180_000)

  it('a provider whose files were changed is found out, and the blocks come from another', async () => {
    const liar = await hive.join('liar')
    for await (const _ of addByCid(liar, model));
    await corruptLargestFile(join(liar.home, 'artifacts'))
    const reader = await hive.join('reader')
    const events: AddEvent[] = []
    for await (const event of addByCid(reader, model)) events.push(event)
    expect(events.at(-1)).toMatchObject({ result: { model } })
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

/** Has a node fetch a model and kills it when it has a share of the bytes. */
async function killAt(node: NodeProcess, model: string, share: number): Promise<void> {
  try {
    for await (const { progress } of addByCid(node, model)) {
      if (
        progress?.phase !== 'fetching' ||
        progress.totalBytes === 0 ||
        progress.doneBytes < share * progress.totalBytes
      )
        continue
      await node.kill()
      return
    }
  } catch {
    // The connection ended with the node.
  }
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
  expect(result.outputs).toEqual(outputs)
  await client.close()
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
