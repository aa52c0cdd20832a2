import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { transfer } from '../../src/actions/accounts.js'
import { bytesOf } from '../../src/index.js'
import { laxBindings } from '../crypto/lax-bindings.js'
import { alice, blockAt, bob, carol, Served } from './served.js'
import { CHAIN, NVY, transactionOf } from './world.js'

let served: Served
beforeEach(async () => {
  served = await Served.inNewFolder()
})
afterEach(() => served.stop())

describe('an application for CometBFT', () => {
  it('lets a transaction wait by the rules of the pool', async () => {
    await served.begin()
    const check = async (bytes: Uint8Array) => (await served.ask('checkTx', { tx: bytes })).info
    const pay = [transfer(bytesOf(bob.id), NVY)]
    const first = await transactionOf(alice, 0, pay)
    const answer = await served.ask('checkTx', { tx: first })
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
    const long = await served.engine.askBytes('checkTx', 1, new Uint8Array(70 * 1024))
    expect([long.code, long.info]).toEqual([1, 'PROTOCOL_MALFORMED'])
    expect(await check(first.subarray(1))).toBe('PROTOCOL_MALFORMED')
  })

  it('proposes the best offers that may happen, and accepts what it proposed', async () => {
    await served.begin()
    const pay = (amount: bigint) => [transfer(bytesOf(bob.id), amount)]
    const late = await transactionOf(alice, 1, pay(1n), { tip: 9n })
    const early = await transactionOf(alice, 0, pay(1n), { tip: 1n })
    const better = await transactionOf(bob, 0, pay(1n), { tip: 2n })
    const gap = await transactionOf(bob, 2, pay(1n))
    for (const tx of [late, early, better, gap]) expect((await served.ask('checkTx', { tx })).code).toBe(0)
    const { txs } = await served.ask('prepareProposal', {
      ...blockAt(1, [late, early, better, gap]),
      maxTxBytes: 2 ** 20,
    })
    expect(txs).toEqual([better, early, late])
    expect((await served.ask('processProposal', blockAt(1, [...txs]))).status).toBe('accept')
    const { txs: few } = await served.ask('prepareProposal', {
      ...blockAt(1),
      maxTxBytes: better.length + 20,
    })
    expect(few).toEqual([better])
  })

  it('neither keeps nor proposes what takes long to judge, and refuses a proposal of more than it', async () => {
    await served.begin()
    const poison = await transactionOf(
      alice,
      0,
      laxBindings({ chainId: CHAIN, owner: alice.id, nonce: 0, count: 17 }),
      { tip: 9n },
    )
    const honest = await transactionOf(bob, 0, [transfer(bytesOf(alice.id), 1n)])
    expect((await served.ask('checkTx', { tx: poison })).info).toBe('LEDGER_BAD_SIGNATURE')
    // an engine whose own pool has it all the same offers it
    const { txs } = await served.ask('prepareProposal', {
      ...blockAt(1, [poison, honest]),
      maxTxBytes: 2 ** 20,
    })
    expect(txs).toEqual([honest])
    expect((await served.ask('processProposal', blockAt(1, [...txs]))).status).toBe('accept')
    expect((await served.ask('processProposal', blockAt(1, [poison]))).status).toBe('reject')
  })

  it('proposes what CometBFT kept while the application was restarted', async () => {
    await served.begin()
    await served.decide(1)
    const tx = await transactionOf(alice, 0, [transfer(bytesOf(bob.id), 1n)])
    await served.restart()
    const { txs } = await served.ask('prepareProposal', {
      ...blockAt(2, [tx, new Uint8Array(9)]),
      maxTxBytes: 2 ** 20,
    })
    expect(txs).toEqual([tx])
  })

  it('refuses proposals that no honest validator makes, and goes on', async () => {
    await served.begin()
    const judge = async (txs: Uint8Array[]) => (await served.ask('processProposal', blockAt(1, txs))).status
    const pay = [transfer(bytesOf(bob.id), NVY)]
    expect(await judge([await transactionOf(alice, 1, pay)])).toBe('reject')
    expect(await judge([await transactionOf(carol, 0, pay)])).toBe('reject')
    expect(await judge([new Uint8Array(0)])).toBe('reject')
    const tx = await transactionOf(alice, 0, pay)
    expect(await judge([tx, tx])).toBe('reject')
    expect(await judge([tx])).toBe('accept')
  })

  it('judges a proposal from the last committed block where another one was staged', async () => {
    await served.begin()
    const tx = await transactionOf(alice, 0, [transfer(bytesOf(bob.id), NVY)])
    await served.ask('finalizeBlock', blockAt(1, [tx]))
    expect((await served.ask('processProposal', blockAt(1, [tx]))).status).toBe('accept')
    await expect(served.ask('commit')).rejects.toThrow(/no block to commit/)
  })

  it('adds nothing to votes', async () => {
    expect((await served.ask('extendVote', { height: 1 })).voteExtension).toHaveLength(0)
    expect((await served.ask('verifyVoteExtension', { height: 1 })).status).toBe('accept')
    const added = { height: 1, voteExtension: new Uint8Array(1) }
    expect((await served.ask('verifyVoteExtension', added)).status).toBe('reject')
  })
})
