import { createTeller, readChannelRules } from '@neurovoyance/client/pay'
import { actions, bytesOf, verifyZip215, voucherMessage } from '@neurovoyance/ledger'
import { nativeVerifier } from '@neurovoyance/ledger/node'
import { type Logger, silentLogger, systemClock } from '@neurovoyance/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTillJournal, type TillJournal } from '../../src/payments/journal.js'
import { NodeTill } from '../../src/payments/node-till.js'
import { createRedeemer, type Redeemer } from '../../src/payments/redeemer.js'
import { oddSigner } from './odd-signer.js'
import {
  accountId,
  CHAIN,
  DEPOSIT,
  earner,
  openTillChain,
  payer,
  type TillChain,
  type VoucherSigner,
} from './till-chain.js'

describe('redeeming on a real chain', () => {
  let chain: TillChain
  let journal: TillJournal
  let till: NodeTill
  let redeemer: Redeemer
  let logged: string[]

  beforeEach(async () => {
    chain = await openTillChain()
    await start(nativeVerifier())
  })

  /** Begins as a node that takes what this verifier accepts. */
  async function start(verify: ReturnType<typeof nativeVerifier>): Promise<void> {
    const { access, dir } = chain
    const rules = await readChannelRules(access)
    const opened = await openTillJournal(`${dir}/till.log`)
    journal = opened.journal
    const clock = systemClock
    till = new NodeTill({ access, payee: accountId(earner), rules, verify, clock, ...opened })
    logged = []
    const logger: Logger = { ...silentLogger, error: (_, message) => void logged.push(message) }
    redeemer = createRedeemer({
      till,
      access,
      teller: createTeller(access, earner),
      leastStep: rules.leastStep,
      clock,
      logger,
      everyMs: 3_600_000,
      worth: 50n,
    })
  }

  async function stop(): Promise<void> {
    await redeemer.close()
    await journal.close()
  }

  afterEach(async () => {
    await stop()
    await chain[Symbol.asyncDispose]()
  })

  const pay = (channel: string, amount: bigint, cumulative = amount, signer?: VoucherSigner, from = 'peer') =>
    till.charge(
      { channel: bytesOf(channel), amount, voucher: chain.voucher(channel, cumulative, signer) },
      { units: 1n, due: amount },
      from,
    )

  it('many channels in one transaction, the least worth left out', async () => {
    const channels = await chain.open(8)
    for (const channel of channels.slice(0, 7)) await pay(channel, 5_000_000n)
    await pay(channels[7]!, 2_000n)
    const { nonce } = await chain.account(earner)
    await redeemer.redeem()
    expect((await chain.account(earner)).nonce).toBe(nonce + 1)
    const settled = channels.map(id => till.channels.get(id)!.channel.settled)
    expect(settled).toEqual([...Array(7).fill(5_000_000n), 0n])
    await redeemer.redeem()
    expect((await chain.account(earner)).nonce).toBe(nonce + 1)
  })

  it('more than a transaction takes, in several', async () => {
    const channels = await chain.open(25)
    for (const channel of channels) await pay(channel, 5_000_000n)
    const { nonce } = await chain.account(earner)
    await redeemer.redeem()
    expect((await chain.account(earner)).nonce).toBe(nonce + 2)
    expect(till.channels.list().every(({ channel }) => channel.settled === 5_000_000n)).toBe(true)
  })

  it('within the grace time, after the payer asked the ledger for the end: nothing is delivered any more', async () => {
    const [channel] = await chain.open(1)
    await pay(channel!, 1_000_000n)
    const before = await chain.account(payer)
    const { fee } = await chain.paying.send([actions.requestChannelClose(bytesOf(channel!))])
    await redeemer.redeem()
    expect(await chain.records([channel!])).toEqual([undefined])
    expect((await chain.account(earner)).purse.earned.length).toBeGreaterThan(0)
    expect((await chain.account(payer)).purse.liquid - before.purse.liquid).toBe(DEPOSIT - 1_000_000n - fee)
    await expect(pay(channel!, 1_000_000n, 2_000_000n)).rejects.toMatchObject({
      code: 'NODE_PAYMENT_REFUSED',
      details: { reason: 'closed' },
    })
  })

  it('an end that is asked for while vouchers are redeemed waits its turn, and is told once to all who ask', async () => {
    const [channel, other] = await chain.open(2)
    await pay(channel!, 1_000_000n)
    await pay(other!, 1_000_000n)
    const redeeming = redeemer.redeem(true)
    const [first, second] = await Promise.all([redeemer.end(channel!), redeemer.end(channel!), redeeming])
    expect(first).toEqual(second)
    expect((await chain.records([channel!]))[0]).toBeUndefined()
    await expect(redeemer.end(channel!)).rejects.toMatchObject({ code: 'NODE_PAYMENT_REFUSED' })
  })

  it('takes a voucher for more than the deposit once it was topped up, and not before: 8 at once are a block ahead of it', async () => {
    const [channel] = await chain.open(1)
    const amount = DEPOSIT + 5_000_000n
    const { problem } = await pay(channel!, amount)
    expect(problem).toEqual({ type: 'voucher', code: 'LEDGER_OVER_DEPOSIT' })
    // what the client reads a block ahead of the node is no fault of the client, however many requests it has
    const ahead = Array.from({ length: 8 }, (_, index) =>
      pay(channel!, 500_000n, DEPOSIT + 500_000n * BigInt(index + 1)),
    )
    await chain.paying.send([actions.topUpChannel(bytesOf(channel!), 5_000_000n)])
    for (const { charged, problem } of await Promise.all(ahead)) {
      expect(problem).toBeUndefined()
      charged!.refund()
    }
    const { charged } = await pay(channel!, amount)
    expect(charged?.charge).toMatchObject({ amount, spent: amount, accepted: amount })
  })

  it('a voucher that only the slow rule accepts is not taken: blocks have room for few of them', async () => {
    const [channel] = await chain.open(1, { signer: oddSigner })
    const { voucher, signature } = chain.voucher(channel!, 5_000_000n, oddSigner)
    const { problem } = await pay(channel!, 5_000_000n, 5_000_000n, oddSigner)
    expect(problem).toEqual({ type: 'voucher', code: 'LEDGER_BAD_SIGNATURE' })
    const message = voucherMessage(CHAIN, voucher)
    expect(verifyZip215(oddSigner.publicKey, message, signature)).toBe(true)
    expect(till.channels.get(channel!)?.voucher).toBeUndefined()
  })

  it('vouchers that do not hold make their sender wait, and nobody else: whoever knows a channel can send some', async () => {
    const [channel] = await chain.open(1)
    for (let sent = 0; sent < 4; sent++) {
      const { problem } = await pay(channel!, 1_000_000n, 1_000_000n, earner, 'stranger')
      expect(problem).toEqual({ type: 'voucher', code: 'LEDGER_BAD_SIGNATURE' })
    }
    await expect(pay(channel!, 1_000_000n, 1_000_000n, payer, 'stranger')).rejects.toMatchObject({
      code: 'NODE_PAYMENT_REFUSED',
      details: { reason: 'paused' },
    })
    expect((await pay(channel!, 1_000_000n)).charged?.charge).toMatchObject({ amount: 1_000_000n })
  })

  /** Has the till hold a voucher that the ledger refuses: an earlier version took it, or a disk turned a bit. */
  async function forge(channel: string): Promise<void> {
    await stop()
    await start(() => true)
    await till.channels.restore()
    const forger = { publicKey: payer.publicKey, sign: () => new Uint8Array(64).fill(9) }
    await pay(channel, 1_000_000n, 6_000_000n, forger)
  }

  it('one that the ledger refuses is put aside and said, and the others are paid', async () => {
    const channels = await chain.open(3)
    for (const channel of channels) await pay(channel, 5_000_000n)
    await forge(channels[1]!)
    await redeemer.redeem()
    const settled = channels.map(id => till.channels.get(id)!.channel.settled)
    expect(settled).toEqual([5_000_000n, 0n, 5_000_000n])
    expect([redeemer.refused(), logged]).toEqual([1, [expect.stringContaining('put aside')]])
    expect(till.channels.get(channels[1]!)!.channel.closing).toBe(true)
    const { nonce } = await chain.account(earner)
    await redeemer.redeem()
    expect((await chain.account(earner)).nonce).toBe(nonce)
  })

  it('one that was put aside stays so when its end fails: nothing is delivered for it, and nothing sent again', async () => {
    const [channel] = await chain.open(1)
    await pay(channel!, 5_000_000n)
    await forge(channel!)
    await redeemer.redeem()
    await expect(redeemer.end(channel!)).rejects.toMatchObject({ code: 'LEDGER_BAD_SIGNATURE' })
    expect(till.channels.get(channel!)!.channel.closing).toBe(true)
    expect((await pay(channel!, 1_000_000n, 7_000_000n)).problem).toEqual({ type: 'closing' })
    const { nonce } = await chain.account(earner)
    await redeemer.redeem(true)
    expect([redeemer.refused(), (await chain.account(earner)).nonce]).toEqual([1, nonce])
  })

  it('one that was not goes on when its end fails', async () => {
    const [channel] = await chain.open(1)
    await forge(channel!)
    await expect(redeemer.end(channel!)).rejects.toMatchObject({ code: 'LEDGER_BAD_SIGNATURE' })
    const { charged } = await pay(channel!, 1_000_000n, 7_000_000n)
    expect(charged?.charge).toMatchObject({ amount: 1_000_000n })
  })
})
