import { ReceiptRecord } from '@neurovoyance/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type AbciApplication,
  type AbciServer,
  cometAddress,
  openAbciApplication,
  PROOF_TYPE,
  RESULT,
  serveAbci,
  VALUE_PATH,
} from '../../src/abci/index.js'
import { timestampOf } from '../../src/abci/messages/common.js'
import { transfer } from '../../src/actions/accounts.js'
import { accounts } from '../../src/core/modules/accounts/account.js'
import { accountOf, bytesOf, Draft, emptyState, genesisState, idOf, verifyProof } from '../../src/index.js'
import { laxBindings } from '../crypto/lax-bindings.js'
import type { Person } from '../machine/chain.js'
import { person } from '../machine/chain.js'
import { folder } from '../store/folder.js'
import { Engine } from './engine.js'
import { CHAIN, GENESIS_MS, genesisWith, NVY, owner, people, transactionOf } from './world.js'

const [alice, bob, carol] = people(3) as [Person, Person, Person]
const validators = [person(1), person(2)].map(({ publicKey }) => publicKey)
const genesis = genesisWith(validators, [alice, bob])
const proposerAddress = cometAddress(validators[0]!)

let dir: string
let application: AbciApplication
let server: AbciServer
let engine: Engine

async function start(init: { snapshots?: { everyBlocks: number; keep: number }; keepBlocks?: number } = {}) {
  application = await openAbciApplication({ dir, chainId: CHAIN, ...init })
  server = await serveAbci({ application, listen: 'tcp://127.0.0.1:0' })
  engine = await Engine.to(server.address)
}

async function reconnect(): Promise<void> {
  engine.close()
  engine = await Engine.to(server.address)
}

async function stop(): Promise<void> {
  engine.close()
  await server.close()
  await application.close()
}

beforeEach(async () => {
  dir = folder()
  await start()
})
afterEach(stop)

const asBytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))
const { chainId: _, ...appState } = genesis

const begin = (more: object = {}) =>
  engine.ask('initChain', {
    chainId: CHAIN,
    time: timestampOf(GENESIS_MS),
    initialHeight: 1,
    appStateBytes: asBytes(appState),
    ...more,
  })

const blockAt = (height: number, txs: Uint8Array[] = [], afterMs = height * 1000) => ({
  height,
  time: timestampOf(GENESIS_MS + afterMs),
  proposerAddress,
  txs,
})

/** A whole block: decided and committed; its root. */
async function decide(height: number, txs: Uint8Array[] = [], afterMs = height * 1000) {
  const result = await engine.ask('finalizeBlock', blockAt(height, txs, afterMs))
  await engine.ask('commit')
  return result
}

const keyOf = ({ id }: Person): Uint8Array => Buffer.from(`accounts/${id}`)

describe('an application for CometBFT', () => {
  it('echoes, flushes, and says where it is', async () => {
    expect(await engine.ask('echo', { message: 'hello' })).toEqual({ message: 'hello' })
    expect(await engine.ask('flush')).toEqual({})
    const info = await engine.ask('info', { version: '0.38.25' })
    expect(info).toMatchObject({ data: 'neurovoyance', appVersion: 1, lastBlockHeight: 0 })
    expect(info.lastBlockAppHash).toHaveLength(0)
  })

  it('begins with the genesis: its root, its validators, and what a block may hold', async () => {
    const begun = await begin()
    const { changes } = genesisState(application.machine, genesis)
    expect(begun.validators.map(({ pubKey, power }) => [idOf(pubKey!.ed25519), power])).toEqual(
      validators.map(key => [idOf(key), 100_000]).sort(),
    )
    expect(begun.appHash).toEqual(application.head!.root)
    expect(begun.consensusParams!.block!.maxGas).toBe(2_000_000)
    expect(begun.consensusParams!.evidence!.maxAgeDuration!.seconds).toBe(20 * 24 * 3600)
    expect(changes.size).toBeGreaterThan(3)
    // after a crash before the first block it is asked again, and says the same
    await stop()
    await start()
    expect(await begin()).toEqual(begun)
  })

  it.each([
    ['another chain', { chainId: 'other-1' }],
    ['another time', { time: timestampOf(GENESIS_MS + 1) }],
    ['another first height', { initialHeight: 5 }],
    ['no genesis', { appStateBytes: asBytes(null) }],
    ['no JSON', { appStateBytes: asBytes('x').subarray(1) }],
  ])('does not begin with %s', async (_name, wrong) => {
    await expect(begin(wrong)).rejects.toThrow(/^exception/)
    await engine.ended()
    expect(application.head).toBeUndefined()
  })

  it('does not begin a second chain in one folder', async () => {
    await begin()
    const other = genesisWith(validators, [alice, carol])
    await expect(begin({ appStateBytes: asBytes({ ...other, chainId: undefined }) })).rejects.toThrow(
      /another folder/,
    )
  })

  it('lets a transaction wait by the rules of the pool', async () => {
    await begin()
    const check = async (bytes: Uint8Array) => (await engine.ask('checkTx', { tx: bytes })).info
    const pay = [transfer(bytesOf(bob.id), NVY)]
    const first = await transactionOf(alice, 0, pay)
    const answer = await engine.ask('checkTx', { tx: first })
    expect(answer).toMatchObject({ code: 0, info: '' })
    expect(answer.gasWanted).toBeGreaterThan(0)
    expect(await check(await transactionOf(alice, 1, pay))).toBe('')
    expect(await check(await transactionOf(alice, 300, pay))).toBe('LEDGER_WRONG_NONCE')
    expect(await check(await transactionOf(alice, 0, [transfer(bytesOf(bob.id), 2n)]))).toBe(
      'LEDGER_FEE_TOO_LOW',
    )
    expect(await check(await transactionOf(alice, 0, [transfer(bytesOf(bob.id), 2n)], { tip: 5n }))).toBe('')
    expect(await check(await transactionOf(carol, 0, pay))).toBe('LEDGER_INSUFFICIENT_FUNDS')
    expect(await check(await transactionOf(bob, 0, pay, { chainId: 'other-1' }))).toBe('LEDGER_BAD_SIGNATURE')
    expect(await check(await transactionOf(bob, 0, pay, { maxFee: 1n }))).toBe('LEDGER_FEE_TOO_LOW')
    expect(await check(await transactionOf(bob, 0, pay, { validUntil: 0 }))).toBe('LEDGER_EXPIRED')
    const long = await engine.askBytes('checkTx', 1, new Uint8Array(70 * 1024))
    expect([long.code, long.info]).toEqual([1, 'PROTOCOL_MALFORMED'])
    expect(await check(first.subarray(1))).toBe('PROTOCOL_MALFORMED')
  })

  it('proposes the best offers that may happen, and accepts what it proposed', async () => {
    await begin()
    const pay = (amount: bigint) => [transfer(bytesOf(bob.id), amount)]
    const late = await transactionOf(alice, 1, pay(1n), { tip: 9n })
    const early = await transactionOf(alice, 0, pay(1n), { tip: 1n })
    const better = await transactionOf(bob, 0, pay(1n), { tip: 2n })
    const gap = await transactionOf(bob, 2, pay(1n))
    for (const tx of [late, early, better, gap]) expect((await engine.ask('checkTx', { tx })).code).toBe(0)
    const { txs } = await engine.ask('prepareProposal', {
      ...blockAt(1, [late, early, better, gap]),
      maxTxBytes: 2 ** 20,
    })
    expect(txs).toEqual([better, early, late])
    expect((await engine.ask('processProposal', blockAt(1, [...txs]))).status).toBe('accept')
    const { txs: few } = await engine.ask('prepareProposal', {
      ...blockAt(1),
      maxTxBytes: better.length + 20,
    })
    expect(few).toEqual([better])
  })

  it('neither keeps nor proposes what takes long to judge, and refuses a proposal of more than it', async () => {
    await begin()
    const poison = await transactionOf(
      alice,
      0,
      laxBindings({ chainId: CHAIN, owner: alice.id, nonce: 0, count: 17 }),
      { tip: 9n },
    )
    const honest = await transactionOf(bob, 0, [transfer(bytesOf(alice.id), 1n)])
    expect((await engine.ask('checkTx', { tx: poison })).info).toBe('LEDGER_BAD_SIGNATURE')
    // an engine whose own pool has it all the same offers it
    const { txs } = await engine.ask('prepareProposal', {
      ...blockAt(1, [poison, honest]),
      maxTxBytes: 2 ** 20,
    })
    expect(txs).toEqual([honest])
    expect((await engine.ask('processProposal', blockAt(1, [...txs]))).status).toBe('accept')
    expect((await engine.ask('processProposal', blockAt(1, [poison]))).status).toBe('reject')
  })

  it('proposes what CometBFT kept while the application was restarted', async () => {
    await begin()
    await decide(1)
    const tx = await transactionOf(alice, 0, [transfer(bytesOf(bob.id), 1n)])
    await stop()
    await start()
    const { txs } = await engine.ask('prepareProposal', {
      ...blockAt(2, [tx, new Uint8Array(9)]),
      maxTxBytes: 2 ** 20,
    })
    expect(txs).toEqual([tx])
  })

  it('refuses proposals that no honest validator makes, and goes on', async () => {
    await begin()
    const judge = async (txs: Uint8Array[]) => (await engine.ask('processProposal', blockAt(1, txs))).status
    const pay = [transfer(bytesOf(bob.id), NVY)]
    expect(await judge([await transactionOf(alice, 1, pay)])).toBe('reject')
    expect(await judge([await transactionOf(carol, 0, pay)])).toBe('reject')
    expect(await judge([new Uint8Array(0)])).toBe('reject')
    const tx = await transactionOf(alice, 0, pay)
    expect(await judge([tx, tx])).toBe('reject')
    expect(await judge([tx])).toBe('accept')
  })

  it('adds nothing to votes', async () => {
    expect((await engine.ask('extendVote', { height: 1 })).voteExtension).toHaveLength(0)
    expect((await engine.ask('verifyVoteExtension', { height: 1 })).status).toBe('accept')
    const added = { height: 1, voteExtension: new Uint8Array(1) }
    expect((await engine.ask('verifyVoteExtension', added)).status).toBe('reject')
  })

  it('applies blocks, says what became of each transaction, and keeps them', async () => {
    await begin()
    const good = await transactionOf(alice, 0, [transfer(bytesOf(bob.id), NVY)])
    const failing = await transactionOf(bob, 0, [transfer(bytesOf(alice.id), 10_000_000n * NVY)])
    const stranger = await transactionOf(carol, 0, [transfer(bytesOf(alice.id), 1n)])
    const result = await decide(1, [good, failing, stranger, new Uint8Array(3)])
    expect(result.txResults.map(({ code, info }) => [code, info])).toEqual([
      [RESULT.done, ''],
      [RESULT.failed, 'LEDGER_INSUFFICIENT_FUNDS'],
      [RESULT.refused, 'LEDGER_INSUFFICIENT_FUNDS'],
      [RESULT.refused, 'PROTOCOL_MALFORMED'],
    ])
    const receipt = ReceiptRecord.decode(result.txResults[0]!.data)
    expect(receipt.fee).toBeGreaterThan(0n)
    expect(result.txResults[0]!.gasUsed).toBe(receipt.weight)
    const [event] = result.txResults[0]!.events
    expect(event!.type).toMatch(/^accounts\./)
    expect(
      event!.attributes
        .filter(({ key }) => key === 'account')
        .map(({ value }) => value)
        .sort(),
    ).toEqual([alice.address, bob.address].sort())
    await stop()
    await start()
    const info = await engine.ask('info')
    expect([info.lastBlockHeight, idOf(info.lastBlockAppHash)]).toEqual([1, idOf(result.appHash)])
  })

  it('has nothing of a block on the disk before it is committed, and takes it again', async () => {
    await begin()
    await decide(1)
    const tx = await transactionOf(alice, 0, [transfer(bytesOf(bob.id), NVY)])
    const first = await engine.ask('finalizeBlock', blockAt(2, [tx]))
    // the engine died, and came back to an application that lives
    await reconnect()
    expect((await engine.ask('info')).lastBlockHeight).toBe(1)
    expect(await engine.ask('finalizeBlock', blockAt(2, [tx]))).toEqual(first)
    // both died
    await stop()
    await start()
    expect((await engine.ask('info')).lastBlockHeight).toBe(1)
    expect(await decide(2, [tx])).toEqual(first)
    expect((await engine.ask('info')).lastBlockHeight).toBe(2)
  })

  it('judges a proposal from the last committed block where another one was staged', async () => {
    await begin()
    const tx = await transactionOf(alice, 0, [transfer(bytesOf(bob.id), NVY)])
    await engine.ask('finalizeBlock', blockAt(1, [tx]))
    expect((await engine.ask('processProposal', blockAt(1, [tx]))).status).toBe('accept')
    await expect(engine.ask('commit')).rejects.toThrow(/no block to commit/)
  })

  it('takes blocks in order alone', async () => {
    await begin()
    await expect(engine.ask('finalizeBlock', blockAt(2))).rejects.toThrow(/does not follow block 0/)
  })

  it('leaves the root as it is where nothing happens, and follows the engine’s clock two heartbeats a block', async () => {
    await begin()
    const { appHash } = await decide(1)
    expect((await decide(2)).appHash).toEqual(appHash)
    expect(application.head!.timeMs).toBe(GENESIS_MS + 2_000)
    await decide(3, [], 30 * 24 * 3_600_000)
    expect(application.head!.timeMs).toBe(GENESIS_MS + 2_000 + 120_000)
    await decide(4, [], 30 * 24 * 3_600_000 + 1000)
    expect(application.head!.timeMs).toBe(GENESIS_MS + 2_000 + 240_000)
    await stop()
    await start()
    await decide(5, [], 30 * 24 * 3_600_000 + 2000)
    expect(application.head!.timeMs).toBe(GENESIS_MS + 2_000 + 360_000)
  })

  it('gives values with proofs under the root', async () => {
    await begin()
    const { appHash } = await decide(1, [await transactionOf(alice, 0, [transfer(bytesOf(bob.id), NVY)])])
    const ask = (data: Uint8Array, more = {}) =>
      engine.ask('query', { path: Buffer.from(VALUE_PATH), data, prove: true, ...more })
    const there = await ask(keyOf(bob))
    expect(there).toMatchObject({ code: 0, height: 1 })
    const [op] = there.proofOps!.ops
    expect(op!.type).toBe(PROOF_TYPE)
    expect(verifyProof(appHash, `accounts/${bob.id}`, there.value, op!.data)).toBe(true)
    const state = { get: (key: string) => (key === `accounts/${bob.id}` ? there.value : undefined) }
    const balance = accountOf({ draft: new Draft(state), timeMs: 0 }, bob.id).purse.liquid
    expect(balance).toBe(1_000_001n * NVY)
    expect(accounts.get(new Draft(emptyState), bob.id)).toBeUndefined()
    const absent = await ask(keyOf(carol))
    expect([absent.value.length, absent.log]).toEqual([0, 'absent'])
    expect(verifyProof(appHash, `accounts/${carol.id}`, undefined, absent.proofOps!.ops[0]!.data)).toBe(true)
    expect((await ask(keyOf(bob), { prove: false })).proofOps).toBeUndefined()
    expect((await ask(keyOf(bob), { height: 7 })).info).toBe('LEDGER_NOT_FOUND')
    expect((await ask(keyOf(bob), { path: Buffer.from([0xff, 0xfe]) })).info).toBe('LEDGER_NOT_FOUND')
    expect((await engine.askBytes('query', 1, new Uint8Array(100_000))).info).toBe('LEDGER_NOT_FOUND')
    expect((await ask(new Uint8Array(1_000))).info).toBe('LEDGER_NOT_FOUND')
  })

  it('punishes whom the engine reports, once, and tells it who goes', async () => {
    await begin()
    await decide(1)
    await decide(2)
    const report = {
      type: 'duplicateVote' as const,
      validator: { address: cometAddress(validators[1]!), power: 100_000 },
      height: 1,
      time: timestampOf(GENESIS_MS + 1000),
      totalVotingPower: 200_000,
    }
    const unknown = { ...report, validator: { address: new Uint8Array(20), power: 1 } }
    const result = await engine.ask('finalizeBlock', {
      ...blockAt(3),
      misbehavior: [unknown, report, report],
    })
    await engine.ask('commit')
    const kinds = result.events.map(({ type }) => type)
    expect(kinds).toContain('evidence.punished')
    expect(kinds).not.toContain('evidence.refused')
    expect(result.validatorUpdates.map(({ pubKey, power }) => [idOf(pubKey!.ed25519), power])).toEqual([
      [idOf(validators[1]!), 0],
    ])
    const again = await engine.ask('finalizeBlock', { ...blockAt(4), misbehavior: [report] })
    expect([again.events.length, again.validatorUpdates.length]).toEqual([0, 0])
  })

  it('gives the tips to the validator who proposed', async () => {
    await begin()
    await decide(1, [await transactionOf(alice, 0, [transfer(bytesOf(bob.id), 1n)], { tip: 3n })])
    const { value } = await engine.ask('query', { path: Buffer.from(VALUE_PATH), data: keyOf(owner(0)) })
    const state = { get: () => value }
    const { purse } = accountOf({ draft: new Draft(state), timeMs: 0 }, owner(0).id)
    expect(purse.earned.length).toBe(1)
  })

  it('says what the engine may forget', async () => {
    await stop()
    dir = folder()
    await start({ keepBlocks: 2 })
    await begin()
    const retained = []
    for (let height = 1; height <= 4; height++) {
      await engine.ask('finalizeBlock', blockAt(height))
      retained.push((await engine.ask('commit')).retainHeight)
    }
    expect(retained).toEqual([0, 1, 2, 3])
  })

  it('hands its state to another by snapshots, whatever strangers send between', async () => {
    await stop()
    dir = folder()
    await start({ snapshots: { everyBlocks: 2, keep: 1 } })
    await begin()
    await decide(1, [await transactionOf(alice, 0, [transfer(bytesOf(bob.id), NVY)])])
    const { appHash } = await decide(2)
    await application.settled()
    const { snapshots } = await engine.ask('listSnapshots')
    expect(snapshots.map(({ height, format, chunks }) => [height, format, chunks])).toEqual([[2, 1, 1]])
    const [snapshot] = snapshots
    const { chunk } = await engine.ask('loadSnapshotChunk', { height: 2, format: 1, chunk: 0 })
    for (const none of [
      { height: 2, format: 1, chunk: 1 },
      { height: 2, format: 2, chunk: 0 },
      { height: 9, format: 1, chunk: 0 },
    ]) {
      expect((await engine.ask('loadSnapshotChunk', none)).chunk).toHaveLength(0)
    }
    await stop()

    dir = folder()
    await start()
    const offer = async (more: object, hash = appHash) =>
      (await engine.ask('offerSnapshot', { snapshot: { ...snapshot!, ...more }, appHash: hash })).result
    expect((await engine.ask('applySnapshotChunk', { index: 0, chunk, sender: 'a' })).result).toBe('abort')
    expect(await offer({ format: 9 })).toBe('rejectFormat')
    expect(await offer({ height: 3 })).toBe('reject')
    expect(await offer({ chunks: 2 })).toBe('reject')
    expect(await offer({ metadata: snapshot!.metadata.subarray(0, 20) })).toBe('reject')
    expect(await offer({ metadata: new Uint8Array(0) })).toBe('reject')
    expect(await offer({}, new Uint8Array(32))).toBe('reject')
    expect(await offer({})).toBe('accept')
    const torn = await engine.ask('applySnapshotChunk', {
      index: 0,
      chunk: chunk.subarray(1),
      sender: 'mallory',
    })
    expect(torn).toEqual({ result: 'retry', refetchChunks: [0], rejectSenders: ['mallory'] })
    expect((await engine.ask('applySnapshotChunk', { index: 5, chunk, sender: 'm' })).result).toBe('retry')
    expect((await engine.ask('applySnapshotChunk', { index: 0, chunk, sender: 'a' })).result).toBe('accept')
    const info = await engine.ask('info')
    expect([info.lastBlockHeight, idOf(info.lastBlockAppHash)]).toEqual([2, idOf(appHash)])
    expect(application.head!.timeMs).toBe(GENESIS_MS + 2_000)
    expect(await offer({})).toBe('abort')
    expect((await decide(3)).appHash).toEqual(appHash)
  })
})
