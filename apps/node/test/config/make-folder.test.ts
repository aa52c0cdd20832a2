import { mkdtemp, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { makeFolder } from '../../src/config/make-folder.js'
import { nv } from '../cli/nv.js'

const fresh = () => mkdtemp(join(tmpdir(), 'make-folder-'))

describe('a folder', () => {
  it('is made with those above it, as its owner’s, by several at once, and stays', async () => {
    const top = await fresh()
    const path = join(top, 'a', 'b', 'c')
    await Promise.all([makeFolder(path), makeFolder(path), makeFolder(join(top, 'a', 'd'))])
    await makeFolder(path)
    expect((await stat(path)).mode & 0o777).toBe(0o700)
  })

  it('that cannot be one is refused by its name', async () => {
    const top = await fresh()
    const file = join(top, 'file')
    await writeFile(file, '')
    await symlink(join(top, 'nowhere'), join(top, 'dangling'))
    for (const path of [file, join(file, 'below'), join(top, 'dangling')]) {
      await expect(makeFolder(path)).rejects.toMatchObject({ code: 'NODE_FOLDER', details: { path } })
    }
    expect((await stat(file)).isFile()).toBe(true)
  })
})

describe.skipIf(process.platform !== 'linux')('where no folder can be made: below /proc, on Linux', () => {
  const home = '/proc/no-such-home'

  it.each([
    ['id'],
    ['start', '--loopback'],
    ['hive', 'up', '--nodes', '1'],
    ['hive', 'up', '--nodes', '1', '--chain'],
    ['config', 'init'],
    ['chain', 'key', '--new'],
  ])('nv %s %s ends, and names the folder', async (...words) => {
    const { code, json } = await nv([...words, '--json', '--home', home])
    expect([code, json()]).toMatchObject([
      2,
      { error: { code: 'NODE_FOLDER', message: expect.stringContaining(home) } },
    ])
  })

  it('nv doctor ends, and says that the home fails', async () => {
    const { code, out } = await nv(['doctor', '--home', home])
    expect([code, out]).toEqual([1, expect.stringContaining(`The folder ${home} cannot be made`)])
  })

  it.each(['peers', 'status'])('nv %s ends, and says that no node runs', async word => {
    expect((await nv([word, '--home', home])).code).toBe(3)
  })
})
