import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { TrustOpener } from './port.js'

/** Keeps it in a file of a folder: what is there is the whole of the last one, or of the one before. */
export const openTrust: TrustOpener = home => {
  const path = join(home, 'chain-trust.json')
  const next = `${path}.next`
  let saving: Promise<void> = Promise.resolve()
  const save = async (text: string): Promise<void> => {
    await mkdir(home, { recursive: true })
    const file = await open(next, 'w', 0o600)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(next, path)
  }
  return {
    async load() {
      try {
        return await readFile(path, 'utf8')
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
    },
    save: text => (saving = saving.catch(() => undefined).then(() => save(text))),
  }
}
