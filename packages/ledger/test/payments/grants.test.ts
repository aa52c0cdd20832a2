import { AccountsTransfer } from '@neurovoyance/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  bytesOf,
  channelId,
  channels,
  channelsModule,
  Draft,
  earnedOf,
  grantsModule,
  guests,
  heldOf,
  NVY,
  rewardsModule,
} from '../../src/index.js'
import { CHAIN, person, TestChain } from '../machine/chain.js'
import { asks } from './asks.js'
import { voucherOf } from './vouchers.js'

const sponsor = person(1)
const guest = person(2)
const worker = person(3)
const rich = person(4)
const DAY_MS = 24 * 3_600_000

describe('grants', () => {
  let chain: TestChain

  beforeEach(() => {
    chain = new TestChain(
      [channelsModule, rewardsModule, grantsModule],
      {
        accounts: [{ address: rich.address, liquid: String(100n * NVY) }],
        grants: [{ address: sponsor.address, budget: String(10n * NVY), fees: String(NVY) }],
      },
      { 'grants/mostPerEpoch': String(4n * NVY) },
    )
  })

  it('a sponsor gives granted coins out of a budget of the genesis', () => {
    expect(heldOf(new Draft(chain.view), 'sponsored')).toBe(10n * NVY)
    expect(chain.ask(sponsor, asks.give(guest.id, NVY))).toBeUndefined()
    expect(chain.account(guest).purse).toEqual({ liquid: 0n, earned: [], granted: NVY })
    expect(heldOf(new Draft(chain.view), 'sponsored')).toBe(9n * NVY)
  })

  it.each([
    ['a stranger', rich, () => asks.give(guest.id, NVY), 'LEDGER_FORBIDDEN'],
    ['nothing', sponsor, () => asks.give(guest.id, 0n), 'LEDGER_BAD_ACTION'],
    ['more than one guest gets', sponsor, () => asks.give(guest.id, NVY + 1n), 'LEDGER_TOO_LARGE'],
  ])('nothing is given: %s', (_, who, ask, code) => {
    expect(chain.ask(who, ask())).toBe(code)
    expect(guests.get(new Draft(chain.view), guest.id)).toBeUndefined()
  })

  it('a guest gets so much in all, a sponsor gives so much an epoch, and his budget in all', () => {
    const give = (to: number) => chain.ask(sponsor, asks.give(person(to).id, NVY))
    expect([10, 10, 11, 12, 13, 14].map(give)).toEqual([
      undefined,
      'LEDGER_TOO_LARGE',
      undefined,
      undefined,
      undefined,
      'LEDGER_TOO_LARGE',
    ])
    chain.block([], DAY_MS)
    expect([14, 15, 16, 17].map(give)).toEqual([undefined, undefined, undefined, undefined])
    chain.block([], DAY_MS)
    expect([18, 19, 20].map(give)).toEqual([undefined, undefined, 'LEDGER_INSUFFICIENT_FUNDS'])
  })

  it('granted coins are given to nobody, pay fees and channels, and come back granted', () => {
    chain.ask(sponsor, asks.give(guest.id, NVY))
    const transfer = {
      kind: 'accounts/transfer',
      payload: AccountsTransfer.encode({ to: bytesOf(rich.id), amount: 1n }),
    }
    expect(chain.ask(guest, transfer)).toBe('LEDGER_INSUFFICIENT_FUNDS')
    const { nonce } = chain.account(guest)
    const channel = channelId({ chainId: CHAIN, account: guest.id, nonce, index: 0 })
    expect(chain.ask(guest, asks.open(worker.id, guest.publicKey, NVY / 2n))).toBeUndefined()
    expect(channels.get(new Draft(chain.view), channel)!.deposit!.granted).toBe(NVY / 2n)
    const { receipts } = chain.block([chain.sign(rich, [asks.settle(voucherOf(guest, channel, NVY / 4n))])])
    expect(receipts[0]!.code).toBeUndefined()
    expect(earnedOf(chain.account(worker).purse)).toBe(((NVY / 4n) * 85n) / 100n)
    const before = chain.account(guest).purse.granted
    expect(chain.ask(worker, asks.close(channel))).toBeUndefined()
    expect(chain.account(guest).purse).toEqual({ liquid: 0n, earned: [], granted: before + NVY / 4n })
  })

  it('a sponsor pays the fee of a guest who has nothing', () => {
    const bytes = chain.sign(guest, [asks.requestClose('ab'.repeat(32))], { feePayer: bytesOf(sponsor.id) }, [
      guest,
      sponsor,
    ])
    chain.ask(sponsor, asks.give(worker.id, 1n))
    const before = chain.account(sponsor).purse.granted
    const { receipts } = chain.block([bytes])
    expect(receipts[0]).toMatchObject({ admitted: true, code: 'LEDGER_NOT_FOUND' })
    expect(chain.account(sponsor).purse.granted).toBe(before - receipts[0]!.fee)
    const alone = chain.sign(guest, [asks.requestClose('ab'.repeat(32))], { feePayer: bytesOf(sponsor.id) })
    expect(chain.block([alone]).receipts[0]).toMatchObject({ admitted: false, code: 'LEDGER_BAD_SIGNATURE' })
  })

  it('a guest who works for himself has less in the end than he was given, minted coins included', () => {
    chain.ask(sponsor, asks.give(guest.id, NVY))
    const mine = person(9)
    const { nonce } = chain.account(guest)
    const channel = channelId({ chainId: CHAIN, account: guest.id, nonce, index: 0 })
    const all = (NVY * 99n) / 100n
    expect(chain.ask(guest, asks.open(mine.id, guest.publicKey, all))).toBeUndefined()
    expect(chain.ask(rich, asks.settle(voucherOf(guest, channel, all)))).toBeUndefined()
    chain.block([], DAY_MS)
    expect(chain.ask(rich, asks.claim(mine.id))).toBeUndefined()
    const { purse, vesting } = chain.account(mine)
    const laundered = earnedOf(purse) + vesting.reduce((sum, { remaining }) => sum + remaining, 0n)
    expect(laundered).toBe((all * (85n + 9n)) / 100n)
  })

  it.each([
    [{}],
    [[{ budget: '1' }]],
    [[{ address: sponsor.address }]],
    [[{ address: sponsor.address, budget: '-1' }]],
    [
      [
        { address: sponsor.address, budget: '1' },
        { address: sponsor.address, budget: '2' },
      ],
    ],
  ])('a genesis is refused: %j', section => {
    expect(() => new TestChain([rewardsModule, grantsModule], { grants: section })).toThrow(
      expect.objectContaining({ code: 'LEDGER_BAD_GENESIS' }),
    )
  })
})
