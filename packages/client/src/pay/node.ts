import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { PurseStore } from './store.js'

/** Keeps a purse in a file (mode 0600). */
export function fileStore(path: string): PurseStore {
  let last: Promise<void> = Promise.resolve()
  return {
    async load() {
      try {
        return await readFile(path)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
    },
    save(bytes) {
      const write = last.then(async () => {
        await mkdir(dirname(path), { recursive: true })
        await writeFile(`${path}.new`, bytes, { mode: 0o600 })
        await rename(`${path}.new`, path)
      })
      last = write.catch(() => undefined)
      return write
    },
  }
}
