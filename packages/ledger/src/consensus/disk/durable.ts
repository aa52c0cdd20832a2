import { type FileHandle, open, rename } from 'node:fs/promises'
import path from 'node:path'

/** Replaces a file as a whole: after a crash it is the old one or the new one. */
export async function replaceFile(file: string, bytes: Uint8Array, mode: number): Promise<void> {
  const next = `${file}.next`
  const handle = await open(next, 'w', mode)
  try {
    await handle.chmod(mode)
    await handle.writeFile(bytes)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(next, file)
  await syncFolder(path.dirname(file))
}

/** Makes names in a folder safe. Systems on which folders cannot be synced keep their names safe themselves. */
async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined
  try {
    handle = await open(folder, 'r')
    await handle.sync()
  } catch (error) {
    if (!['EISDIR', 'EPERM', 'EINVAL', 'EBADF'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error
  } finally {
    await handle?.close()
  }
}
