import { mkdir, open, readFile, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { NodeError } from '../errors.js'
import { isMissing } from '../files/atomic.js'

/** Gives a lock back. */
export type Unlock = () => Promise<void>

/**
 * Takes a home folder for this process, so that two nodes never write the same state.
 * A lock left by a process that is gone is taken over.
 *
 * @throws NodeError `NODE_HOME_IN_USE` naming the process that holds it.
 */
export async function lockHome(path: string): Promise<Unlock> {
  await mkdir(dirname(path), { recursive: true })
  for (let attempt = 0; attempt < 3; attempt++) {
    if (await createLock(path)) return () => rm(path, { force: true })
    const holder = await readHolder(path)
    if (holder !== undefined && isAlive(holder) && holder !== process.pid) {
      throw new NodeError(
        'NODE_HOME_IN_USE',
        `Another node (process ${holder}) uses ${dirname(path)}. Stop it, or give this one its own --home.`,
        {
          details: { pid: holder, home: dirname(path) },
        },
      )
    }
    await rm(path, { force: true })
  }
  throw new NodeError('NODE_HOME_IN_USE', `The lock ${path} could not be taken.`)
}

/** Whether a process with this id runs. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function createLock(path: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx', 0o600)
    await file.writeFile(String(process.pid))
    await file.close()
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

async function readHolder(path: string): Promise<number | undefined> {
  try {
    const pid = Number.parseInt(await readFile(path, 'utf8'), 10)
    return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}
