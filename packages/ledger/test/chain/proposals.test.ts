import { Block } from '@neurovoyance/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { laxBindings } from '../crypto/lax-bindings.js'
import { CHAIN } from '../machine/chain.js'
import { carol, DecidedChain, genesis, NOW, opened } from './decided-chain.js'
import { alice, bob, liquidOf, transactionOf } from './local-chain.js'

let chain: DecidedChain
beforeEach(async () => {
  chain = await DecidedChain.begin()
})
afterEach(() => chain.clear())

describe('a proposal', () => {
  it('of one’s own has what waits, and is applied once', async () => {
    const { id, bytes } = await chain.pay(alice)
    await chain.pool.admit(bytes)
    const block = await chain.build()
    expect(await chain.judge(block)).toEqual({ valid: true, timely: true })
    const decided = chain.decide(block)
    expect(await chain.decide(block).catch(() => undefined)).toEqual(await decided)
    expect(chain.head().height).toBe(1)
    expect(liquidOf(chain, bob)).toBe(1n)
    expect(chain.pool.has(id)).toBe(false)
  })

  it('of another may be, with transactions that were never seen here', async () => {
    const transactions = [opened(await chain.pay(alice)), opened(await chain.pay(carol))]
    const block = chain.blockOf({ transactions })
    expect(await chain.judge(block)).toEqual({ valid: true, timely: true })
    expect(await chain.decide(block)).toMatchObject({ updates: [], wanted: true })
    expect(liquidOf(chain, bob)).toBe(2n)
  })

  it.each([
    ['a nonce that is not next', { nonce: 1 }],
    ['a time that is over', { validUntil: 0 }],
    ['a fee that is too low', { maxFee: 1n }],
  ])('with a transaction that has %s may not be', async (_, init) => {
    const block = chain.blockOf({ transactions: [opened(await chain.pay(alice, init))] })
    expect(await chain.judge(block)).toMatchObject({ valid: false })
    expect(chain.head().height).toBe(0)
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
    expect(await chain.judge(chain.blockOf(content))).toMatchObject({ valid: false })
  })

  it('that is no block, or another than its header says, may not be', async () => {
    const { bytes, headerHash } = chain.blockOf({})
    expect(await chain.judge({ bytes: bytes.slice(1), headerHash })).toMatchObject({ valid: false })
    expect(await chain.judge({ bytes, headerHash: '00'.repeat(32) })).toMatchObject({ valid: false })
  })

  it.each([
    [-15_001, false],
    [-15_000, true],
    [1_000, true],
    [1_001, false],
  ])('whose stamp is %i ms from the clock is in time: %s', async (offset, timely) => {
    expect(await chain.judge(chain.blockOf({ timeMs: NOW + offset }))).toEqual({ valid: true, timely })
  })
})

describe('a transaction that takes long to judge', () => {
  const slow = (count: number, nonce = 0) =>
    transactionOf(chain, carol, laxBindings({ chainId: CHAIN, owner: carol.id, nonce, count }), {
      nonce,
      tip: 1_000n,
    })

  it.each([1, 16, 20])('by %i signatures is left out of an own block, and waits no longer', async count => {
    const { pool, application } = chain.careless
    const [poison, honest] = [await slow(count), await chain.pay(alice)]
    for (const { bytes } of [poison, honest]) await pool.admit(bytes)
    const { bytes } = await chain.build(application)
    expect(Block.decode(bytes).transactions).toEqual([honest.bytes])
    expect([pool.has(poison.id), pool.has(honest.id)]).toEqual([false, true])
  })

  it('may be in another’s block with sixteen signatures, and not with more', async () => {
    const judge = async (count: number) =>
      chain.judge(chain.blockOf({ transactions: [opened(await slow(count))] }))
    expect(await judge(16)).toMatchObject({ valid: true })
    expect(await judge(17)).toMatchObject({ valid: false })
  })
})
