import path from 'node:path'
import { Block, silentLogger, systemClock } from '@neurovoyance/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LedgerApplication } from '../../src/chain/application/application.js'
import { boundedVerifier } from '../../src/chain/application/bounded-verifier.js'
import { EvidencePool } from '../../src/chain/application/evidence-pool.js'
import { AppliedChain } from '../../src/chain/applied-chain.js'
import type { TrustedBlock } from '../../src/chain/chain.js'
import { OpenedTransactions } from '../../src/chain/pool/opened-transactions.js'
import { TransactionPool } from '../../src/chain/pool/transaction-pool.js'
import { evidenceWrite, readEvidence } from '../../src/chain/record/evidence.js'
import { settleSettings } from '../../src/chain/settings.js'
import { type Evidence, type Vote, wholeCandidate } from '../../src/consensus/core/index.js'
import { signedBytesOf } from '../../src/consensus/wire/signed-bytes.js'
import { nativeVerifierAside } from '../../src/crypto/native-verify.js'
import { genesisHash } from '../../src/genesis/index.js'
import {
  actions,
  assembleBlock,
  type BlockContent,
  createNetworkLedger,
  Draft,
  idOf,
  openTransaction,
  validators as validatorRecords,
  verifyZip215,
} from '../../src/index.js'
import { type LedgerStore, nativeVerifier, openLedgerStore } from '../../src/node/index.js'
import { laxBindings } from '../crypto/lax-bindings.js'
import { CHAIN, type Person, person } from '../machine/chain.js'
import {
  alice,
  bob,
  genesisOf,
  keyOf,
  liquidOf,
  transactionOf,
  validators,
  Workplace,
} from './local-chain.js'

const carol = person(3)
const [proposer, other] = validators as [Person, Person]
const NOW = Date.UTC(2026, 5, 1)
const genesis = genesisOf(2, {}, [alice, carol], NOW - 60_000)

let place: Workplace
/** Opens what is on the disk, as a node does that starts. */
let openDisk: (trustedTo?: TrustedBlock) => Promise<void>
let store: LedgerStore
let chain: AppliedChain
let pool: TransactionPool
let evidence: EvidencePool
let application: LedgerApplication
/** A pool that takes all that it can read, and who proposes from it. */
let careless: { pool: TransactionPool; application: LedgerApplication }

beforeEach(async () => {
  place = new Workplace()
  const verifier = boundedVerifier(nativeVerifier())
  const machine = createNetworkLedger({ chainId: CHAIN, verify: verifier.verify })
  const clock = { ...systemClock, now: () => NOW }
  const dir = path.join(await place.folder(), 'store')
  openDisk = async trustedTo => {
    store = await openLedgerStore({ dir })
    const hash = genesisHash(genesis)
    chain = await AppliedChain.open({ store, machine, genesis, genesisHash: hash, trustedTo, clock })
    evidence = new EvidencePool()
    const opened = new OpenedTransactions()
    pool = new TransactionPool({ chain, opened, verify: nativeVerifierAside() })
    chain.onBlock = effects => pool.settle(effects)
    const parts = { chain, pool, opened, evidence, verifier, clock, logger: silentLogger }
    const settings = { ...settleSettings({}, 60_000), proposer: proposer.publicKey }
    application = new LedgerApplication({ ...parts, ...settings })
    const all = new TransactionPool({ chain, opened, verify: async () => true })
    careless = { pool: all, application: new LedgerApplication({ ...parts, ...settings, pool: all }) }
  }
  await openDisk()
})
afterEach(async () => {
  await store.close()
  await place.clear()
})

const at = { state: { get: (key: string) => chain.state.get(key) }, head: () => chain.head }
const pay = (from: Person, init = {}) => transactionOf(at, from, [actions.transfer(bob.address, 1n)], init)

/** A block of somebody who need not keep the rules. */
function blockOf(content: Partial<BlockContent>) {
  const { headerHash, bytes } = assembleBlock(chain.head, {
    chainId: CHAIN,
    timeMs: NOW,
    proposer: other.publicKey,
    transactions: [],
    evidence: [],
    lastCommit: undefined,
    ...content,
  })
  return { headerHash: idOf(headerHash), bytes }
}
const opened = ({ bytes }: { bytes: Uint8Array }) => ({
  transaction: openTransaction(bytes, { chainId: CHAIN, verify: verifyZip215 }),
  bytes,
})
const judge = (block: { headerHash: string; bytes: Uint8Array }) =>
  application.check({ type: 'checkProposal', height: 1, round: 0, blockId: '', ...block })

const build = () =>
  application.build({ type: 'buildProposal', height: chain.head.height + 1, round: 0, lastCommit: undefined })

/** Decides a block by the precommits of both. */
function decide({ headerHash, bytes }: { headerHash: string; bytes: Uint8Array }) {
  const height = chain.head.height + 1
  const { blockId, partsRoot } = wholeCandidate(height, headerHash, bytes, 65_536)
  const signatures = [proposer, other].map(person => {
    const vote = voteOf(person, height, blockId)
    return { validator: vote.validator, signature: vote.signature }
  })
  const commit = { height, round: 0, blockId, signatures }
  return application.decide({
    type: 'decide',
    height,
    round: 0,
    blockId,
    headerHash,
    partsRoot,
    bytes,
    commit,
  })
}

function voteOf(person: Person, height: number, blockId: string): Vote {
  const vote = { type: 'precommit', height, round: 0, blockId, validRound: -1 } as const
  const validator = idOf(person.publicKey)
  const signed = signedBytesOf(CHAIN, { kind: 'vote', ...vote, validator })
  return { ...vote, validator, signature: keyOf(person).sign(signed) as Uint8Array }
}

describe('a proposal', () => {
  it('of one’s own has what waits, and is applied once', async () => {
    const { id, bytes } = await pay(alice)
    await pool.admit(bytes)
    const block = await build()
    expect(await judge(block)).toEqual({ valid: true, timely: true })
    const decided = decide(block)
    expect(await decide(block).catch(() => undefined)).toEqual(await decided)
    expect(chain.head.height).toBe(1)
    expect(liquidOf(at, bob)).toBe(1n)
    expect(pool.has(id)).toBe(false)
  })

  it('of another may be, with transactions that were never seen here', async () => {
    const block = blockOf({ transactions: [opened(await pay(alice)), opened(await pay(carol))] })
    expect(await judge(block)).toEqual({ valid: true, timely: true })
    expect(await decide(block)).toMatchObject({ updates: [], wanted: true })
    expect(liquidOf(at, bob)).toBe(2n)
  })

  it.each([
    ['a nonce that is not next', { nonce: 1 }],
    ['a time that is over', { validUntil: 0 }],
    ['a fee that is too low', { maxFee: 1n }],
  ])('with a transaction that has %s may not be', async (_, init) => {
    const block = blockOf({ transactions: [opened(await pay(alice, init))] })
    expect(await judge(block)).toMatchObject({ valid: false })
    expect(chain.head.height).toBe(0)
  })

  it.each([
    ['by nobody', { proposer: alice.publicKey }],
    ['that is not after the block before', { timeMs: genesis.timeMs }],
    ['that goes on by more than two heartbeats', { timeMs: genesis.timeMs + 120_001 }],
    ['with evidence that proves nothing', { evidence: [new Uint8Array([1, 2, 3])] }],
    [
      'with a commit before the first block',
      { lastCommit: { height: 0, round: 0, block: new Uint8Array(32), signatures: [] } },
    ],
  ])('%s may not be', async (_, content) => {
    expect(await judge(blockOf(content))).toMatchObject({ valid: false })
  })

  it('that is no block, or another than its header says, may not be', async () => {
    const { bytes, headerHash } = blockOf({})
    expect(await judge({ bytes: bytes.slice(1), headerHash })).toMatchObject({ valid: false })
    expect(await judge({ bytes, headerHash: '00'.repeat(32) })).toMatchObject({ valid: false })
  })

  it.each([
    [-15_001, false],
    [-15_000, true],
    [1_000, true],
    [1_001, false],
  ])('whose stamp is %i ms from the clock is in time: %s', async (offset, timely) => {
    expect(await judge(blockOf({ timeMs: NOW + offset }))).toEqual({ valid: true, timely })
  })
})

describe('the signatures of a block', () => {
  it('may need the slow verifier sixteen times, and are checked without end elsewhere', () => {
    const { secret, publicKey } = alice
    const message = new Uint8Array(8)
    const signature = keyOf({ secret, publicKey }).sign(message) as Uint8Array
    const { verify, within } = boundedVerifier(() => false)
    const often = (times: number) => () =>
      Array.from({ length: times }, () => verify(publicKey, message, signature)).every(Boolean)
    expect(within(often(16))).toEqual({ result: true, isExceeded: false })
    expect(within(often(17))).toEqual({ result: false, isExceeded: true })
    expect(often(17)()).toBe(true)
  })
})

describe('a transaction that takes long to judge', () => {
  const slow = (count: number, nonce = 0) =>
    transactionOf(at, carol, laxBindings({ chainId: CHAIN, owner: carol.id, nonce, count }), {
      nonce,
      tip: 1_000n,
    })

  it.each([1, 16, 20])('by %i signatures is left out of an own block, and waits no longer', async count => {
    const { pool, application } = careless
    const [poison, honest] = [await slow(count), await pay(alice)]
    for (const { bytes } of [poison, honest]) await pool.admit(bytes)
    const { bytes } = await application.build({
      type: 'buildProposal',
      height: 1,
      round: 0,
      lastCommit: undefined,
    })
    expect(Block.decode(bytes).transactions).toEqual([honest.bytes])
    expect([pool.has(poison.id), pool.has(honest.id)]).toEqual([false, true])
  })

  it('may be in another’s block with sixteen signatures, and not with more', async () => {
    expect(await judge(blockOf({ transactions: [opened(await slow(16))] }))).toMatchObject({ valid: true })
    expect(await judge(blockOf({ transactions: [opened(await slow(17))] }))).toMatchObject({ valid: false })
  })
})

describe('evidence', () => {
  it('goes into the next block and ends who is at fault, once', async () => {
    await decide(await build())
    const [first, second] = ['11', '22'].map(byte => voteOf(other, 1, byte.repeat(32))) as [Vote, Vote]
    const fault: Evidence = { type: 'double-vote', validator: idOf(other.publicKey), first, second }
    expect(evidence.add(fault)).toBe(true)
    expect(evidence.add(fault)).toBe(false)
    const lastCommit = { height: 1, round: 0, blockId: idOf(chain.head.blockId), signatures: commitOfHead() }
    const block = await application.build({ type: 'buildProposal', height: 2, round: 0, lastCommit })
    await decide(block)
    const record = validatorRecords.get(new Draft(chain.state), idOf(other.publicKey))
    expect(record?.tombstoned).toBe(true)
    expect(chain.beginning.nextValidators.validators.map(({ id }) => id)).toEqual([idOf(proposer.publicKey)])
    evidence.add(fault)
    const again = { draft: new Draft(chain.state), chainId: CHAIN, verify: verifyZip215, height: 3 }
    expect(evidence.select({ ...again, parameters: chain.parameters, timeMs: NOW })).toEqual([])
    expect(evidence.size).toBe(0)
  })
})

describe('a chain with a trusted block', () => {
  const BLOCK = '11'.repeat(32)

  it('is opened where it has that block, and refused where it has another', async () => {
    await decide(await build())
    const blockId = idOf(chain.head.blockId)
    await store.close()
    await openDisk({ height: 1, blockId })
    expect(chain.head.height).toBe(1)
    await store.close()
    await expect(openDisk({ height: 1, blockId: BLOCK })).rejects.toMatchObject({
      code: 'LEDGER_CHAIN_UNTRUSTED',
    })
  })

  it('does not go on with another', async () => {
    await store.close()
    await openDisk({ height: 1, blockId: BLOCK })
    await expect(decide(await build())).rejects.toMatchObject({ code: 'LEDGER_CHAIN_UNTRUSTED' })
    expect([chain.head.height, store.blocks.last]).toEqual([0, undefined])
  })
})

describe('evidence that a node keeps', () => {
  const faultAt = (height: number): Evidence => {
    const [first, second] = ['11', '22'].map(byte => voteOf(other, height, byte.repeat(32))) as [Vote, Vote]
    return { type: 'double-vote', validator: idOf(other.publicKey), first, second }
  }
  const nextBlock = (timeMs = NOW) => ({
    draft: new Draft(chain.state),
    chainId: CHAIN,
    verify: verifyZip215,
    parameters: chain.parameters,
    timeMs,
    height: chain.head.height + 1,
  })
  /** A pool that writes what it has beside the state. */
  const keeping = () => {
    const writes: Promise<void>[] = []
    const pool = new EvidencePool(pieces => void writes.push(store.writeRecords([evidenceWrite(pieces)])))
    return { pool, written: () => Promise.all(writes) }
  }
  const restored = async (timeMs?: number) => {
    await store.close()
    await openDisk()
    const { pool, written } = keeping()
    pool.restore(readEvidence(store), nextBlock(timeMs))
    return { pool, written }
  }

  it('is there again after a restart, is known, and goes into a block', async () => {
    await decide(await build())
    const before = keeping()
    before.pool.add(faultAt(1))
    await before.written()
    const { pool } = await restored()
    expect(pool.size).toBe(1)
    expect(pool.add(faultAt(1))).toBe(false)
    expect(pool.select(nextBlock())).toHaveLength(1)
  })

  it('is forgotten when it is too old, on the disk as well', async () => {
    await decide(await build())
    const before = keeping()
    before.pool.add(faultAt(1))
    await before.written()
    const maxAgeMs = Number(chain.parameters.of('evidence/maxAgeMs'))
    const { pool, written } = await restored(NOW + maxAgeMs + 1)
    await written()
    expect(pool.size).toBe(0)
    expect(readEvidence(store)).toEqual([])
  })

  it('of a height that is not over waits for it', async () => {
    const before = keeping()
    before.pool.add(faultAt(1))
    await before.written()
    const { pool } = await restored()
    expect(pool.size).toBe(1)
    expect(pool.select(nextBlock())).toEqual([])
    await decide(await build())
    expect(pool.select(nextBlock())).toHaveLength(1)
  })
})

const commitOfHead = () =>
  [proposer, other].map(person => {
    const { validator, signature } = voteOf(person, chain.head.height, idOf(chain.head.blockId))
    return { validator, signature }
  })
