import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commentedDefaults, parseConfig, readConfig, setConfig } from '../../src/config/file.js'

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
