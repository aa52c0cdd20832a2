import { randomBytes } from 'node:crypto'
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { errorCode } from '@neurovoyance/protocol'
import { NodeError } from '../errors.js'
import { isMissing } from '../files/is-missing.js'
import { makeFolder } from './make-folder.js'
import { birthOf, isSameAlive } from './process.js'

/** Gives a lock back. */
export type Unlock = () => Promise<void>

/** Locks that this process holds: a file with its id that is not among them is of an earlier process with that id. */
const held = new Set<string>()

/**
 * Takes a home folder for this process, so that two nodes never write the same state.
 * A lock left by a process that is gone is taken over, by one process even where several try at once.
 *
 * @throws NodeError `NODE_HOME_IN_USE` naming the process that holds it; `NODE_FOLDER`
 */
export async function lockHome(path: string): Promise<Unlock> {
  const lock = resolve(path)
  if (held.has(lock)) throw inUse(lock, process.pid)
  held.add(lock)
  try {
    await makeFolder(dirname(lock))
    const holder = await take(lock)
    if (holder !== undefined) throw inUse(lock, holder)
  } catch (error) {
    held.delete(lock)
    throw error
  }
  return async () => {
    await rm(lock, { force: true })
    held.delete(lock)
  }
}

/**
 * Makes the lock this process's, or returns the process that has it.
 *
 * A lock appears whole, by link, and only where there is none. One of the dead is replaced by who holds the lock on
 * replacing it, so that nobody puts away what another has just taken.
 */
async function take(lock: string): Promise<number | undefined> {
  const draft = `${lock}.${randomBytes(6).toString('hex')}.tmp`
  await writeFile(draft, `${process.pid} ${await birthOf(process.pid)}`, { flag: 'wx', mode: 0o600 })
  try {
    for (;;) {
      if (await appear(draft, lock)) return undefined
      const holder = await holderOf(lock)
      if (typeof holder === 'number') return holder
      if (holder === 'nobody') continue
      const replacing = `${lock}.replacing`
      const replacer = await take(replacing)
      if (replacer !== undefined) return replacer
      try {
        if ((await holderOf(lock)) !== 'dead') continue
        await rename(draft, lock)
        return undefined
      } finally {
        await rm(replacing, { force: true })
      }
    }
  } finally {
    await rm(draft, { force: true })
  }
}

async function appear(draft: string, lock: string): Promise<boolean> {
  try {
    await link(draft, lock)
    return true
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false
    throw error
  }
}

async function holderOf(lock: string): Promise<number | 'dead' | 'nobody'> {
  try {
    const [id = '', birth = ''] = (await readFile(lock, 'utf8')).split(' ')
    const pid = Number.parseInt(id, 10)
    const alive = pid > 0 && pid !== process.pid && (await isSameAlive(pid, birth))
    return alive ? pid : 'dead'
  } catch (error) {
    if (isMissing(error)) return 'nobody'
    throw error
  }
}

function inUse(lock: string, pid: number): NodeError {
  const home = dirname(lock)
  return new NodeError(
    'NODE_HOME_IN_USE',
    `Another node (process ${pid}) uses ${home}. Stop it, or give this one its own --home.`,
    { details: { pid, home } },
  )
}
