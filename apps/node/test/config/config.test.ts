import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commentedDefaults, parseConfig, readConfig, readSetting, setConfig } from '../../src/config/file.js'

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

  it('takes what a user types for what the setting is: amounts are text', async () => {
    const path = join(await folder(), 'config.jsonc')
    const set = (name: string, text: string) => setConfig(path, name, readSetting(name, text))
    expect((await set('payments.price', '0.002')).payments.price).toBe('0.002')
    expect((await set('payments.minimum', '1')).payments.minimum).toBe('1')
    expect((await set('payments.price', 'null')).payments.price).toBeNull()
    expect((await set('region', '7')).region).toBe('7')
    expect((await set('gateway.port', '0')).gateway.port).toBe(0)
    expect((await set('listen.quic', 'null')).listen.quic).toBeNull()
    expect((await set('bootstrap', '["/ip4/203.0.113.7/tcp/4100"]')).bootstrap).toHaveLength(1)
    expect((await set('mdns', 'false')).mdns).toBe(false)
    await expect(set('payments.price', '1e-3')).rejects.toThrow('payments.price: is not an amount such as')
    await expect(set('gateway.port', '70000')).rejects.toThrow('<=65535')
    await expect(set('colour', '5')).rejects.toMatchObject({ code: 'NODE_CONFIG_INVALID' })
    expect(() => parseConfig({ payments: { price: 0.002 } })).toThrow('payments.price: is text: "0.002"')
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
