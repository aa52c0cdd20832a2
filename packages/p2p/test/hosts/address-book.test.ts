import { mkdir, mkdtemp, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLogger, systemClock } from '@neurovoyance/protocol'
import fc from 'fast-check'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { BOOK_ADDRESSES, BOOK_ENTRIES, createMemoryAddressBook } from '../../src/discovery/address-book.ts'
import { ADDRESS_BOOK_FILE, openAddressBook } from '../../src/node/file-address-book.ts'

const PEER = '12D3KooWNvSZnPi3RrhrTwEY4LuuBeB6K6facKUCJcyWG1aoDd2p'
const entry = { peerId: PEER, addresses: ['/ip4/192.0.2.1/tcp/4001'] }

describe('in memory', () => {
  it('keeps the peers seen last, each once, newest first', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(400), { maxLength: 1_000 }), ids => {
        const book = createMemoryAddressBook()
        for (const id of ids) book.remember({ peerId: String(id), addresses: [] })
        const expected = [...new Set(ids.toReversed())].slice(0, BOOK_ENTRIES).map(String)
        expect(book.entries().map(({ peerId }) => peerId)).toEqual(expected)
      }),
    )
  })

  it('keeps so many addresses of one peer', () => {
    const book = createMemoryAddressBook()
    book.remember({
      peerId: PEER,
      addresses: Array.from({ length: 1_000 }, (_, port) => `/ip4/192.0.2.1/tcp/${port}`),
    })
    expect(book.entries()[0]?.addresses.length).toBe(BOOK_ADDRESSES)
  })
})

describe('on disk', () => {
  let home: string
  let warnings: string[]
  const open = () =>
    openAddressBook({
      home,
      clock: systemClock,
      logger: { ...silentLogger, warn: (_, message) => warnings.push(message) },
    })

  beforeEach(async () => {
    warnings = []
    home = await mkdtemp(join(tmpdir(), 'nv-book-'))
    onTestFinished(() => rm(home, { recursive: true }))
  })

  it('is there for the next process', async () => {
    const book = await open()
    book.remember(entry)
    await book.flush()
    expect((await open()).entries()).toEqual([entry])
    expect(await readdir(home)).toEqual([ADDRESS_BOOK_FILE])
  })

  it('writes only what changed', async () => {
    const book = await open()
    await book.flush()
    expect(await readdir(home)).toEqual([])
  })

  it.each([
    ['cut short', '{"version":1,"peers":[{"peerId"'],
    ['not JSON', 'peers'],
    ['of another version', '{"version":2,"peers":[]}'],
    ['with a peer id that is none', '{"version":1,"peers":[{"peerId":"x","addresses":[]}]}'],
    [
      'with an address that is none',
      `{"version":1,"peers":[{"peerId":"${PEER}","addresses":["localhost"]}]}`,
    ],
    ['too large', `"${' '.repeat(5 * 1024 ** 2)}"`],
  ])('starts empty, with a warning, from a file that is %s', async (_, text) => {
    await writeFile(join(home, ADDRESS_BOOK_FILE), text)
    expect((await open()).entries()).toEqual([])
    expect(warnings).toEqual(['address book cannot be read: starting with an empty one'])
  })

  it('warns and goes on where it cannot write, and writes when it can', async () => {
    const book = await open()
    // a folder in the place of the file stops even root
    const path = join(home, ADDRESS_BOOK_FILE)
    await mkdir(path)
    book.remember(entry)
    await book.flush()
    expect(warnings).toEqual(['address book not written'])
    await rmdir(path)
    await book.flush()
    expect(JSON.parse(await readFile(path, 'utf8')).peers).toEqual([entry])
  })
})
