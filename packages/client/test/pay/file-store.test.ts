import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileStore } from '../../src/pay/node.js'

const text = (value: string) => new TextEncoder().encode(value)

describe('a purse in a file', () => {
  let folder: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'purse-'))
  })

  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('is nothing at first, then what was saved last, for its owner only', async () => {
    const path = join(folder, 'deep', 'purse.json')
    const store = fileStore(path)
    expect(await store.load()).toBeUndefined()
    await Promise.all([store.save(text('one')), store.save(text('two'))])
    expect(await fileStore(path).load()).toEqual(Buffer.from('two'))
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect((await stat(join(folder, 'deep'))).mode & 0o777).toBe(0o700)
  })

  it('is for its owner only again where somebody opened it to others', async () => {
    const path = join(folder, 'purse.json')
    await writeFile(path, 'old')
    await chmod(path, 0o666)
    await fileStore(path).save(text('new'))
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it('is whole whenever it is read while it is written', async () => {
    const path = join(folder, 'purse.json')
    const store = fileStore(path)
    const sizes = [10, 100_000]
    await store.save(text('x'.repeat(sizes[0]!)))
    let writing = true
    const written = (async () => {
      for (let round = 0; round < 40; round++) await store.save(text('x'.repeat(sizes[round % 2]!)))
      writing = false
    })()
    while (writing) expect(sizes).toContain((await readFile(path)).length)
    await written
  })

  it('stays what it was where the new one cannot be written, and the next one is', async () => {
    const path = join(folder, 'purse.json')
    const store = fileStore(path)
    await store.save(text('kept'))
    const unwritable = { length: 3 } as unknown as Uint8Array
    await expect(store.save(unwritable)).rejects.toThrow()
    expect(await readFile(path, 'utf8')).toBe('kept')
    await store.save(text('next'))
    expect(await readFile(path, 'utf8')).toBe('next')
  })
})
