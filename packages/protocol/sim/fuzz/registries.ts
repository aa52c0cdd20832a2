import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { Decoder } from './decoder.ts'

const workspaceDir = fileURLToPath(new URL('../../../../', import.meta.url))

interface Registry {
  decoders(seed: number): readonly Decoder[] | Promise<readonly Decoder[]>
}

/** The decoders of every package of the workspace that lists some in `sim/_decoders.ts`. */
export async function findDecoders(seed: number): Promise<Decoder[]> {
  const found: Decoder[] = []
  for (const parent of ['packages', 'apps']) {
    for (const name of readdirSync(join(workspaceDir, parent)).sort()) {
      const file = join(workspaceDir, parent, name, 'sim', '_decoders.ts')
      if (!existsSync(file)) continue
      const registry: Registry = await import(pathToFileURL(file).href)
      found.push(...(await registry.decoders(seed)))
    }
  }
  return found
}
