import { beforeEach, describe, expect, it } from 'vitest'
import {
  channelId,
  channelsModule,
  Draft,
  earnedOf,
  epochId,
  epochRewards,
  genesisState,
  type Id,
  NVY,
  rewardsModule,
  scheduledBudget,
  splitPayment,
  workerRewards,
} from '../../src/index.js'
import { CHAIN, type Person, person, START_MS, TestChain } from '../machine/chain.js'
import { asks } from './asks.js'
import { voucherOf } from './vouchers.js'

const payer = person(1)
const anna = person(2)
const ben = person(3)
const tower = person(4)
const DAY_MS = 24 * 3_600_000
const EPOCH = START_MS / DAY_MS

const vestingOf = (chain: TestChain, who: Person): bigint =>
  chain.account(who).vesting.reduce((sum, { remaining }) => sum + remaining, 0n)

describe('rewards', () => {
  let chain: TestChain
  let channels: Record<string, Id>
  let paid: Record<string, bigint>

  const start = (parameters: Record<string, string> = {}): void => {
    chain = new TestChain(
      [channelsModule, rewardsModule],
      { accounts: [payer, tower].map(({ address }) => ({ address, liquid: String(10_000n * NVY) })) },
      parameters,
    )
    channels = {}
    paid = {}
    for (const [nonce, worker] of [anna, ben].entries()) {
      channels[worker.id] = channelId({ chainId: CHAIN, account: payer.id, nonce, index: 0 })
      paid[worker.id] = 0n
      expect(chain.ask(payer, asks.open(worker.id, payer.publicKey, 1_000n * NVY))).toBeUndefined()
    }
  }

  const pay = (worker: Person, amount: bigint): void => {
    paid[worker.id]! += amount
    const voucher = voucherOf(payer, channels[worker.id]!, paid[worker.id]!)
    expect(chain.ask(tower, asks.settle(voucher))).toBeUndefined()
  }

  const claim = (worker: Person): string | undefined => chain.ask(tower, asks.claim(worker.id))

  beforeEach(() => start())

  it('paid work mints nine percent of what was paid, when the epoch is over: a quarter now, the rest vests', () => {
    pay(anna, 100n * NVY)
    expect(claim(anna)).toBe('LEDGER_TOO_EARLY')
    chain.block([], DAY_MS)
    const earned = earnedOf(chain.account(anna).purse)
    expect(claim(anna)).toBeUndefined()
    expect(earnedOf(chain.account(anna).purse) - earned).toBe((9n * NVY) / 4n)
    expect(vestingOf(chain, anna)).toBe((27n * NVY) / 4n)
    expect(chain.supply().minted).toBe(9n * NVY)
    expect(claim(anna)).toBe('LEDGER_NOT_FOUND')
  })

  it('what vests is earned bit by bit, all of it within 180 days and a step', () => {
    pay(anna, 100n * NVY)
    chain.block([], DAY_MS)
    claim(anna)
    const earned = earnedOf(chain.account(anna).purse)
    chain.block([], 90 * DAY_MS)
    const half = earnedOf(chain.account(anna).purse) - earned
    expect(half).toBeGreaterThan((27n * NVY) / 10n)
    expect(half).toBeLessThan((27n * NVY) / 8n + 1n)
    chain.block([], 100 * DAY_MS)
    expect(earnedOf(chain.account(anna).purse) - earned).toBe((27n * NVY) / 4n)
  })

  it('the supply never grows by paid work', () => {
    const before = chain.supply()
    pay(anna, 100n * NVY)
    pay(ben, 7n * NVY + 333n)
    chain.block([], DAY_MS)
    claim(anna)
    claim(ben)
    const after = chain.supply()
    expect(after.minted - before.minted).toBeLessThan(after.burnt - before.burnt)
  })

  it('a budget is shared by work, and what is left of it lapses', () => {
    start({ 'rewards/firstBudget': '4000000' })
    pay(anna, 300n * NVY)
    pay(ben, 100n * NVY)
    chain.block([], DAY_MS)
    claim(anna)
    expect(chain.supply().minted).toBe(3_000_000n)
    claim(ben)
    expect(chain.supply().minted).toBe(4_000_000n)
    chain.block([], 5 * DAY_MS)
    pay(anna, 400n * NVY)
    chain.block([], DAY_MS)
    claim(anna)
    expect(chain.supply().minted - 4_000_000n).toBeLessThan(4_000_000n)
  })

  it('work of a later epoch brings what was due from the one before, and leaves no records behind', () => {
    pay(anna, 100n * NVY)
    pay(ben, 100n * NVY)
    chain.block([], DAY_MS)
    pay(anna, NVY)
    expect(chain.supply().minted).toBe(9n * NVY)
    const draft = (): Draft => new Draft(chain.view)
    expect(epochRewards.get(draft(), epochId(EPOCH))).toMatchObject({ unclaimed: 9n * NVY })
    claim(ben)
    expect(epochRewards.get(draft(), epochId(EPOCH))).toBeUndefined()
    expect(workerRewards.get(draft(), ben.id)).toBeUndefined()
    expect(workerRewards.get(draft(), anna.id)).toEqual({ epoch: EPOCH + 1, allowance: (NVY / 100n) * 9n })
  })

  it('a block that begins an epoch changes nothing by itself', () => {
    pay(anna, 100n * NVY)
    chain.block([])
    expect(chain.block([], DAY_MS).changes.size).toBe(0)
  })

  it('a year of work, day by day, fits an account', () => {
    for (let day = 0; day < 400; day++) {
      pay(anna, NVY)
      chain.block([], DAY_MS)
    }
    expect(chain.account(anna).vesting.length).toBeLessThanOrEqual(20)
  })
})

describe('the split of a payment', () => {
  const of = (name: string): bigint => rewardsModule.parameters![name.slice('rewards/'.length)]!.value

  it.each([1n, 2n, 9n, 10n, 11n, 999n, NVY])('of %s adds up, and burns at least its share', amount => {
    const { burnt, stakers, treasury, worker } = splitPayment(amount, of)
    expect(burnt + stakers + treasury + worker).toBe(amount)
    expect(burnt * 10n).toBeGreaterThanOrEqual(amount)
    expect(worker).toBeGreaterThanOrEqual(0n)
  })
})

describe('the schedule', () => {
  it('falls all the time, and to half in its time', () => {
    const budgets = Array.from({ length: 400 }, (_, epoch) => scheduledBudget(1_000_000n, 100, epoch))
    expect(budgets.every((budget, epoch) => epoch === 0 || budget < budgets[epoch - 1]!)).toBe(true)
    expect([0, 100, 200, 300].map(epoch => budgets[epoch])).toEqual([
      1_000_000n,
      500_000n,
      250_000n,
      125_000n,
    ])
    expect(scheduledBudget(1_000_000n, 1, 64)).toBe(0n)
  })
})

describe('parameters that would let somebody gain by paying himself are refused', () => {
  const { machine } = new TestChain([channelsModule, rewardsModule], {})
  const begin = (parameters: Record<string, string>) => () =>
    genesisState(machine, { chainId: CHAIN, timeMs: START_MS, modules: {}, parameters })

  it.each([
    [{ 'rewards/mintShare': '90001' }],
    [{ 'rewards/burnShare': '99999' }],
    [{ 'rewards/burnShare': '10000' }],
    [{ 'rewards/drawnMintShare': '100000' }],
    [{ 'rewards/drawnMintShare': '1000000', 'rewards/largestDrawShare': '600000' }],
    [{ 'rewards/burnShare': '300000', 'rewards/stakersShare': '200000', 'rewards/treasuryShare': '1' }],
    [{ 'rewards/firstBudget': '1000000000000000', 'rewards/halvingEpochs': '36500' }],
  ])('%j', parameters => {
    expect(begin(parameters)).toThrow(expect.objectContaining({ code: 'LEDGER_BAD_PARAMETERS' }))
  })

  it('the largest that are safe are taken', () => {
    expect(begin({ 'rewards/drawnMintShare': '1000000', 'rewards/largestDrawShare': '500000' })).not.toThrow()
    expect(begin({ 'rewards/burnShare': '300000', 'rewards/mintShare': '270000' })).not.toThrow()
  })
})
