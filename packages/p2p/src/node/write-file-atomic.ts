import { randomBytes } from 'node:crypto'
import { link, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** How a file is put in place. */
export interface AtomicWriteOptions {
  /** Permission bits of the file. */
  mode: number
  /** Fail with `EEXIST` instead of replacing a file that is there. Default: replace. */
  exclusive?: boolean
}

/**
 * Writes a file so that, whatever happens, either all of it is there or what was there before:
 * temporary file, fsync, rename (or link, when it must not replace), fsync of the folder.
 */
export async function writeFileAtomic(
  path: string,
  bytes: Uint8Array | string,
  options: AtomicWriteOptions,
): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`
  try {
    const file = await open(temporary, 'wx', options.mode)
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    if (options.exclusive === true) await link(temporary, path)
    else await rename(temporary, path)
    await syncFolder(dirname(path))
  } finally {
    await rm(temporary, { force: true })
  }
}

async function syncFolder(path: string): Promise<void> {
  // Windows cannot open a folder for syncing, and needs no such thing for a rename to last.
  if (process.platform === 'win32') return
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}
