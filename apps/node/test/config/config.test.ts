import { mkdtemp, readFile, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commentedDefaults, parseConfig, readConfig, setConfig } from '../../src/config/file.js'
import { lockHome } from '../../src/config/lock.js'

const folder = () => mkdtemp(join(tmpdir(), 'config-'))

describe('config file', () => {
  it('has every setting, commented, and reads back as the defaults', async () => {
    const path = join(await folder(), 'config.jsonc')
    await writeFile(path, commentedDefaults())
    expect(await readConfig(path)).toEqual(parseConfig({}))
    expect(commentedDefaults()).toContain('// Port of the HTTP gateway')
  })

  it('keeps comments when one setting changes', async () => {
    const path = join(await folder(), 'config.jsonc')
    await writeFile(path, '{\n  // mine\n  "region": "eu"\n}\n')
    expect((await setConfig(path, 'gateway.port', 8080)).gateway.port).toBe(8080)
    const text = await readFile(path, 'utf8')
    expect(text).toContain('// mine')
    expect((await readConfig(path)).region).toBe('eu')
  })

  it('names what is wrong, and changes nothing', async () => {
    const path = join(await folder(), 'config.jsonc')
    await writeFile(path, '{}')
    await expect(setConfig(path, 'gateway.port', 'eighty')).rejects.toMatchObject({
      code: 'NODE_CONFIG_INVALID',
      message: expect.stringContaining('gateway.port'),
    })
    await expect(setConfig(path, 'colour', 'red')).rejects.toMatchObject({ code: 'NODE_CONFIG_INVALID' })
    expect(await readFile(path, 'utf8')).toBe('{}')
    await writeFile(path, '{ "region": "eu", \n oops')
    await expect(readConfig(path)).rejects.toMatchObject({
      code: 'NODE_CONFIG_INVALID',
      details: { line: 2 },
    })
  })
})

describe('home lock', () => {
  it('is private, refuses a second holder and takes over from the dead', async () => {
    const path = join(await folder(), 'node.lock')
    const unlock = await lockHome(path)
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    await writeFile(path, String(process.ppid))
    await expect(lockHome(path)).rejects.toMatchObject({
      code: 'NODE_HOME_IN_USE',
      details: { pid: process.ppid },
    })
    await writeFile(path, '4194304')
    await (await lockHome(path))()
    await unlock()
  })
})
