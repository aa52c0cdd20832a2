import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lockHome } from '../../src/config/lock.js'

const TAKER = fileURLToPath(new URL('./taker.ts', import.meta.url))
/** Above any process id that Linux gives. */
const DEAD = '4194305'

const freshLock = async () => join(await mkdtemp(join(tmpdir(), 'lock-')), 'node.lock')

describe('home lock', () => {
  it('is private, names its holder and refuses a second one, in this process too', async () => {
    const path = await freshLock()
    const unlock = await lockHome(path)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readFile(path, 'utf8')).toMatch(new RegExp(`^${process.pid} `))
    await expect(lockHome(path)).rejects.toMatchObject({
      code: 'NODE_HOME_IN_USE',
      details: { pid: process.pid },
    })
    await unlock()
    await (await lockHome(path))()
    expect(await readdir(dirname(path))).toEqual([])
  })

  it('refuses where another living process holds it', async () => {
    const path = await freshLock()
    await writeFile(path, String(process.ppid))
    await expect(lockHome(path)).rejects.toMatchObject({
      code: 'NODE_HOME_IN_USE',
      details: { pid: process.ppid },
    })
  })

  it.each([
    ['a process that is gone', DEAD],
    ['an earlier process with the id of this one, as in a container that starts again', String(process.pid)],
    ['a machine that stopped while it was written', ''],
    ['a process that ran before the one which has its id now', `${process.ppid} 1`],
  ])('takes over from %s', async (_, content) => {
    const path = await freshLock()
    await writeFile(path, content)
    const unlock = await lockHome(path)
    expect(await readFile(path, 'utf8')).toMatch(new RegExp(`^${process.pid} `))
    await unlock()
  })

  it('takes over from a process that died while it took over', async () => {
    const path = await freshLock()
    await writeFile(path, DEAD)
    await writeFile(`${path}.replacing`, DEAD)
    await (await lockHome(path))()
    expect(await readdir(dirname(path))).toEqual([])
  })
})

describe('home lock, taken by several processes at once', () => {
  let takers: ChildProcess[]

  beforeAll(async () => {
    takers = Array.from({ length: 3 }, () => fork(TAKER))
    await Promise.all(takers.map(taker => once(taker, 'message')))
  })

  afterAll(async () => {
    const exits = takers.map(taker => once(taker, 'exit'))
    for (const taker of takers) taker.disconnect()
    await Promise.all(exits)
  })

  it.each([
    ['free', undefined],
    ['left by a process that is gone', DEAD],
  ])('one gets a lock that is %s, the others are told', async (_, content) => {
    for (let round = 0; round < 40; round++) {
      const path = await freshLock()
      if (content !== undefined) await writeFile(path, content)
      const answers = takers.map(taker => once(taker, 'message'))
      for (const taker of takers) taker.send(path)
      const outcomes = (await Promise.all(answers)).map(([outcome]) => outcome as string)
      expect(outcomes.sort()).toEqual(['NODE_HOME_IN_USE', 'NODE_HOME_IN_USE', 'taken'])
      expect(takers.map(({ pid }) => pid)).toContain(Number.parseInt(await readFile(path, 'utf8'), 10))
    }
  })
})
