import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ModelFile } from '../src/node/index.js'

/** A folder for one test file's models. */
export interface TemporaryModels {
  readonly dir: string
  /** Writes a model and gives it the id that it is run by. */
  add(model: { readonly name?: string; readonly bytes: Uint8Array }, id?: string): Promise<ModelFile>
  remove(): Promise<void>
}

/** Makes the folder. */
export async function temporaryModels(): Promise<TemporaryModels> {
  const dir = await mkdtemp(join(tmpdir(), 'neurovoyance-runtime-'))
  let count = 0
  return {
    dir,
    async add({ name = 'model', bytes }, id = `${name}-${count}`) {
      const path = join(dir, `${count++}-${name}.onnx`)
      await writeFile(path, bytes)
      return { id, path }
    },
    remove: () => rm(dir, { recursive: true, force: true }),
  }
}
