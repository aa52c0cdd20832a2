import { type FileHandle, mkdir, open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errorCode } from '@neurovoyance/protocol'
import { P2pError } from '../errors.js'

/** What went wrong on the disk, as this package's error where it has one. */
export function diskError(cause: unknown, path: string): unknown {
  const code = errorCode(cause)
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return cause
  return new P2pError('P2P_DISK_FULL', `The disk of ${path} is full: free some space and start again.`, {
    details: { path },
    cause,
  })
}

/** Makes the names in a folder durable. */
export async function syncFolder(path: string): Promise<void> {
  let handle: FileHandle
  try {
    handle = await open(path, 'r')
  } catch (error) {
    // Windows does not open folders; its renames are journalled.
    if (errorCode(error) === 'EISDIR' || errorCode(error) === 'EPERM') return
    throw error
  }
  try {
    await handle.sync()
  } catch (error) {
    if (errorCode(error) !== 'EPERM' && errorCode(error) !== 'EINVAL') throw error
  } finally {
    await handle.close()
  }
}

/** Writes a file so that it is there whole or not at all, even when the power goes. */
export async function writeDurably(path: string, data: string | Uint8Array): Promise<void> {
  const temporary = `${path}.new`
  const handle = await open(temporary, 'w', 0o600)
  try {
    await handle.writeFile(data)
    await handle.sync()
  } catch (error) {
    throw diskError(error, path)
  } finally {
    await handle.close()
  }
  await rename(temporary, path)
  await syncFolder(dirname(path))
}

/** Moves a finished file or folder to its place and makes that durable. */
export async function moveDurably(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true })
  await rename(from, to)
  await syncFolder(dirname(to))
  if (dirname(from) !== dirname(to)) await syncFolder(dirname(from))
}

/** Writes all of `bytes` at `position`. */
export async function writeFully(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let at = 0; at < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, position + at)
    at += bytesWritten
  }
}

/** Fills `buffer` from `position`; returns how much there was. */
export async function readFully(handle: FileHandle, buffer: Uint8Array, position: number): Promise<number> {
  let at = 0
  while (at < buffer.length) {
    const { bytesRead } = await handle.read(buffer, at, buffer.length - at, position + at)
    if (bytesRead === 0) break
    at += bytesRead
  }
  return at
}
