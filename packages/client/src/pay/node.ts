import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { writeFileAtomic } from '@neurovoyance/p2p/node'
import type { PurseStore } from './store.js'

/** Keeps a purse in a file (mode 0600): whatever happens, all of the last one is there, or of the one before. */
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
        await mkdir(dirname(path), { recursive: true, mode: 0o700 })
        await writeFileAtomic(path, bytes, { mode: 0o600 })
      })
      last = write.catch(() => undefined)
      return write
    },
  }
}
