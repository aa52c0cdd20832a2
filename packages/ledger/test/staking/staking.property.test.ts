import { formatAddress } from '@neurovoyance/protocol'
import { ed25519 } from '@noble/curves/ed25519.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noteMinted } from '../../src/core/machine/supply.js'
import { stakersPool } from '../../src/core/modules/staking/pool.js'
import {
  bondedTo,
  bytesOf,
  distributeToStakers,
  earnedOf,
  idOf,
  NVY,
  slashValidator,
  stakers,
  validatorSetOf,
  validators,
} from '../../src/index.js'
import { member } from '../payments/model/payments-chain.js'
import { asks, DAY_MS, StakeChain } from './stake-chain.js'
import { StakeModel } from './stake-model.js'

const people = [member('a', 1), member('b', 2), member('c', 3), member('d', 4)]
const keys = [101, 102, 103].map(seed => ed25519.getPublicKey(new Uint8Array(32).fill(seed)))
const RICH = 100_000n * NVY

const who = fc.nat({ max: people.length - 1 })
const validator = fc.nat({ max: keys.length - 1 })
const part = fc.constantFrom(0n, 1n, 3n, 10n, 10n)
const act = <Name extends string>(name: Name) =>
  fc.record({ do: fc.constant(name), who, validator, to: validator, liquid: part, earned: part })
const anyStep = fc.oneof(
  { weight: 4, arbitrary: act('delegate') },
  { weight: 3, arbitrary: act('unbond') },
  { weight: 3, arbitrary: act('redelegate') },
  { weight: 1, arbitrary: act('claim') },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('slash' as const),
      validator,
      ago: fc.nat({ max: 19 }),
      share: fc.bigInt(1n, 300_000n),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('reward' as const), amount: fc.bigInt(1n, 10n ** 14n) }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant('days' as const), count: fc.constantFrom(1, 1, 1, 2, 5, 20) }),
  },
)

/** A chain and its model, a step at a time. */
class Comparison {
  readonly chain: StakeChain
  readonly model: StakeModel
  steps = 1n
  slashes = 0

  constructor() {
    const accounts = people.map(({ id }) => ({ address: formatAddress(bytesOf(id)), liquid: String(RICH) }))
    const staking = keys.map((key, index) => ({
      consensusKey: idOf(key),
      owner: accounts[index]!.address,
      liquid: String(1_000n * NVY),
    }))
    this.chain = new StakeChain({ accounts, staking }, { 'staking/leastSelfBond': String(NVY) })
    for (const one of people) this.chain.earn(one, RICH)
    this.model = new StakeModel(
      people.map(() => RICH),
      people.map(() => RICH),
    )
    for (const index of keys.keys()) this.model.delegate(index, index, 1_000n * NVY, 0n, this.epoch)
  }

  get epoch(): number {
    return Math.floor(this.chain.timeMs / DAY_MS)
  }

  /** Does a step; the code it was refused with. */
  take(step: Step): string | undefined {
    const { chain, model } = this
    this.steps++
    if (step.do === 'days') {
      for (let day = 0; day < step.count; day++) {
        chain.day()
        model.mature(chain.timeMs)
      }
      return undefined
    }
    if (step.do === 'reward') {
      chain.deed(context => {
        noteMinted(context.draft, step.amount)
        distributeToStakers(context, step.amount)
      })
      return undefined
    }
    if (step.do === 'slash') {
      if (this.slashes === 12) return 'enough'
      this.slashes++
      const epoch = this.epoch - step.ago
      chain.deed(context => {
        slashValidator(context, idOf(keys[step.validator]!), { epoch, share: step.share })
      })
      model.slash(step.validator, epoch, step.share)
      return undefined
    }
    const one = people[step.who]!
    if (step.do === 'claim') return chain.ask(one, asks.claim())
    const key = keys[step.validator]!
    if (step.do === 'delegate') {
      const coins = { liquid: step.liquid * 100n * NVY, earned: step.earned * 100n * NVY }
      const code = chain.ask(one, asks.delegate(key, coins))
      if (code === undefined)
        model.delegate(step.who, step.validator, coins.liquid, coins.earned, this.epoch + 1)
      return code
    }
    // tenths of what there is, as the chain says: the model's rounding is another
    const mine = this.bonded(step.who, step.validator)
    const coins = { liquid: (mine.liquid * step.liquid) / 10n, earned: (mine.earned * step.earned) / 10n }
    const all = model.bonded(step.who, step.validator)
    const exact = {
      liquid: step.liquid === 10n ? sum(all.map(({ liquid }) => liquid)) : coins.liquid,
      earned: step.earned === 10n ? sum(all.map(({ earned }) => earned)) : coins.earned,
    }
    if (step.do === 'unbond') {
      const code = chain.ask(one, asks.unbond(key, coins))
      const endsMs = chain.timeMs + 21 * DAY_MS
      if (code === undefined) {
        model.unbond(step.who, step.validator, exact.liquid, exact.earned, this.epoch, endsMs)
      }
      return code
    }
    const code = chain.ask(one, asks.redelegate(key, keys[step.to]!, coins))
    if (code === undefined) {
      model.redelegate(step.who, step.validator, step.to, exact.liquid, exact.earned, this.epoch)
    }
    return code
  }

  /** What somebody has bonded, after all his slashes. */
  bonded(who: number, index: number): { liquid: bigint; earned: bigint } {
    this.chain.ask(people[who]!, asks.claim())
    const bonds = stakers.get(this.chain.draft(), people[who]!.id)?.bonds ?? []
    const mine = bonds.filter(({ liability }) => idOf(liability!.validator) === idOf(keys[index]!))
    return {
      liquid: sum(mine.map(({ purse }) => purse!.liquid)),
      earned: sum(mine.map(({ purse }) => earnedOf(purse!))),
    }
  }

  compare(): void {
    for (const index of keys.keys()) {
      let all = 0n
      for (const who of people.keys()) {
        const real = this.bonded(who, index)
        const plain = this.model.bonded(who, index)
        this.near(real.liquid, sum(plain.map(({ liquid }) => liquid)))
        this.near(real.earned, sum(plain.map(({ earned }) => earned)))
        all += real.liquid + real.earned
      }
      const counted = bondedTo(validators.get(this.chain.draft(), idOf(keys[index]!))!)
      expect(counted).toBeGreaterThanOrEqual(all)
      expect(counted - all).toBeLessThanOrEqual(20n * this.steps)
    }
    this.model.mature(this.chain.timeMs)
    for (const [who, one] of people.entries())
      this.near(this.chain.purse(one).liquid, this.model.liquid[who]!)
  }

  /** Everybody takes everything back; nothing is left behind. */
  drain(): void {
    const { chain, model } = this
    chain.day()
    model.mature(chain.timeMs)
    for (let round = 0; round < 2; round++) {
      for (const [who, one] of people.entries()) {
        for (const [index, key] of keys.entries()) {
          const mine = this.bonded(who, index)
          if (mine.liquid + mine.earned === 0n) continue
          expect(chain.ask(one, asks.unbond(key, mine))).toBeUndefined()
          const all = model.bonded(who, index)
          const [liquid, earned] = [sum(all.map(o => o.liquid)), sum(all.map(o => o.earned))]
          model.unbond(who, index, liquid, earned, this.epoch, chain.timeMs + 21 * DAY_MS)
        }
      }
      for (let day = 0; day < 22; day++) {
        chain.day()
        model.mature(chain.timeMs)
      }
    }
    expect(chain.held('bonded')).toBe(0n)
    expect(chain.held('unbonding')).toBe(0n)
    for (const [who, one] of people.entries()) {
      this.near(chain.purse(one).liquid, model.liquid[who]!)
      expect(chain.purse(one).liquid).toBeLessThanOrEqual(RICH)
    }
    expect([...chain.values.keys()].filter(key => /^staking\/(stakers|returning)/.test(key))).toEqual([])
  }

  near(real: bigint, plain: bigint): void {
    const apart = real > plain ? real - plain : plain - real
    expect(apart).toBeLessThanOrEqual(4n * this.steps)
  }
}

type Step = typeof anyStep extends fc.Arbitrary<infer Value> ? Value : never

const sum = (amounts: readonly bigint[]): bigint => amounts.reduce((total, amount) => total + amount, 0n)

describe('staking', () => {
  it('takes and gives what a plain walk through all coins does, and nothing is stranded in the end', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(fc.array(anyStep, { minLength: 10, maxLength: 50, size: 'max' }), steps => {
        const comparison = new Comparison()
        for (const [index, step] of steps.entries()) {
          seen.add(`${step.do} ${comparison.take(step) ?? 'done'}`)
          // comparing touches everybody, and bonds are to catch up with much at once
          if (index % 12 === 11) comparison.compare()
        }
        comparison.drain()
      }),
      { numRuns: 100 },
    )
    for (const name of ['delegate', 'unbond', 'redelegate', 'claim', 'slash', 'reward', 'days']) {
      expect(seen).toContain(`${name} done`)
    }
  })

  it('pays out every reward but for rounding, whoever comes and goes', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { minLength: 10, maxLength: 50, size: 'max' }), steps => {
        const comparison = new Comparison()
        const { chain } = comparison
        for (const step of steps) comparison.take(step)
        // the share of a validator that everybody left goes to the others with the epoch after
        chain.days(2)
        for (const one of people) chain.ask(one, asks.claim())
        // for each validator what an index of 10^-9 did not divide among all coins; settling rounds by a unit
        const carried = BigInt(keys.length) * ((8n * RICH) / 10n ** 9n)
        const pool = stakersPool.get(chain.draft())?.amount ?? 0n
        expect(chain.held('stakers') - pool).toBeLessThanOrEqual(carried + 40n * comparison.steps)
        const elected = validatorSetOf(chain.draft()).validators.map(({ publicKey }) => idOf(publicKey))
        const isBacked = elected.every(key => bondedTo(validators.get(chain.draft(), key)!) > 0n)
        // where everybody has left, the pool waits for somebody to come
        if (isBacked) expect(pool).toBeLessThanOrEqual(BigInt(keys.length) + comparison.steps)
        const { genesis, minted, burnt, held } = chain.supply()
        expect(sum(held.map(({ amount }) => amount))).toBe(genesis + minted - burnt)
      }),
      { numRuns: 40 },
    )
  })

  it('elects alike, in whatever order coins came', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ who, validator, amount: fc.bigInt(1n, 1_000n) }), {
          minLength: 1,
          maxLength: 12,
        }),
        fc.infiniteStream(fc.nat()),
        (bonds, order) => {
          const elected = (list: typeof bonds) => {
            const { chain } = new Comparison()
            for (const { who, validator, amount } of list) {
              chain.ask(people[who]!, asks.delegate(keys[validator]!, { liquid: amount * NVY }))
            }
            chain.day()
            return validatorSetOf(chain.draft())
          }
          const shuffled = bonds
            .map(bond => ({ bond, at: order.next().value }))
            .sort((a, b) => a.at - b.at)
            .map(({ bond }) => bond)
          expect(elected(shuffled)).toEqual(elected(bonds))
        },
      ),
      { numRuns: 30 },
    )
  })
})
