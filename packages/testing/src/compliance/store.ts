import { assertFails, ensure } from './backend-assertions.js'

/** What the suite asks of a store of artifacts, in its own words; `Artifacts` of `@neurovoyance/p2p` fits. */
export interface StoreUnderTest {
  add(path: string): Promise<StoredUnderTest>
  fetch(
    cid: string,
    options: { providers: readonly string[]; signal?: AbortSignal },
  ): Promise<StoredUnderTest>
  path(cid: string): string | undefined
  list(): StoredUnderTest[]
  remove(cid: string): Promise<boolean>
}

/** A complete artifact. */
export interface StoredUnderTest {
  cid: string
  path: string
  bytes: number
}

/** Two stores that can reach each other, and a place for files. */
export interface StorePair {
  holder: StoreUnderTest
  holderId: string
  asker: StoreUnderTest
  /** Writes a file or, where there are several, a folder with them; returns its path. */
  write(files: Readonly<Record<string, Uint8Array>>): Promise<string>
  /** Reads a file, or one below a folder. */
  read(path: string, name?: string): Promise<Uint8Array>
  close(): Promise<void>
}

/** What {@link storeCompliance} is given. */
export interface StoreComplianceInit {
  /** Makes the two stores that one case uses and closes. */
  readonly create: () => Promise<StorePair>
}

/** One case of a suite, for any test runner. */
export interface StoreComplianceCase {
  readonly name: string
  run(): Promise<void>
}

/** CIDs that IPFS gives these contents: kubo's `ipfs add --cid-version 1 --raw-leaves`. */
const KNOWN = [
  { content: '', cid: 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku' },
  { content: 'hello world', cid: 'bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e' },
]

/** A CID that nobody holds. */
const UNKNOWN = 'bafkreigaknpexyvxt76zgkitavbwx6ejgfheup5oybpm77f3pxzrvwpfdi'

/**
 * What every store of artifacts does alike, as cases for any test runner.
 *
 * @example
 * ```ts
 * for (const { name, run } of storeCompliance({ create: connectedStores })) it(name, run)
 * ```
 */
export function storeCompliance(init: StoreComplianceInit): StoreComplianceCase[] {
  const checks: [string, (pair: StorePair) => Promise<void>][] = [
    ['names files as IPFS does', checkKnown],
    ['gives the same content the same CID, once', checkOnce],
    ['brings a file of several blocks to another store', checkFile],
    ['brings a folder to another store', checkFolder],
    ['says that nobody holds an artifact', checkUnknown],
    ['refuses what is no CID', checkNoCid],
    ['forgets what is removed', checkRemove],
    ['takes no fetch that was cancelled before', checkCancelled],
  ]
  return checks.map(([name, check]) => ({
    name,
    async run() {
      const pair = await init.create()
      try {
        await check(pair)
      } finally {
        await pair.close()
      }
    },
  }))
}

async function checkKnown({ holder, write }: StorePair): Promise<void> {
  for (const { content, cid } of KNOWN) {
    const added = await holder.add(await write({ file: new TextEncoder().encode(content) }))
    ensure(added.cid === cid, `"${content}" has the CID ${added.cid} instead of ${cid}`)
  }
}

async function checkOnce({ holder, write }: StorePair): Promise<void> {
  const first = await holder.add(await write({ 'a.bin': pattern(5000) }))
  const second = await holder.add(await write({ 'b.bin': pattern(5000) }))
  ensure(first.cid === second.cid, 'the same bytes have two CIDs')
  ensure(holder.list().length === 1, `the store lists ${holder.list().length} artifacts instead of 1`)
}

async function checkFile({ holder, holderId, asker, write, read }: StorePair): Promise<void> {
  const content = pattern(2_500_001)
  const { cid } = await holder.add(await write({ 'weights.bin': content }))
  ensure(asker.path(cid) === undefined, 'a store gives a path for what it does not hold')
  const fetched = await asker.fetch(cid, { providers: [holderId] })
  ensure(fetched.bytes === content.length, `${fetched.bytes} bytes came instead of ${content.length}`)
  ensure(same(await read(fetched.path), content), 'the file came changed')
  ensure(asker.path(cid) === fetched.path, 'a store does not give the path of what it holds')
}

async function checkFolder({ holder, holderId, asker, write, read }: StorePair): Promise<void> {
  const files = {
    'config.json': pattern(10),
    'onnx/model.onnx': pattern(1_200_000),
    'onnx/empty': pattern(0),
  }
  const { cid } = await holder.add(await write(files))
  const { path } = await asker.fetch(cid, { providers: [holderId] })
  for (const [name, content] of Object.entries(files)) {
    ensure(same(await read(path, name), content), `${name} came changed`)
  }
}

async function checkUnknown({ holderId, asker }: StorePair): Promise<void> {
  await assertFails(() => asker.fetch(UNKNOWN, { providers: [holderId] }), /NOT_FOUND$/)
}

async function checkNoCid({ asker }: StorePair): Promise<void> {
  await assertFails(() => asker.fetch('hello', { providers: [] }), /BAD_ID$/)
}

async function checkRemove({ holder, write }: StorePair): Promise<void> {
  const { cid } = await holder.add(await write({ 'a.bin': pattern(100) }))
  ensure(await holder.remove(cid), 'an artifact that was there could not be removed')
  ensure(!(await holder.remove(cid)), 'an artifact was removed twice')
  ensure(holder.path(cid) === undefined && holder.list().length === 0, 'a removed artifact is still there')
}

async function checkCancelled({ holder, holderId, asker, write }: StorePair): Promise<void> {
  const { cid } = await holder.add(await write({ 'a.bin': pattern(100) }))
  const options = { providers: [holderId], signal: AbortSignal.abort() }
  await assertFails(() => asker.fetch(cid, options), /CANCELLED$/)
  ensure(asker.path(cid) === undefined, 'a cancelled fetch left an artifact')
}

function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8)) & 0xff)
}

function same(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index])
}
