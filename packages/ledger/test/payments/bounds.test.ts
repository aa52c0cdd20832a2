import { Voucher } from '@neurovoyance/protocol'
import { describe, expect, it } from 'vitest'
import { bytesOf, channelId, channelsModule, NVY, rewardsModule } from '../../src/index.js'
import { CHAIN, person, TestChain } from '../machine/chain.js'
import { asks, SOME_HASH } from './asks.js'
import { voucherOf } from './vouchers.js'

const payer = person(1)
const payee = person(2)
const MOST = (1n << 63n) - 1n

/** The varint of 2^63: one more than an amount can be. */
const TOO_MUCH = [0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01]

describe('amounts at their bounds', () => {
  const LOTS = (1n << 62n) - 2n * NVY
  const start = (liquid: bigint): TestChain =>
    new TestChain([channelsModule, rewardsModule], {
      accounts: [{ address: payer.address, liquid: String(liquid) }],
    })
  const channel = channelId({ chainId: CHAIN, account: payer.id, nonce: 0, index: 0 })

  it('nearly all the coins that there can be go through a channel', () => {
    const chain = start(LOTS + NVY)
    expect(chain.ask(payer, asks.open(payee.id, payer.publicKey, LOTS))).toBeUndefined()
    expect(chain.ask(payer, asks.settle(voucherOf(payer, channel, LOTS)))).toBeUndefined()
    const { burnt, genesis } = chain.supply()
    expect(burnt).toBeGreaterThan(LOTS / 10n)
    expect(genesis).toBe(LOTS + NVY)
  })

  it('the largest amount is more than anybody has, and the largest voucher over any deposit', () => {
    const chain = start(100n * NVY)
    expect(chain.ask(payer, asks.open(payee.id, payer.publicKey, NVY))).toBeUndefined()
    expect(chain.ask(payer, asks.topUp(channel, MOST))).toBe('LEDGER_INSUFFICIENT_FUNDS')
    expect(chain.ask(payer, asks.settle(voucherOf(payer, channel, MOST)))).toBe('LEDGER_OVER_DEPOSIT')
  })

  it('an amount of 2^63 is none', () => {
    const chain = start(100n * NVY)
    chain.ask(payer, asks.open(payee.id, payer.publicKey, NVY))
    const { payload } = asks.topUp(channel, 0n)
    const overflowing = Uint8Array.of(...payload, 0x10, ...TOO_MUCH)
    expect(chain.ask(payer, { kind: 'channels/topUp', payload: overflowing })).toBe('PROTOCOL_MALFORMED')
    const voucher = Voucher.encode({
      chainId: CHAIN,
      channelId: bytesOf(channel),
      cumulative: 0n,
      jobId: SOME_HASH,
      transcriptRoot: SOME_HASH,
    })
    const forged = {
      ...voucherOf(payer, channel, NVY),
      voucher: Uint8Array.of(...voucher, 0x18, ...TOO_MUCH),
    }
    expect(chain.ask(payer, asks.settle(forged))).toBe('PROTOCOL_MALFORMED')
  })

  it('a transaction that settles happens once', () => {
    const chain = start(100n * NVY)
    chain.ask(payer, asks.open(payee.id, payer.publicKey, NVY))
    const bytes = chain.sign(payer, [asks.settle(voucherOf(payer, channel, NVY / 2n))])
    expect(chain.block([bytes]).receipts[0]!.code).toBeUndefined()
    expect(chain.block([bytes]).receipts[0]).toMatchObject({ admitted: false, code: 'LEDGER_WRONG_NONCE' })
  })

  it('the id of a channel never comes back', () => {
    const chain = start(100n * NVY)
    const seen = new Set<string>()
    for (let round = 0; round < 5; round++) {
      const { nonce } = chain.account(payer)
      const id = channelId({ chainId: CHAIN, account: payer.id, nonce, index: 0 })
      expect(seen.has(id)).toBe(false)
      seen.add(id)
      expect(chain.ask(payer, asks.open(payee.id, payer.publicKey, NVY))).toBeUndefined()
      chain.ask(payer, asks.settle(voucherOf(payer, id, NVY / 2n)))
      expect(chain.ask(payee, asks.close(id))).toBeUndefined()
      expect(chain.ask(payer, asks.settle(voucherOf(payer, id, NVY)))).toBe('LEDGER_NOT_FOUND')
    }
  })

  it('is told apart by chain, account, nonce and index', () => {
    const beginnings = ['a', 'b'].flatMap(chainId =>
      [payer.id, payee.id].flatMap(account =>
        [0, 1, 256].flatMap(nonce => [0, 1, 256].map(index => ({ chainId, account, nonce, index }))),
      ),
    )
    expect(new Set(beginnings.map(channelId)).size).toBe(beginnings.length)
  })
})
