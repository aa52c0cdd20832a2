import { beforeEach, describe, expect, it } from 'vitest'
import {
  channelId,
  channels,
  channelsModule,
  Draft,
  earnedOf,
  heldOf,
  type Id,
  NVY,
  rewardsModule,
  splitPayment,
  totalOf,
} from '../../src/index.js'
import { CHAIN, person, TestChain } from '../machine/chain.js'
import { asks } from './asks.js'
import { voucherOf } from './vouchers.js'

const payer = person(1)
const payee = person(2)
const hot = person(3)
const tower = person(4)
const DAY_MS = 24 * 3_600_000

describe('channels', () => {
  let chain: TestChain
  let channel: Id

  const record = (id: Id) => channels.get(new Draft(chain.view), id)
  const split = (amount: bigint) =>
    splitPayment(amount, name => rewardsModule.parameters![name.slice('rewards/'.length)]!.value)

  beforeEach(() => {
    chain = new TestChain([channelsModule, rewardsModule], {
      accounts: [payer, payee, tower].map(({ address }) => ({ address, liquid: String(100n * NVY) })),
    })
    channel = channelId({ chainId: CHAIN, account: payer.id, nonce: 0, index: 0 })
    expect(chain.ask(payer, asks.open(payee.id, hot.publicKey, 10n * NVY))).toBeUndefined()
  })

  it('opening puts the deposit aside', () => {
    expect(record(channel)).toMatchObject({ settled: 0n, deposit: { liquid: 10n * NVY } })
    expect(heldOf(new Draft(chain.view), 'escrow')).toBe(10n * NVY)
  })

  it.each([
    ['less than the least', () => asks.open(payee.id, hot.publicKey, 1n), 'LEDGER_TOO_SMALL'],
    ['to oneself', () => asks.open(payer.id, hot.publicKey, NVY), 'LEDGER_BAD_ACTION'],
    ['with a key of small order', () => asks.open(payee.id, new Uint8Array(32), NVY), 'LEDGER_BAD_KEYS'],
    [
      'more than there is',
      () => asks.open(payee.id, hot.publicKey, 1_000n * NVY),
      'LEDGER_INSUFFICIENT_FUNDS',
    ],
  ])('a channel is not opened: %s', (_, ask, code) => {
    expect(chain.ask(payer, ask())).toBe(code)
  })

  it('one transaction opens several, each with its own id', () => {
    const nonce = chain.account(payer).nonce
    const two = [0, 1].map(index => asks.open(payee.id, hot.publicKey, NVY, index))
    expect(chain.ask(payer, ...two)).toBeUndefined()
    const ids = [0, 1].map(index => channelId({ chainId: CHAIN, account: payer.id, nonce, index }))
    expect(new Set([channel, ...ids]).size).toBe(3)
    expect(ids.map(id => record(id)?.deposit?.liquid)).toEqual([NVY, NVY])
    const same = [0, 0].map(index => asks.open(payee.id, hot.publicKey, NVY, index))
    expect(chain.ask(payer, ...same)).toBe('LEDGER_CONFLICT')
  })

  it('a voucher pays the payee earned coins, whoever submits it', () => {
    const before = chain.account(payee).purse
    const burntBefore = chain.supply().burnt
    const { receipts } = chain.block([chain.sign(tower, [asks.settle(voucherOf(hot, channel, 4n * NVY))])])
    expect(receipts[0]!.code).toBeUndefined()
    const parts = split(4n * NVY)
    expect(chain.account(payee).purse.liquid).toBe(before.liquid)
    expect(earnedOf(chain.account(payee).purse)).toBe(parts.worker)
    expect(chain.supply().burnt - burntBefore).toBe(parts.burnt + receipts[0]!.fee)
    expect(heldOf(new Draft(chain.view), 'treasury')).toBe(parts.treasury)
    expect(record(channel)).toMatchObject({ settled: 4n * NVY, deposit: { liquid: 6n * NVY } })
  })

  it('vouchers are cumulative: the next one pays what it is worth beyond the last', () => {
    chain.ask(tower, asks.settle(voucherOf(hot, channel, 4n * NVY)))
    chain.ask(tower, asks.settle(voucherOf(hot, channel, 5n * NVY)))
    expect(earnedOf(chain.account(payee).purse)).toBe(split(4n * NVY).worker + split(NVY).worker)
  })

  it('several channels are settled by one transaction, or none of them', () => {
    const second = channelId({
      chainId: CHAIN,
      account: payer.id,
      nonce: chain.account(payer).nonce,
      index: 0,
    })
    chain.ask(payer, asks.open(payee.id, hot.publicKey, NVY))
    const first = asks.settle(voucherOf(hot, channel, NVY))
    expect(chain.ask(payee, first, asks.settle(voucherOf(hot, second, 2n * NVY)))).toBe('LEDGER_OVER_DEPOSIT')
    expect(record(channel)!.settled).toBe(0n)
    expect(chain.ask(payee, first, asks.settle(voucherOf(hot, second, NVY)))).toBeUndefined()
    expect([record(channel)!.settled, record(second)!.settled]).toEqual([NVY, NVY])
  })

  describe('a voucher that is worth nothing changes nothing', () => {
    const other = 'ab'.repeat(32)
    it.each([
      [
        'for another chain',
        'LEDGER_WRONG_CHAIN',
        () => asks.settle(voucherOf(hot, channel, NVY * 3n, { chainId: 'other-1' })),
      ],
      [
        'signed for another chain',
        'LEDGER_BAD_SIGNATURE',
        () => asks.settle(voucherOf(hot, channel, NVY * 3n, { signedFor: 'other-1' })),
      ],
      [
        'for a channel that is not there',
        'LEDGER_NOT_FOUND',
        () => asks.settle(voucherOf(hot, other, NVY * 3n)),
      ],
      [
        'for another channel',
        'LEDGER_WRONG_CHANNEL',
        () => asks.close(channel, voucherOf(hot, other, NVY * 3n)),
      ],
      ['lower than the last', 'LEDGER_STALE_VOUCHER', () => asks.settle(voucherOf(hot, channel, NVY))],
      ['the same again', 'LEDGER_STALE_VOUCHER', () => asks.settle(voucherOf(hot, channel, 2n * NVY))],
      ['over the deposit', 'LEDGER_OVER_DEPOSIT', () => asks.settle(voucherOf(hot, channel, 10n * NVY + 1n))],
      ['a dust step', 'LEDGER_TOO_SMALL', () => asks.settle(voucherOf(hot, channel, 2n * NVY + 999n))],
      ['by another key', 'LEDGER_BAD_SIGNATURE', () => asks.settle(voucherOf(payer, channel, 3n * NVY))],
      [
        'with a bit changed',
        'LEDGER_BAD_SIGNATURE',
        () => {
          const { voucher, signature } = voucherOf(hot, channel, 3n * NVY)
          return asks.settle({
            voucher,
            signature: signature.map((byte, index) => (index === 9 ? byte ^ 1 : byte)),
          })
        },
      ],
      [
        'that is none',
        'PROTOCOL_MALFORMED',
        () => asks.settle({ ...voucherOf(hot, channel, 3n * NVY), voucher: Uint8Array.of(1, 2) }),
      ],
      [
        'with a field that nobody knows',
        'PROTOCOL_MALFORMED',
        () => {
          const { voucher, signature } = voucherOf(hot, channel, 3n * NVY)
          return asks.settle({ voucher: Uint8Array.of(...voucher, 0x78, 1), signature })
        },
      ],
    ])('%s: %s', (_, code, ask) => {
      chain.ask(payee, asks.settle(voucherOf(hot, channel, 2n * NVY)))
      const before = { record: record(channel), payer: chain.account(payer) }
      const earned = earnedOf(chain.account(payee).purse)
      const { receipts } = chain.block([chain.sign(payee, [ask()])])
      expect(receipts[0]).toMatchObject({ code, events: [] })
      expect({ record: record(channel), payer: chain.account(payer) }).toEqual(before)
      expect(earnedOf(chain.account(payee).purse)).toBe(earned - receipts[0]!.fee)
    })

    it('after close: LEDGER_NOT_FOUND', () => {
      chain.ask(payee, asks.close(channel, voucherOf(hot, channel, NVY)))
      expect(record(channel)).toBeUndefined()
      expect(chain.ask(payee, asks.settle(voucherOf(hot, channel, 2n * NVY)))).toBe('LEDGER_NOT_FOUND')
    })
  })

  it('a step of dust is paid where it is all that is left', () => {
    chain.ask(payee, asks.settle(voucherOf(hot, channel, 10n * NVY - 1n)))
    expect(chain.ask(payee, asks.settle(voucherOf(hot, channel, 10n * NVY)))).toBeUndefined()
    expect(totalOf(record(channel)!.deposit!)).toBe(0n)
  })

  it('the payee closes at once, and the rest goes back as what it was', () => {
    const before = chain.account(payer).purse.liquid
    expect(chain.ask(payee, asks.close(channel, voucherOf(hot, channel, 4n * NVY)))).toBeUndefined()
    expect(chain.account(payer).purse.liquid).toBe(before + 6n * NVY)
    expect(heldOf(new Draft(chain.view), 'escrow')).toBe(0n)
  })

  it('the payer waits for the grace time, in which the payee settles', () => {
    expect(chain.ask(payer, asks.withdraw(channel))).toBe('LEDGER_TOO_EARLY')
    expect(chain.ask(payer, asks.requestClose(channel))).toBeUndefined()
    expect(chain.ask(payer, asks.requestClose(channel))).toBe('LEDGER_CONFLICT')
    chain.block([], DAY_MS - 3_000)
    expect(chain.ask(payer, asks.withdraw(channel))).toBe('LEDGER_TOO_EARLY')
    expect(chain.ask(tower, asks.settle(voucherOf(hot, channel, 3n * NVY)))).toBeUndefined()
    const before = chain.account(payer).purse.liquid
    const { receipts } = chain.block([chain.sign(payer, [asks.withdraw(channel)])])
    expect(receipts[0]!.code).toBeUndefined()
    expect(chain.account(payer).purse.liquid).toBe(before + 7n * NVY - receipts[0]!.fee)
    expect(record(channel)).toBeUndefined()
  })

  it('topping up takes back the request for the end', () => {
    chain.ask(payer, asks.requestClose(channel))
    expect(chain.ask(payer, asks.topUp(channel, 1n))).toBe('LEDGER_TOO_SMALL')
    expect(record(channel)!.closeRequestedAtMs).toBe(chain.timeMs - 1_000)
    expect(chain.ask(payer, asks.topUp(channel, NVY))).toBeUndefined()
    expect(record(channel)).toMatchObject({ deposit: { liquid: 11n * NVY } })
    expect(record(channel)!.closeRequestedAtMs).toBeUndefined()
    chain.block([], 2 * DAY_MS)
    expect(chain.ask(payer, asks.withdraw(channel))).toBe('LEDGER_TOO_EARLY')
  })

  it.each([
    ['top up', tower, () => asks.topUp(channel, NVY)],
    ['top up', payee, () => asks.topUp(channel, NVY)],
    ['request the end', payee, () => asks.requestClose(channel)],
    ['withdraw', payee, () => asks.withdraw(channel)],
    ['close at once', payer, () => asks.close(channel)],
    ['close at once', tower, () => asks.close(channel)],
  ])('others may not %s', (_, who, ask) => {
    expect(chain.ask(who, ask())).toBe('LEDGER_FORBIDDEN')
  })

  it('earned coins that come back are earned ones of the age that they had', () => {
    chain.ask(tower, asks.settle(voucherOf(hot, channel, 10n * NVY)))
    const { earned, liquid } = chain.account(payee).purse
    chain.block([], 60 * DAY_MS)
    const nonce = chain.account(payee).nonce
    const back = channelId({ chainId: CHAIN, account: payee.id, nonce, index: 0 })
    chain.ask(payee, asks.open(payer.id, hot.publicKey, 2n * NVY))
    expect(record(back)!.deposit).toMatchObject({ liquid: 0n, earned: [{ month: earned[0]!.month }] })
    chain.ask(payer, asks.close(back))
    expect(chain.account(payee).purse.earned.map(({ month }) => month)).toEqual([earned[0]!.month])
    expect(chain.account(payee).purse.liquid).toBe(liquid)
  })

  it('what vests cannot be deposited', () => {
    chain.ask(payee, asks.settle(voucherOf(hot, channel, 10n * NVY)))
    chain.block([], DAY_MS)
    expect(chain.account(payee).vesting).toEqual([])
    chain.ask(payer, asks.topUp(channel, NVY))
    expect(chain.ask(tower, asks.settle(voucherOf(hot, channel, 11n * NVY)))).toBeUndefined()
    const { purse, vesting } = chain.account(payee)
    expect(vesting.length).toBe(1)
    expect(chain.ask(payee, asks.open(payer.id, hot.publicKey, totalOf(purse) + 1n))).toBe(
      'LEDGER_INSUFFICIENT_FUNDS',
    )
  })

  it('an empty block changes nothing, with channels open and closing', () => {
    chain.ask(payer, asks.requestClose(channel))
    chain.block([], 3 * DAY_MS)
    expect(chain.block([], 60_000).changes.size).toBe(0)
  })
})
