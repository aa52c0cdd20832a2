import { createHash } from 'node:crypto'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { errorCode, systemClock } from '@neurovoyance/protocol'
import { ed25519 } from '@noble/curves/ed25519.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type Beginning,
  DEFAULT_SETTINGS,
  firstBeginning,
  genesisSet,
  type Message,
  nextBeginning,
  type Settings,
  type Vote,
  votesOf,
} from '../../src/consensus/core/index.js'
import { openEventLog } from '../../src/consensus/disk/event-log.js'
import { createSignerFile, openSignerFile } from '../../src/consensus/disk/signer-file.js'
import { type Driver, startDriver } from '../../src/consensus/driver.js'
import { decodeMessage, encodeMessage } from '../../src/consensus/wire/message.js'
import { isAuthentic } from '../../src/consensus/wire/verify.js'

const CHAIN = 'here'
const settings: Settings = {
  ...DEFAULT_SETTINGS,
  timeouts: { ...DEFAULT_SETTINGS.timeouts, commitMs: 5, proposeMs: 400, prevoteMs: 200, precommitMs: 200 },
}
const secrets = [1, 2, 3, 4].map(number => new Uint8Array(32).fill(number))
const ids = secrets.map(secret => bytesToHex(ed25519.getPublicKey(secret)))
const genesis = firstBeginning(genesisSet(ids.map(id => ({ id, power: 1n }))))

interface Stored {
  beginning: Beginning
  headerHash: string
  bytes: Uint8Array
  precommits: Vote[]
}

/** A validator with its folder, its chain and its driver; restarted from its files. */
interface Member {
  chain: Stored[]
  driver: Driver | undefined
  failures: unknown[]
  start(): Promise<void>
  stop(): Promise<void>
}

let folder: string
let members: Member[]
let onStored: () => void

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'neurovoyance-driver-'))
  onStored = () => {}
  members = ids.map((_, index) => member(index))
  for (const [index] of ids.entries()) await createSignerFile({ file: signerFile(index), chainId: CHAIN })
})
afterEach(async () => {
  await Promise.all(members.map(each => each.stop()))
  await rm(folder, { recursive: true })
})

const signerFile = (index: number): string => path.join(folder, `signer-${index}`)

const expectedAfter = (last: Stored | undefined): Beginning =>
  last === undefined ? genesis : nextBeginning(last.beginning, last.precommits, [], true)

function member(index: number): Member {
  const self: Member = {
    chain: [],
    driver: undefined,
    failures: [],
    async start() {
      let beginning = expectedAfter(self.chain.at(-1))
      const signer = await openSignerFile({ file: signerFile(index), chainId: CHAIN })
      self.driver = await startDriver({
        chainId: CHAIN,
        identity: { self: ids[index], settings },
        expected: beginning,
        log: await openEventLog(path.join(folder, `log-${index}`)),
        signer,
        sign: bytes => ed25519.sign(bytes, secrets[index]!),
        clock: systemClock,
        application: {
          async build({ height, round }) {
            const bytes = new TextEncoder().encode(`block ${height} of ${index} in round ${round}`)
            return { headerHash: createHash('sha256').update(bytes).digest('hex'), bytes }
          },
          async check({ headerHash, bytes }) {
            return { valid: createHash('sha256').update(bytes).digest('hex') === headerHash, timely: true }
          },
          async decide({ height, headerHash, bytes, commit }) {
            beginning = expectedAfter(self.chain.at(-1))
            if (beginning.height !== height)
              throw new Error(`${height} is decided after ${beginning.height - 1}`)
            self.chain.push({ beginning, headerHash, bytes, precommits: votesOf(commit) })
            onStored()
            return { updates: [], wanted: true }
          },
        },
        broadcast: message => deliver(index, message),
        onEvidence: evidence => void self.failures.push(evidence),
        onFailure: error => void self.failures.push(error),
      })
      for (const other of members) exchange(other, self)
    },
    async stop() {
      const { driver } = self
      self.driver = undefined
      await driver?.stop()
    },
  }
  return self
}

/** Every message travels as bytes, and its signatures are verified where it arrives. */
function deliver(from: number, message: Message): void {
  const bytes = encodeMessage(message)
  for (const [index, { driver }] of members.entries()) {
    if (index === from || driver === undefined) continue
    const arrived = decodeMessage(bytes)
    if (!isAuthentic(CHAIN, arrived, (key, signed, signature) => ed25519.verify(signature, signed, key)))
      throw new Error('a signature does not hold')
    setImmediate(() => driver.feed(arrived))
  }
}

/** What a new connection does: blocks for who is behind, else what lacks of the height. */
function exchange(from: Member, to: Member): void {
  if (from.driver === undefined || to.driver === undefined || from === to) return
  const { height } = to.driver.state
  const stored = from.chain[height - 1]
  if (stored !== undefined) to.driver.feed({ type: 'synced', ...stored })
  else for (const message of from.driver.answer(to.driver.summary(), 16)) to.driver.feed(message)
}

/** Resolves when every member that runs has this many blocks; who is behind asks at every block of anybody. */
function reached(height: number): Promise<void> {
  return new Promise(resolve => {
    onStored = () => {
      const running = members.filter(({ driver }) => driver !== undefined)
      if (running.every(({ chain }) => chain.length >= height)) resolve()
      else setImmediate(() => exchangeAll(running))
    }
    onStored()
  })
}

function exchangeAll(running: readonly Member[]): void {
  for (const from of running)
    for (const to of running) if (from.chain.length > to.chain.length) exchange(from, to)
}

function expectOneChain(height: number): void {
  const chains = members.map(({ chain }) => chain.slice(0, height).map(({ headerHash }) => headerHash))
  for (const chain of chains.filter(({ length }) => length === height)) expect(chain).toEqual(chains[0])
  expect(members.flatMap(({ failures }) => failures)).toEqual([])
}

describe('four validators with real files and signatures', () => {
  it('decide block after block', async () => {
    await Promise.all(members.map(each => each.start()))
    await reached(4)
    expectOneChain(4)
  })

  it('go on without one, who catches up when it is back', async () => {
    await Promise.all(members.map(each => each.start()))
    await reached(2)
    await members[3]!.stop()
    await reached(members[3]!.chain.length + 3)
    await members[3]!.start()
    await reached(members[0]!.chain.length + 2)
    expectOneChain(members[0]!.chain.length)
  })

  it('stop together and go on together, from their files', async () => {
    await Promise.all(members.map(each => each.start()))
    await reached(2)
    await Promise.all(members.map(each => each.stop()))
    const before = Math.max(...members.map(({ chain }) => chain.length))
    await Promise.all(members.map(each => each.start()))
    await reached(before + 2)
    expectOneChain(before + 2)
  })

  it('go on after every log is lost, without signing twice', async () => {
    await Promise.all(members.map(each => each.start()))
    await reached(2)
    await Promise.all(members.map(each => each.stop()))
    const before = Math.max(...members.map(({ chain }) => chain.length))
    await Promise.all(ids.map((_, index) => rm(path.join(folder, `log-${index}`))))
    await Promise.all(members.map(each => each.start()))
    await reached(before + 2)
    expectOneChain(before + 2)
  })
})

describe('a validator', () => {
  it('does not start with an old copy of its signer’s state', async () => {
    await copyFile(signerFile(0), `${signerFile(0)}.copy`)
    await members[0]!.start()
    const { driver } = members[0]!
    await signedSomething(driver!)
    await members[0]!.stop()
    await copyFile(`${signerFile(0)}.copy`, signerFile(0))
    const code = await members[0]!.start().catch(errorCode)
    expect(code).toBe('LEDGER_SIGNER_STALE')
  })
})

/** Resolves when a driver, alone, has said something: its prevote when no proposal came. */
function signedSomething(driver: Driver): Promise<void> {
  return new Promise(resolve => {
    const look = (): void => {
      if (driver.state.own.size > 0) resolve()
      else setImmediate(look)
    }
    look()
  })
}
