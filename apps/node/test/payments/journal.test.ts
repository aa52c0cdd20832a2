import { appendFile, open, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { TillRecord } from '@neurovoyance/protocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openTillJournal } from '../../src/payments/journal.js'
import { folder } from '../hive/fixture.js'

const channel = (seed: number) => new Uint8Array(32).fill(seed)
const idOf = (seed: number) => Buffer.from(channel(seed)).toString('hex')
const record = (seed: number, spent: bigint, over: Partial<TillRecord> = {}): TillRecord => ({
  channel: channel(seed),
  spent,
  underWay: 0n,
  closed: false,
  ...over,
})

describe('the journal of a till', () => {
  let path: string

  afterEach(() => vi.restoreAllMocks())

  beforeEach(async () => {
    path = join(await folder('till'), 'till.log')
  })

  /** What a node finds that begins again. */
  async function read(): Promise<ReadonlyMap<string, TillRecord>> {
    const { journal, records } = await openTillJournal(path)
    await journal.close()
    return records
  }

  async function write(...records: readonly TillRecord[]): Promise<void> {
    const { journal } = await openTillJournal(path)
    for (const each of records) await journal.add(each)
    await journal.close()
  }

  it('has the last record of each channel, and none of those that are closed', async () => {
    await write(record(1, 10n), record(2, 5n, { underWay: 3n }), record(1, 20n), record(3, 1n))
    await write(record(3, 1n, { closed: true }))
    const records = await read()
    expect([...records.keys()].sort()).toEqual([idOf(1), idOf(2)])
    expect(records.get(idOf(1))).toMatchObject({ spent: 20n })
    expect(records.get(idOf(2))).toMatchObject({ spent: 5n, underWay: 3n })
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it('torn at any byte of its end, has all records before that, and goes on from there', async () => {
    await write(record(1, 10n), record(2, 20n))
    const before = (await stat(path)).size
    await write(record(1, 30n))
    const whole = await readFile(path)
    for (let length = before; length < whole.length; length++) {
      await writeFile(path, whole)
      await truncate(path, length)
      const torn = await read()
      expect([torn.get(idOf(1))?.spent, torn.get(idOf(2))?.spent]).toEqual([10n, 20n])
      await write(record(2, 40n))
      const mended = await read()
      expect([mended.get(idOf(1))?.spent, mended.get(idOf(2))?.spent]).toEqual([10n, 40n])
    }
  })

  it('drops an end that is noise, or a record with one bit changed', async () => {
    await write(record(1, 10n), record(1, 20n))
    const whole = await readFile(path)
    await appendFile(path, Buffer.from('ffffffff00000000', 'hex'))
    expect((await read()).get(idOf(1))?.spent).toBe(20n)
    expect((await stat(path)).size).toBe(whole.length)
    whole[whole.length - 1]! ^= 1
    await writeFile(path, whole)
    expect((await read()).get(idOf(1))?.spent).toBe(10n)
  })

  it('is written anew when most of it is old, and has the same records', async () => {
    const { journal } = await openTillJournal(path)
    const memo = { voucher: { voucher: new Uint8Array(150), signature: new Uint8Array(64) } }
    let largest = 0
    for (let round = 1n; round <= 50n; round++) {
      const turn = Array.from({ length: 200 }, (_, seed) => journal.add(record(seed, round, memo)))
      await Promise.all(turn)
      largest = Math.max(largest, (await stat(path)).size)
    }
    await journal.close()
    const { size } = await stat(path)
    expect(size).toBeLessThan(largest)
    expect(largest).toBeLessThan(2 * 1024 * 1024)
    const records = await read()
    expect(records.size).toBe(200)
    expect([...records.values()].every(({ spent }) => spent === 50n)).toBe(true)
  })

  it('has room for what is to come while it is open, and ends with its last record when it is closed', async () => {
    const { journal } = await openTillJournal(path)
    await journal.add(record(1, 10n))
    const { size } = await stat(path)
    await journal.add(record(1, 20n))
    expect((await stat(path)).size).toBe(size)
    const killed = await readFile(path)
    await journal.close()
    expect((await stat(path)).size).toBeLessThan(size)
    await writeFile(path, killed)
    expect((await read()).get(idOf(1))?.spent).toBe(20n)
    expect((await stat(path)).size).toBeLessThan(size)
  })

  it('grows beyond its room, and has all records', async () => {
    const { journal } = await openTillJournal(path)
    for (let round = 1n; round <= 20n; round++) {
      await Promise.all(Array.from({ length: 100 }, (_, seed) => journal.add(record(seed, round))))
    }
    const killed = await readFile(path)
    await journal.close()
    await writeFile(path, killed)
    const records = await read()
    expect(records.size).toBe(100)
    expect([...records.values()].every(({ spent }) => spent === 20n)).toBe(true)
    expect(killed.length).toBeGreaterThan(64 * 1024)
  })

  it('writes of one turn only the last that a channel has', async () => {
    await write(record(1, 20n))
    const { size } = await stat(path)
    await truncate(path, 0)
    const { journal } = await openTillJournal(path)
    await Promise.all([journal.add(record(1, 10n)), journal.add(record(1, 20n))])
    await journal.close()
    expect((await stat(path)).size).toBe(size)
    expect((await read()).get(idOf(1))?.spent).toBe(20n)
  })

  it('makes what was only noted durable with what somebody waits for', async () => {
    const { journal } = await openTillJournal(path)
    journal.note(record(1, 7n))
    await journal.add(record(2, 8n))
    const records = await read()
    expect(records.get(idOf(1))?.spent).toBe(7n)
    await journal.close()
  })

  /** Has the disk refuse what is written until the function that is returned is called. */
  async function fillDisk(method: 'write' | 'datasync'): Promise<() => void> {
    const probe = await open(path, 'r')
    const refused = vi
      .spyOn(Object.getPrototypeOf(probe), method)
      .mockRejectedValue(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }))
    await probe.close()
    return () => refused.mockRestore()
  }

  // on Linux a write waits for the disk itself
  const methods = process.platform === 'linux' ? (['write'] as const) : (['write', 'datasync'] as const)
  for (const method of methods) {
    it(`goes on after a ${method} that failed, and has lost nothing`, async () => {
      const { journal } = await openTillJournal(path)
      await journal.add(record(1, 10n))
      const free = await fillDisk(method)
      await expect(journal.add(record(1, 20n))).rejects.toMatchObject({ code: 'ENOSPC' })
      journal.note(record(2, 5n))
      await expect(journal.add(record(3, 1n))).rejects.toMatchObject({ code: 'ENOSPC' })
      expect(journal.failure()).toMatchObject({ code: 'ENOSPC' })
      free()
      await journal.add(record(4, 2n))
      expect(journal.failure()).toBeUndefined()
      const spent = [...(await read())].map(([id, { spent }]) => [id, spent]).sort()
      await journal.close()
      expect(spent).toEqual([
        [idOf(1), 20n],
        [idOf(2), 5n],
        [idOf(3), 1n],
        [idOf(4), 2n],
      ])
    })
  }

  it('writes what failed by itself, when there is room again', async () => {
    const { journal } = await openTillJournal(path)
    const free = await fillDisk('write')
    await expect(journal.add(record(1, 20n))).rejects.toMatchObject({ code: 'ENOSPC' })
    free()
    await vi.waitUntil(() => journal.failure() === undefined, { timeout: 10_000 })
    expect((await read()).get(idOf(1))?.spent).toBe(20n)
    await journal.close()
  })

  it('says at its end that the last records could not be written', async () => {
    const { journal } = await openTillJournal(path)
    await fillDisk('write')
    journal.note(record(1, 1n))
    await expect(journal.close()).rejects.toMatchObject({ code: 'ENOSPC' })
  })

  it('damaged in its middle, has all that is whole, keeps a copy, and says so once', async () => {
    await write(record(1, 10n), record(2, 20n), record(3, 30n), record(2, 40n))
    const whole = await readFile(path)
    const size = whole.length / 4
    for (const at of [0, size - 1, size, 2 * size + 3]) {
      const bytes = Buffer.from(whole)
      bytes[at]! ^= 0xff
      await writeFile(path, bytes)
      const { journal, records, damaged } = await openTillJournal(path)
      await journal.add(record(4, 1n))
      await journal.close()
      const expected = [10n, 40n, 30n]
      const lost = Math.floor(at / size)
      if (lost !== 1) expected[lost] = -1n
      expect([1, 2, 3].map(seed => records.get(idOf(seed))?.spent ?? -1n)).toEqual(expected)
      expect(await readFile(damaged!)).toEqual(bytes)
      expect((await stat(damaged!)).mode & 0o777).toBe(0o600)
      const again = await openTillJournal(path)
      await again.journal.close()
      expect(again.damaged).toBeUndefined()
      expect(again.records.size).toBe(records.size + 1)
    }
    const copies = (await readdir(dirname(path))).filter(name => name.includes('damaged'))
    expect(copies).toHaveLength(4)
  })

  it('takes an end of zeros, which a power cut leaves, for what was not written', async () => {
    await write(record(1, 10n))
    const { size } = await stat(path)
    await appendFile(path, Buffer.alloc(4_096))
    const { journal, records, damaged } = await openTillJournal(path)
    await journal.close()
    expect([records.get(idOf(1))?.spent, damaged, (await stat(path)).size]).toEqual([10n, undefined, size])
  })
})
