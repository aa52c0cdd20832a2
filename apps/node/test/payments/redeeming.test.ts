import { createTeller, readChannelRules, type Teller } from '@neurovoyance/client/pay'
import { type Wallet, walletFromKey } from '@neurovoyance/client/wallet'
import {
  accountOf,
  actions,
  bytesOf,
  type ChainAccess,
  channelId,
  Draft,
  idOf,
  localGenesis,
  sealVoucher,
  zip215,
} from '@neurovoyance/ledger'
import { type Chain, localAccess, nativeVerifier, openChain } from '@neurovoyance/ledger/node'
import { parseAddress, type SignedVoucher, silentLogger, systemClock } from '@neurovoyance/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTillJournal, type TillJournal } from '../../src/payments/journal.js'
import { NodeTill } from '../../src/payments/node-till.js'
import { createRedeemer, type Redeemer } from '../../src/payments/redeemer.js'
import { folder } from '../hive/fixture.js'

const CHAIN = 'till-1'
const DEPOSIT = 10_000_000n
const walletOf = (seed: number): Wallet => walletFromKey(new Uint8Array(32).fill(seed))
const [payer, earner, validator] = [walletOf(1), walletOf(2), walletOf(3)]
const accountId = ({ address }: Wallet) => idOf(parseAddress(address))

describe('redeeming on a real chain', () => {
  let chain: Chain
  let access: ChainAccess
  let journal: TillJournal
  let till: NodeTill
  let redeemer: Redeemer
  let paying: Teller

  beforeEach(async () => {
    const validators = [{ consensusKey: validator.publicKey, owner: validator.address }]
    const genesis = localGenesis({
      chainId: CHAIN,
      timeMs: Date.now(),
      validators,
      clients: [payer.address, earner.address],
    })
    const dir = await folder('till-chain')
    chain = await openChain({ dir, genesis, validator })
    access = localAccess(chain)
    paying = createTeller(access, payer)
    const rules = await readChannelRules(access)
    const opened = await openTillJournal(`${dir}/till.log`)
    journal = opened.journal
    const verify = zip215(nativeVerifier())
    const clock = systemClock
    till = new NodeTill({ access, payee: accountId(earner), rules, verify, clock, ...opened })
    redeemer = createRedeemer({
      till,
      access,
      teller: createTeller(access, earner),
      leastStep: rules.leastStep,
      clock,
      logger: silentLogger,
      everyMs: 3_600_000,
      worth: 50n,
    })
  })

  afterEach(async () => {
    await redeemer.close()
    await journal.close()
    await chain.close()
  })

  async function open(count: number): Promise<string[]> {
    const payee = parseAddress(earner.address)
    const opening = { payee, signer: payer.publicKey, deposit: DEPOSIT }
    const { nonce } = await paying.send(
      Array.from({ length: count }, (_, index) => actions.openChannel({ ...opening, index })),
    )
    const account = accountId(payer)
    return Array.from({ length: count }, (_, index) => channelId({ chainId: CHAIN, account, nonce, index }))
  }

  function voucher(channel: string, cumulative: bigint): SignedVoucher {
    const [jobId, transcriptRoot] = [new Uint8Array(32), new Uint8Array(32)]
    const signed = { chainId: CHAIN, channelId: bytesOf(channel), cumulative, jobId, transcriptRoot }
    return sealVoucher(signed, message => payer.sign(message))
  }

  const pay = (channel: string, amount: bigint, cumulative = amount) =>
    till.charge(
      { channel: bytesOf(channel), amount, voucher: voucher(channel, cumulative) },
      { units: 1n, due: amount },
    )

  async function account(wallet: Wallet) {
    const key = `accounts/${accountId(wallet)}`
    const [[record], { timeMs }] = await Promise.all([access.get([key]), access.head()])
    return accountOf(
      { draft: new Draft({ get: name => (name === key ? record : undefined) }), timeMs },
      accountId(wallet),
    )
  }

  const onLedger = (channels: readonly string[]) => access.get(channels.map(id => `channels/${id}`))

  it('many channels in one transaction, the least worth left out', async () => {
    const channels = await open(8)
    for (const channel of channels.slice(0, 7)) await pay(channel, 5_000_000n)
    await pay(channels[7]!, 2_000n)
    const { nonce } = await account(earner)
    await redeemer.redeem()
    expect((await account(earner)).nonce).toBe(nonce + 1)
    const settled = channels.map(id => till.get(id)!.channel.settled)
    expect(settled).toEqual([...Array(7).fill(5_000_000n), 0n])
    await redeemer.redeem()
    expect((await account(earner)).nonce).toBe(nonce + 1)
  })

  it('more than a transaction takes, in several', async () => {
    const channels = await open(25)
    for (const channel of channels) await pay(channel, 5_000_000n)
    const { nonce } = await account(earner)
    await redeemer.redeem()
    expect((await account(earner)).nonce).toBe(nonce + 2)
    expect(till.list().every(({ channel }) => channel.settled === 5_000_000n)).toBe(true)
  })

  it('within the grace time, after the payer asked the ledger for the end: nothing is delivered any more', async () => {
    const [channel] = await open(1)
    await pay(channel!, 1_000_000n)
    const before = await account(payer)
    const { fee } = await paying.send([actions.requestChannelClose(bytesOf(channel!))])
    await redeemer.redeem()
    expect(await onLedger([channel!])).toEqual([undefined])
    expect((await account(earner)).purse.earned.length).toBeGreaterThan(0)
    expect((await account(payer)).purse.liquid - before.purse.liquid).toBe(DEPOSIT - 1_000_000n - fee)
    await expect(pay(channel!, 1_000_000n, 2_000_000n)).rejects.toMatchObject({
      code: 'NODE_PAYMENT_REFUSED',
      details: { reason: 'closed' },
    })
  })

  it('an end that is asked for while vouchers are redeemed waits its turn, and is told once to all who ask', async () => {
    const [channel, other] = await open(2)
    await pay(channel!, 1_000_000n)
    await pay(other!, 1_000_000n)
    const redeeming = redeemer.redeem(true)
    const [first, second] = await Promise.all([redeemer.end(channel!), redeemer.end(channel!), redeeming])
    expect(first).toEqual(second)
    expect((await onLedger([channel!]))[0]).toBeUndefined()
    await expect(redeemer.end(channel!)).rejects.toMatchObject({ code: 'NODE_PAYMENT_REFUSED' })
  })

  it('takes a voucher for more than the deposit once it was topped up, and not before', async () => {
    const [channel] = await open(1)
    const amount = DEPOSIT + 5_000_000n
    const { problem } = await pay(channel!, amount)
    expect(problem).toEqual({ type: 'voucher', code: 'LEDGER_OVER_DEPOSIT' })
    await paying.send([actions.topUpChannel(bytesOf(channel!), 5_000_000n)])
    const { charged } = await pay(channel!, amount)
    expect(charged?.charge).toMatchObject({ amount, spent: amount, accepted: amount })
  })
})
