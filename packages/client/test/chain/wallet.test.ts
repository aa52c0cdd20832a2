import {
  actions,
  buildTransaction,
  createNetworkLedger,
  credit,
  creditVesting,
  Draft,
  EMPTY_PURSE,
  idOf,
  MONTH_MS,
  monthOf,
  NVY,
  soleKey,
} from '@neurovoyance/ledger'
import {
  NeurovoyanceError,
  parseAddress,
  systemClock,
  Transaction,
  TransactionBody,
} from '@neurovoyance/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { type ChainReader, createWalletClient, openChainReader, viewAccount } from '../../src/chain/index.js'
import { type Lies, nodesOf } from './nodes.js'
import { TestChain, walletOf } from './test-chain.js'

const alice = walletOf(1)
const bob = walletOf(2)
const FUNDS = 10_000n * NVY
const bodyOf = (bytes: Uint8Array) => TransactionBody.decode(Transaction.decode(bytes).body)

describe('a wallet on a chain', () => {
  let chain: TestChain
  let reader: ChainReader
  const openOn = (lies: Lies = {}) =>
    openChainReader({ host: nodesOf({ node: { chain, lies } }), genesis: chain.genesis })

  beforeEach(async () => {
    chain = new TestChain({ startMs: systemClock.now() - 3_600_000, clients: [alice.address] })
    reader = await openOn()
  })

  it('sends a payment, waits for it, and sees both balances proven', async () => {
    const account = createWalletClient({ access: reader, wallet: alice })
    const payment = await account.transfer(bob.address, 3n * NVY, { memo: 'thanks' })
    const settling = payment.settled()
    chain.settle()
    const { fee, height } = await settling
    expect(height).toBe(2)
    expect(fee).toBeLessThanOrEqual(payment.maxFee)
    expect((await account.balance()).balances.liquid).toBe(FUNDS - 3n * NVY - fee)
    const his = await createWalletClient({ access: reader, wallet: bob }).balance()
    expect(his).toMatchObject({ total: 3n * NVY, nonce: 0 })
    expect((await account.balance()).nonce).toBe(1)
    expect(bodyOf(chain.settled.get(idOf(payment.id))!.bytes).memo).toBe('thanks')
  })

  it('says beforehand what a transaction costs, to the base unit', async () => {
    const account = createWalletClient({ access: reader, wallet: alice })
    const asked = [actions.transfer(bob.address, NVY)]
    const estimate = await account.estimate(asked, { tip: 3n })
    const payment = await account.send(asked, { tip: 3n })
    chain.settle()
    const { receipt } = chain.settled.get(idOf(payment.id))!
    // the size of the largest fee there can be was counted: a few bytes more than this one's
    expect(estimate.weight - receipt.weight).toBeGreaterThanOrEqual(0)
    expect(estimate.weight - receipt.weight).toBeLessThan(10)
    expect(receipt.fee).toBeLessThanOrEqual(estimate.fee)
    expect(estimate.maxFee).toBe(BigInt(estimate.weight) * (2n * 10n + 3n))
  })

  it('has several transactions under way, sent at once, and each its own nonce', async () => {
    const account = createWalletClient({ access: reader, wallet: alice })
    const payments = await Promise.all([1n, 2n, 3n, 4n].map(amount => account.transfer(bob.address, amount)))
    expect(payments.map(({ nonce }) => nonce)).toEqual([0, 1, 2, 3])
    chain.settle()
    const settled = await Promise.all(payments.map(payment => payment.settled()))
    expect(settled.map(({ code }) => code)).toEqual([undefined, undefined, undefined, undefined])
    expect((await createWalletClient({ access: reader, wallet: bob }).balance()).total).toBe(10n)
    const next = await account.transfer(bob.address, 5n)
    expect(next.nonce).toBe(4)
  })

  it('uses a nonce again whose transaction no node took in', async () => {
    let refuses = true
    const Submit = (_: unknown, message: { attachments: Uint8Array[] }) => {
      if (refuses) throw new NeurovoyanceError('LEDGER_FEE_TOO_LOW', 'it costs more now')
      chain.submit(message.attachments[0]!)
      return { body: {}, attachments: [] }
    }
    const account = createWalletClient({ access: await openOn({ Submit: Submit as never }), wallet: alice })
    await expect(account.transfer(bob.address, 1n)).rejects.toMatchObject({
      code: 'CLIENT_TRANSACTION_REFUSED',
      details: { code: 'LEDGER_FEE_TOO_LOW' },
      message: expect.stringContaining('higher maxFee'),
    })
    refuses = false
    expect((await account.transfer(bob.address, 1n)).nonce).toBe(0)
  })

  it('begins anew where the wallet was used elsewhere', async () => {
    let refused = 0
    const Submit = (_: unknown, message: { attachments: Uint8Array[] }) => {
      const bytes = message.attachments[0]!
      if (refused++ === 1) throw new NeurovoyanceError('LEDGER_WRONG_NONCE', 'nonce 1 where 2 is next')
      chain.submit(bytes)
      return { body: {}, attachments: [] }
    }
    const account = createWalletClient({ access: await openOn({ Submit: Submit as never }), wallet: alice })
    await account.transfer(bob.address, 1n)
    const { bytes } = await buildTransaction({
      chainId: 'test-1',
      sender: alice.address,
      keys: soleKey(alice.publicKey),
      nonce: 1,
      validUntil: 50,
      maxFee: NVY,
      actions: [actions.transfer(bob.address, 7n)],
      signers: [alice],
    })
    chain.submit(bytes)
    chain.settle()
    const payment = await account.transfer(bob.address, 2n)
    expect(payment.nonce).toBe(2)
    chain.settle()
    expect((await payment.settled()).code).toBeUndefined()
  })

  it('tells what went wrong in a block, and what to do', async () => {
    const account = createWalletClient({ access: reader, wallet: alice })
    const payment = await account.transfer(bob.address, FUNDS)
    chain.settle()
    await expect(payment.settled()).rejects.toMatchObject({
      code: 'CLIENT_TRANSACTION_FAILED',
      details: { code: 'LEDGER_INSUFFICIENT_FUNDS', height: 2 },
      message: expect.stringContaining('balance by kind'),
    })
  })

  it('sends again what a node has lost, and says when it is too late', async () => {
    let lost = true
    const Submit = (_: unknown, message: { attachments: Uint8Array[] }) => {
      if (!lost) {
        chain.submit(message.attachments[0]!)
        chain.settle()
      }
      lost = false
      return { body: {}, attachments: [] }
    }
    const access = await openOn({ Submit: Submit as never })
    const account = createWalletClient({ access, wallet: alice, validBlocks: 5 })
    const payment = await account.transfer(bob.address, 1n)
    expect((await payment.settled()).code).toBeUndefined()

    const swallow = await openOn({ Submit: () => ({ body: {}, attachments: [] }) })
    const other = createWalletClient({ access: swallow, wallet: alice, validBlocks: 2 })
    const gone = await other.transfer(bob.address, 1n)
    for (let block = 0; block < 4; block++) chain.produce()
    await expect(gone.settled()).rejects.toMatchObject({ code: 'CLIENT_TRANSACTION_EXPIRED' })
    expect((await other.transfer(bob.address, 1n)).nonce).toBe(gone.nonce)
  })

  it('does not take a node’s word for a transaction that did not happen', async () => {
    const Transaction = () => ({
      body: { known: true, height: 2, index: 0, code: '', message: '', fee: 1n },
      attachments: [],
    })
    const Submit = () => ({ body: {}, attachments: [] })
    const access = await openOn({ Transaction, Submit })
    const account = createWalletClient({ access, wallet: alice })
    const payment = await account.transfer(bob.address, 1n)
    chain.settle()
    await expect(payment.settled()).rejects.toMatchObject({
      code: 'CLIENT_NO_CHAIN',
      details: { attempts: [{ node: 'node', code: 'CLIENT_BAD_RESPONSE' }] },
    })
  })

  it('stops to wait when it is told to', async () => {
    const account = createWalletClient({ access: reader, wallet: alice })
    const payment = await account.transfer(bob.address, 1n)
    const stop = new AbortController()
    const settling = payment.settled({ signal: stop.signal })
    stop.abort(new Error('enough'))
    chain.settle()
    await expect(settling).rejects.toThrow('enough')
  })

  it('bonds, redelegates, unbonds and claims', async () => {
    const account = createWalletClient({ access: reader, wallet: alice })
    const [first, second] = chain.validators.map(({ publicKey }) => publicKey)
    const settle = async (sending: Promise<{ settled(): Promise<unknown> }>) => {
      const sent = await sending
      chain.settle()
      await sent.settled()
    }
    await settle(account.bond(first!, { liquid: 500n * NVY }))
    expect((await account.balance()).bonds).toEqual([
      { validator: idOf(first!), liquid: 500n * NVY, earned: 0n, reward: 0n },
    ])
    await settle(account.redelegate(first!, second!, { liquid: 200n * NVY }))
    await settle(account.unbond(second!, { liquid: 200n * NVY }))
    await settle(account.claimRewards())
    const { balances, unbonding } = await account.balance()
    expect(balances).toMatchObject({ bonded: 300n * NVY, unbonding: 200n * NVY })
    expect(unbonding).toMatchObject([{ liquid: 200n * NVY, earned: 0n, exit: false }])
    expect(unbonding[0]!.endsMs).toBeGreaterThan(chain.genesis.timeMs + 20 * 24 * 3_600_000)
  })
})

describe('what an account has', () => {
  it('is told by kind, with ages, and when it frees', () => {
    const machine = createNetworkLedger({ chainId: 'test-1' })
    const draft = new Draft({ get: () => undefined })
    const timeMs = 100 * MONTH_MS + 6
    const id = idOf(parseAddress(alice.address))
    const month = monthOf(timeMs)
    const earned = [
      { month: month - 6, amount: 10n * NVY },
      { month, amount: 5n * NVY },
    ]
    credit({ draft, timeMs }, id, { ...EMPTY_PURSE, liquid: 1n, granted: 2n, earned })
    creditVesting({ draft, timeMs }, id, 90n * NVY, 180 * 24 * 3_600_000)
    const view = viewAccount(draft, { address: alice.address, timeMs, machine })
    expect(view.balances).toEqual({
      liquid: 1n,
      earned: 15n * NVY,
      granted: 2n,
      vesting: 90n * NVY,
      bonded: 0n,
      unbonding: 0n,
      queued: 0n,
      escrow: 0n,
    })
    expect(view.total).toBe(105n * NVY + 3n)
    expect(view.earned).toEqual([
      { amount: 10n * NVY, heldSinceMs: (month - 6) * MONTH_MS, tribute: 0n },
      { amount: 5n * NVY, heldSinceMs: month * MONTH_MS, tribute: (5n * NVY * 8n) / 100n },
    ])
    const [lot] = view.vesting
    const half = viewAccount(draft, {
      address: alice.address,
      timeMs: timeMs + (lot!.endsMs - timeMs) / 2,
      machine,
    })
    expect(half.balances.vesting).toBe(45n * NVY)
    expect(half.balances.earned).toBe(60n * NVY)
    expect(half.total).toBe(view.total)
  })
})
