import { expect, it } from 'vitest'
import { type Database, Writer } from '../../src/store/writer.js'

/** A disk whose batches end when the test says so. */
function fakeDisk() {
  const batches: { keys: string[]; done: () => void; fail: () => void }[] = []
  let opened: () => void = () => {}
  const database = {
    batch: () => {
      const keys: string[] = []
      return {
        put: (key: string) => keys.push(key),
        del: (key: string) => keys.push(key),
        close: () => Promise.resolve(),
        write: () =>
          new Promise<void>((done, reject) => {
            batches.push({ keys, done, fail: () => reject(new Error('no space left on device')) })
            opened()
          }),
      }
    },
  } as unknown as Database
  return {
    database,
    batches,
    /** Resolves when so many batches were begun. */
    async begun(count: number): Promise<void> {
      while (batches.length < count) {
        await new Promise<void>(resolve => {
          opened = resolve
        })
      }
    },
  }
}

it('begins a batch when the one before is on the disk', async () => {
  const { database, batches, begun } = fakeDisk()
  const writer = new Writer(database)
  const written = ['a', 'b', 'c'].map(key => writer.write([[key, Uint8Array.of(1)]]))
  await begun(1)
  expect(batches.map(({ keys }) => keys)).toEqual([['a']])
  const room = writer.room(2)
  batches[0]!.done()
  await room
  await begun(2)
  expect(batches.map(({ keys }) => keys)).toEqual([['a'], ['b']])
  batches[1]!.done()
  await begun(3)
  batches[2]!.done()
  await Promise.all(written)
  await writer.room(0)
})

it('writes nothing behind a batch that failed', async () => {
  const { database, batches, begun } = fakeDisk()
  const writer = new Writer(database)
  const failed = { code: 'LEDGER_STORE_FAILED', cause: { message: 'no space left on device' } }
  const written = ['a', 'b', 'c'].map(key => writer.write([[key, undefined]]))
  const outcome = Promise.allSettled(written)
  await begun(1)
  batches[0]!.fail()
  for (const one of await outcome) expect(one).toMatchObject({ status: 'rejected', reason: failed })
  expect(batches.length).toBe(1)
  await expect(writer.room(0)).rejects.toMatchObject(failed)
  expect(() => writer.write([])).toThrow(expect.objectContaining({ code: 'LEDGER_STORE_FAILED' }))
})
