import { formatAddress, LIMITS } from '@neurovoyance/protocol'
import { ed25519 } from '@noble/curves/ed25519.js'
import { beforeEach, describe, expect, it } from 'vitest'
import { noteMinted } from '../../src/core/machine/supply.js'
import { candidatesOf, enterCandidates } from '../../src/core/modules/staking/candidates.js'
import {
  bondedTo,
  bytesOf,
  creditVesting,
  distributeToStakers,
  earnedOf,
  electionAt,
  epochAt,
  idOf,
  jailValidator,
  latestElection,
  NVY,
  powerChanges,
  settleParameters,
  slashValidator,
  stakers,
  stakeView,
  tombstoneValidator,
  validatorSetOf,
  validators,
} from '../../src/index.js'
import { member } from '../payments/model/payments-chain.js'
import { asks, DAY_MS, StakeChain } from './stake-chain.js'

const anna = member('anna', 1)
const bert = member('bert', 2)
const carl = member('carl', 3)
const keyOf = (seed: number): Uint8Array => ed25519.getPublicKey(new Uint8Array(32).fill(seed))
const [x, y, z] = [keyOf(101), keyOf(102), keyOf(103)]
const SHARE = 50_000n

const NEW_VALIDATOR = {
  owner: bytesOf(anna.id),
  commission: 0,
  commissionEpoch: 0,
  seasoned: 0n,
  seasonedUntil: 0,
  joined: [],
  bonds: 1,
  rewardIndex: 0n,
  rewards: 0n,
  carry: 0n,
  tombstoned: false,
  slashes: [],
}

describe('staking', () => {
  let chain: StakeChain

  beforeEach(() => {
    const accounts = [anna, bert, carl].map(({ id }) => ({
      address: formatAddress(bytesOf(id)),
      liquid: String(10_000n * NVY),
    }))
    const staking = [
      { consensusKey: idOf(x), owner: accounts[0]!.address, liquid: String(2_000n * NVY) },
      {
        consensusKey: idOf(y),
        owner: accounts[1]!.address,
        liquid: String(1_000n * NVY),
        commission: '100000',
      },
    ]
    chain = new StakeChain({ accounts, staking })
  })

  const powers = () =>
    Object.fromEntries(validatorSetOf(chain.draft()).validators.map(v => [idOf(v.publicKey), v.power]))
  const epoch = () =>
    epochAt({ parameters: settleParameters(chain.machine.parameterTables, {}) }, chain.timeMs)
  const slash = (key: Uint8Array, faultEpoch = epoch(), share = SHARE) =>
    chain.deed(context => slashValidator(context, idOf(key), { epoch: faultEpoch, share }))
  const bonded = (key: Uint8Array) => bondedTo(validators.get(chain.draft(), idOf(key))!)

  it('the genesis elects for the first block, sorted by key', () => {
    expect(powers()).toEqual({ [idOf(x)]: 2_000, [idOf(y)]: 1_000 })
    const keys = Object.keys(powers())
    expect(keys).toEqual([...keys].sort())
    expect(electionAt(chain.draft(), 1)!.set).toEqual(validatorSetOf(chain.draft()))
    expect(chain.held('bonded')).toBe(3_000n * NVY)
  })

  it('a validator is elected with the next epoch, and decides two blocks later', () => {
    expect(chain.ask(carl, asks.create(chain, carl, z, { liquid: 3_000n * NVY }))).toBeUndefined()
    expect(powers()).not.toHaveProperty(idOf(z))
    chain.day()
    expect(powers()).toHaveProperty(idOf(z), 3_000)
    expect(latestElection(chain.draft())!.height).toBe(chain.height + 2)
    expect(electionAt(chain.draft(), chain.height + 1)!.set.validators).toHaveLength(2)
    expect(electionAt(chain.draft(), chain.height + 2)!.set.validators).toHaveLength(3)
  })

  it.each([
    ['LEDGER_BAD_SIGNATURE', () => asks.create(chain, anna, z, { liquid: 3_000n * NVY })],
    ['LEDGER_CONFLICT', () => asks.create(chain, carl, x, { liquid: 3_000n * NVY })],
    ['LEDGER_TOO_SMALL', () => asks.create(chain, carl, z, { liquid: 999n * NVY })],
    ['LEDGER_TOO_LARGE', () => asks.create(chain, carl, z, { liquid: 1_000n * NVY }, 500_001)],
    ['LEDGER_INSUFFICIENT_FUNDS', () => asks.create(chain, carl, z, { liquid: 20_000n * NVY })],
    ['LEDGER_INSUFFICIENT_FUNDS', () => asks.delegate(x, { earned: NVY })],
    ['LEDGER_BAD_ACTION', () => asks.delegate(x, {})],
    ['LEDGER_NOT_FOUND', () => asks.delegate(z, { liquid: NVY })],
    ['LEDGER_TOO_SMALL', () => asks.delegate(x, { liquid: NVY - 1n })],
    ['LEDGER_INSUFFICIENT_FUNDS', () => asks.unbond(x, { liquid: NVY })],
    ['LEDGER_BAD_ACTION', () => asks.redelegate(x, x, { liquid: NVY })],
    ['LEDGER_FORBIDDEN', () => asks.unjail(x)],
    ['LEDGER_FORBIDDEN', () => asks.commission(x, 1)],
  ])('what may not be asked changes nothing: %s (%#)', (code, ask) => {
    chain.block()
    const before = chain.held('bonded')
    // another's nonce and address were signed for
    if (code === 'LEDGER_BAD_SIGNATURE') chain.ask(anna, asks.claim())
    expect(chain.ask(carl, ask())).toBe(code)
    expect(chain.held('bonded')).toBe(before)
    expect(chain.purse(carl).liquid).toBe(10_000n * NVY)
  })

  it('coins come back after 21 days, as what they were', () => {
    chain.earn(carl, 50n * NVY)
    const lots = chain.purse(carl).earned
    expect(chain.ask(carl, asks.delegate(x, { liquid: 30n * NVY, earned: 50n * NVY }))).toBeUndefined()
    chain.days(3)
    expect(chain.ask(carl, asks.unbond(x, { liquid: 30n * NVY, earned: 50n * NVY }))).toBeUndefined()
    const start = chain.timeMs
    chain.block({ afterMs: 21 * DAY_MS - 1 })
    expect(chain.held('unbonding')).toBe(80n * NVY)
    expect(chain.purse(carl).liquid).toBe(9_970n * NVY)
    chain.block({ afterMs: 1 })
    expect(chain.timeMs).toBe(start + 21 * DAY_MS)
    expect(chain.purse(carl)).toEqual({ liquid: 10_000n * NVY, earned: lots, granted: 0n })
    expect(stakers.get(chain.draft(), carl.id)).toBeUndefined()
  })

  it('earned coins go on into the exit queue if asked for, liquid ones never', () => {
    chain.earn(carl, 50n * NVY)
    chain.ask(carl, asks.delegate(x, { liquid: 30n * NVY, earned: 50n * NVY }))
    chain.ask(carl, asks.unbond(x, { liquid: 30n * NVY, earned: 50n * NVY }, true))
    chain.block({ afterMs: 21 * DAY_MS })
    expect(chain.held('queued')).toBe(50n * NVY)
    expect(chain.purse(carl)).toMatchObject({ liquid: 10_000n * NVY, earned: [] })
    chain.days(8)
    expect(chain.held('queued')).toBe(0n)
    expect(chain.purse(carl).liquid).toBe(10_050n * NVY - chain.supply().burnt)
  })

  describe('a slash takes what stood behind the vote, and nothing else', () => {
    const lost = 5n * NVY
    const give = { liquid: 100n * NVY }
    const back = () => {
      chain.ask(carl, asks.claim())
      for (const key of [x, y]) {
        const bonds = stakers.get(chain.draft(), carl.id)?.bonds ?? []
        const mine = bonds.filter(({ liability }) => idOf(liability!.validator) === idOf(key))
        const liquid = mine.reduce((sum, { purse }) => sum + purse!.liquid, 0n)
        if (liquid > 0n) expect(chain.ask(carl, asks.unbond(key, { liquid }))).toBeUndefined()
      }
      chain.days(23)
      return chain.purse(carl).liquid
    }

    it('coins that were bonded before', () => {
      chain.ask(carl, asks.delegate(x, give))
      chain.day()
      slash(x)
      expect(bonded(x)).toBe(((2_100n * NVY) / 100n) * 95n)
      expect(back()).toBe(10_000n * NVY - lost)
    })

    it('not coins that were bonded in the same epoch, or later', () => {
      chain.day()
      chain.ask(carl, asks.delegate(x, give))
      slash(x)
      chain.day()
      slash(x, epoch() - 1)
      expect(back()).toBe(10_000n * NVY)
    })

    it('coins that left since, not coins that left before', () => {
      chain.ask(carl, asks.delegate(x, { liquid: 200n * NVY }))
      chain.day()
      chain.ask(carl, asks.unbond(x, give))
      chain.day()
      chain.ask(carl, asks.unbond(x, give))
      chain.day()
      slash(x, epoch() - 1)
      expect(back()).toBe(10_000n * NVY - lost)
    })

    it('coins that were moved since, once, wherever they are', () => {
      chain.ask(carl, asks.delegate(x, give))
      chain.day()
      chain.ask(carl, asks.redelegate(x, y, give))
      chain.ask(carl, asks.redelegate(y, x, { liquid: 50n * NVY }))
      chain.day()
      chain.ask(carl, asks.unbond(y, { liquid: 25n * NVY }))
      slash(x, epoch() - 1)
      expect(back()).toBe(10_000n * NVY - lost)
    })

    it('coins that were moved away before are spared, and answer for the other', () => {
      chain.ask(carl, asks.delegate(x, give))
      chain.day()
      chain.ask(carl, asks.redelegate(x, y, give))
      chain.day()
      slash(x)
      expect(back()).toBe(10_000n * NVY)
      chain.ask(carl, asks.delegate(y, give))
      chain.day()
      slash(y)
      expect(back()).toBe(10_000n * NVY - lost)
    })

    it('what vests for the owner', () => {
      chain.deed(context => {
        noteMinted(context.draft, 200n * NVY)
        creditVesting(context, anna.id, 100n * NVY, 180 * DAY_MS)
        creditVesting(context, carl.id, 100n * NVY, 180 * DAY_MS)
      })
      const before = [chain.vesting(anna), chain.vesting(carl)]
      slash(x)
      expect(chain.vesting(anna)).toBeLessThan((before[0]! * 951n) / 1_000n)
      expect(chain.vesting(carl)).toBeGreaterThan((before[1]! * 999n) / 1_000n)
    })

    it('nothing that is too long ago to be found', () => {
      chain.days(40)
      expect(() => slash(x, epoch() - 30)).toThrow(/too long ago/)
    })
  })

  it('an epoch’s rewards go to stakers by what they have bonded, less the commission', () => {
    chain.ask(carl, asks.delegate(y, { liquid: 1_000n * NVY }))
    chain.day()
    chain.deed(context => {
      noteMinted(context.draft, 400n * NVY)
      distributeToStakers(context, 400n * NVY)
    })
    expect(chain.held('stakers')).toBe(400n * NVY)
    chain.day()
    for (const one of [anna, bert, carl]) chain.ask(one, asks.claim())
    expect(earnedOf(chain.purse(anna))).toBe(200n * NVY)
    // a tenth of 200 for the owner, then half of the rest for each
    expect(earnedOf(chain.purse(bert))).toBe(110n * NVY)
    expect(earnedOf(chain.purse(carl))).toBe(90n * NVY)
    expect(chain.held('stakers')).toBe(0n)
  })

  it('tips go to the owner of the proposer; without one they are burnt', () => {
    chain.block({ from: carl, actions: [asks.delegate(x, { liquid: NVY })], tip: 1_000n, proposer: y })
    const tips = earnedOf(chain.purse(bert))
    expect(tips).toBe(600_000n)
    chain.block({ from: carl, actions: [asks.delegate(x, { liquid: NVY })], tip: 1_000n })
    expect(chain.supply().burnt).toBe(tips)
  })

  it('a jailed validator is out at once and comes back when its time is up; a tombstoned one never', () => {
    const until = chain.timeMs + 2 * DAY_MS
    chain.deed(context => jailValidator(context, idOf(x), until))
    expect(powers()).toEqual({ [idOf(y)]: 1_000 })
    expect(chain.ask(anna, asks.unjail(x))).toBe('LEDGER_TOO_EARLY')
    chain.days(3)
    expect(powers()).toEqual({ [idOf(y)]: 1_000 })
    expect(chain.ask(anna, asks.unjail(x))).toBeUndefined()
    chain.day()
    expect(powers()).toHaveProperty(idOf(x), 2_000)
    chain.deed(context => tombstoneValidator(context, idOf(x)))
    chain.day()
    expect(powers()).toEqual({ [idOf(y)]: 1_000 })
    expect(chain.ask(anna, asks.unjail(x))).toBe('LEDGER_FORBIDDEN')
    expect(chain.ask(carl, asks.delegate(x, { liquid: NVY }))).toBe('LEDGER_FORBIDDEN')
    chain.deed(context => tombstoneValidator(context, idOf(y)))
    chain.day()
    // somebody has to make blocks
    expect(powers()).toEqual({ [idOf(y)]: 1_000 })
  })

  it('shows what is at stake before anybody touches it', () => {
    chain.ask(carl, asks.delegate(x, { liquid: 100n * NVY }))
    chain.day()
    chain.ask(carl, asks.redelegate(x, y, { liquid: 40n * NVY }))
    chain.ask(carl, asks.unbond(x, { liquid: 20n * NVY }))
    chain.deed(context => {
      noteMinted(context.draft, 300n * NVY)
      distributeToStakers(context, 300n * NVY)
    })
    chain.day()
    slash(x, epoch() - 1, 500_000n)
    const { bonds, unbonding } = stakeView(chain.draft(), carl.id)
    expect(bonds.map(({ validator, purse }) => [validator, purse.liquid])).toEqual([
      [idOf(x), 20n * NVY],
      [idOf(y), 20n * NVY],
    ])
    expect(unbonding.map(({ purse }) => purse.liquid)).toEqual([10n * NVY])
    const before = earnedOf(chain.purse(carl))
    chain.ask(carl, asks.claim())
    expect(earnedOf(chain.purse(carl)) - before).toBe(bonds[0]!.reward + bonds[1]!.reward)
    expect(bonds.every(({ reward }) => reward > 0n)).toBe(true)
    const now = stakeView(chain.draft(), carl.id).bonds
    expect(now).toEqual(bonds.map(bond => ({ ...bond, reward: 0n })))
  })

  it('says what an election changed', () => {
    const before = validatorSetOf(chain.draft())
    expect(powerChanges(before, before)).toEqual([])
    chain.ask(carl, asks.create(chain, carl, z, { liquid: 3_000n * NVY }))
    chain.ask(carl, asks.delegate(y, { liquid: 7n * NVY }))
    chain.deed(context => tombstoneValidator(context, idOf(x)))
    chain.day()
    const changes = powerChanges(before, validatorSetOf(chain.draft()))
    expect(Object.fromEntries(changes.map(({ id, power }) => [id, power]))).toEqual({
      [idOf(x)]: 0n,
      [idOf(y)]: 1_007n,
      [idOf(z)]: 3_000n,
    })
    expect(changes.map(({ id }) => id)).toEqual(changes.map(({ id }) => id).sort())
  })

  it('an owner who takes his bond back is not elected any more', () => {
    chain.ask(carl, asks.delegate(x, { liquid: 5_000n * NVY }))
    chain.ask(anna, asks.unbond(x, { liquid: 1_500n * NVY }))
    chain.day()
    expect(powers()).toEqual({ [idOf(y)]: 1_000 })
  })

  it('a commission rises by little and once in an epoch', () => {
    expect(chain.ask(bert, asks.commission(y, 90_000))).toBe('LEDGER_TOO_EARLY')
    chain.day()
    expect(chain.ask(bert, asks.commission(y, 110_001))).toBe('LEDGER_TOO_LARGE')
    expect(chain.ask(bert, asks.commission(y, 110_000))).toBeUndefined()
    expect(chain.ask(bert, asks.commission(y, 0))).toBe('LEDGER_TOO_EARLY')
    chain.day()
    expect(chain.ask(bert, asks.commission(y, 0))).toBeUndefined()
  })

  it('where all places are taken, the smallest candidate gives way to a larger one', () => {
    const keys = Array.from({ length: LIMITS.candidates + 2 }, (_, index) =>
      index.toString(16).padStart(64, '0'),
    )
    const [small, large] = [keys.at(-2)!, keys.at(-1)!]
    const many = new StakeChain({})
    many.deed(context => {
      for (const [index, key] of keys.entries()) {
        const seasoned = key === small ? 1n : BigInt(index + 2)
        noteMinted(context.draft, seasoned)
        validators.set(context.draft, key, { ...NEW_VALIDATOR, seasoned })
      }
      for (const key of keys.slice(0, LIMITS.candidates)) enterCandidates(context.draft, key)
      expect(() => enterCandidates(context.draft, small)).toThrow(/have more coins/)
      enterCandidates(context.draft, large)
      expect(candidatesOf(context.draft)).toEqual([...keys.slice(1, LIMITS.candidates), large])
    })
  })

  it('blocks in which nothing is due change nothing', () => {
    chain.ask(carl, asks.delegate(x, { liquid: NVY }))
    chain.ask(carl, asks.unbond(x, { liquid: NVY }))
    chain.day()
    for (let block = 0; block < 20; block++) expect(chain.block({ afterMs: 60_000 }).changes.size).toBe(0)
    const none = new StakeChain({
      accounts: [{ address: formatAddress(bytesOf(carl.id)), liquid: '1' }],
    })
    none.block()
    expect(none.day().changes.size).toBe(0)
  })
})
