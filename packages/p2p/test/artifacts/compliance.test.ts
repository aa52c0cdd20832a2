import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type StorePair, storeCompliance } from '@neurovoyance/testing/compliance'
import { describe, it } from 'vitest'
import { ArtifactNetwork } from './artifact-network.js'

async function create(): Promise<StorePair> {
  const network = new ArtifactNetwork()
  const [holder, asker] = [await network.artifactPeer(), await network.artifactPeer()]
  await network.connect(asker, holder)
  let written = 0
  return {
    holder: holder.artifacts,
    holderId: holder.peerId,
    asker: asker.artifacts,
    async write(files) {
      const root = `written-${written++}`
      const entries = Object.entries(files)
      const dir = await network.write(
        Object.fromEntries(entries.map(([name, bytes]) => [`${root}/${name}`, bytes])),
      )
      return entries.length === 1 ? join(dir, root, entries[0]![0]) : join(dir, root)
    },
    read: (path, name = '') => readFile(join(path, name)),
    close: () => network[Symbol.asyncDispose](),
  }
}

describe('artifacts are a store', () => {
  for (const { name, run } of storeCompliance({ create })) it(name, run)
})
