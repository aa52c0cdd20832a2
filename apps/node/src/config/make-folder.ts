import { mkdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { errorCode } from '@neurovoyance/protocol'
import { NodeError } from '../errors.js'
import { isMissing } from '../files/is-missing.js'

/**
 * Makes a folder, and those above it that are missing; they are their owner's alone where no mode is given.
 *
 * One by one: a recursive `mkdir` of Node never ends where the file system makes no folders and says that the one above
 * is missing, as `/proc` does.
 *
 * @throws NodeError `NODE_FOLDER` naming the path, where it cannot be made
 */
export async function makeFolder(path: string, mode = 0o700): Promise<void> {
  try {
    for (const missing of await missingFolders(resolve(path))) await makeOne(missing, mode)
  } catch (cause) {
    const reason = errorCode(cause) ?? String(cause)
    throw new NodeError(
      'NODE_FOLDER',
      `The folder ${path} cannot be made (${reason}): choose another, a home with --home, or let this user write there.`,
      { details: { path, reason }, cause },
    )
  }
}

/** The topmost first. */
async function missingFolders(path: string): Promise<readonly string[]> {
  const missing: string[] = []
  for (let at = path; !(await isFolder(at)); at = dirname(at)) missing.unshift(at)
  return missing
}

async function makeOne(path: string, mode: number): Promise<void> {
  try {
    await mkdir(path, { mode })
  } catch (error) {
    // another process was faster
    if (errorCode(error) !== 'EEXIST' || !(await isFolder(path))) throw error
  }
}

/** @throws `ENOTDIR` where it is something else, or lies below something else */
async function isFolder(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true
  } catch (error) {
    if (isMissing(error)) return false
    throw error
  }
  throw Object.assign(new Error(`${path} is no folder`), { code: 'ENOTDIR' })
}
