import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createArtifacts } from '@neurovoyance/p2p/artifacts'
import type { ArtifactsOpener } from './port.js'

/** Files on this machine's disk. */
export const openArtifacts: ArtifactsOpener = async ({ host, home }) => {
  if (home !== undefined) return createArtifacts({ host, dir: join(home, 'artifacts') })
  const dir = await mkdtemp(join(tmpdir(), 'neurovoyance-client-'))
  const artifacts = await createArtifacts({ host, dir })
  return {
    ...artifacts,
    async close() {
      await artifacts.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}
