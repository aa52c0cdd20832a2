import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Client, createClient } from '@neurovoyance/client'
import { type Hive, type HiveInit, startHive } from '@neurovoyance/testing/hive'
import type { TestModel } from '@neurovoyance/testing/models'
import { afterAll } from 'vitest'

/** The program under test. */
export const NV = fileURLToPath(new URL('../../bin/nv.js', import.meta.url))

/** A hive of real processes. */
export const hiveOf = (init: Omit<HiveInit, 'nv'> = {}): Promise<Hive> => startHive({ nv: NV, ...init })

/** A client of the hive in this process that knows nothing but the bootstrap's address. */
export const clientOf = (hive: Pick<Hive, 'bootstrap'>): Promise<Client> =>
  createClient({ bootstrap: hive.bootstrap })

const folders: string[] = []

/** A fresh temporary folder; it goes when the test file is done. */
export async function folder(name: string): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), `${name}-`))
  folders.push(path)
  return path
}

afterAll(async () => {
  await Promise.all(folders.splice(0).map(path => rm(path, { recursive: true, force: true })))
})

/** Writes a model to a folder of its own; returns the folder. */
export async function saveModel({ name, bytes, files = {} }: TestModel): Promise<string> {
  const dir = join(await folder('model'), name)
  await mkdir(dir, { recursive: true })
  await writeFile(join(dir, 'model.onnx'), bytes)
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(dir, path)), { recursive: true })
    await writeFile(join(dir, path), content)
  }
  return dir
}

/** Adds a model to every node of a hive. */
export async function hostEverywhere(hive: Hive, model: TestModel): Promise<string> {
  const path = await saveModel(model)
  const added = await Promise.all(hive.nodes.map(node => hive.addModel(path, { node })))
  return added[0]!.model
}

/** Waits until the client has heard of `count` nodes that host a model. */
export async function untilHosted(client: Client, model: string, count: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const look = () => client.market.offersFor(model).length >= count && resolve()
  const stop = client.market.onHost(look)
  await client.feed.refresh({ model })
  look()
  await promise
  stop()
}
