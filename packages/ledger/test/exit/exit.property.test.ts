import { formatAddress } from '@neurovoyance/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bytesOf, circulatingSupply, earnedOf, exitProgress, monthOf, NVY } from '../../src/index.js'
import { member } from '../payments/model/payments-chain.js'
import { asks, StakeChain } from '../staking/stake-chain.js'
import { QueueModel } from './queue-model.js'

const people = [member('a', 1), member('b', 2), member('c', 3), member('d', 4)]
const bank = member('bank', 9)
const UNIT = 1_000_000n

const chainWith = (liquid: bigint): StakeChain =>
  new StakeChain({ accounts: [{ address: formatAddress(bytesOf(bank.id)), liquid: String(liquid) }] })

const who = fc.nat({ max: people.length - 1 })
const anyStep = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('request' as const),
      who,
      units: fc.integer({ min: 100, max: 900_000 }),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('claim' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('cancel' as const), who }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('day' as const) }) },
)

describe('the exit queue', () => {
  it('does what a plain walk through all requests does, never more than the cap, and empties', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(
        fc.array(anyStep, { minLength: 10, maxLength: 60, size: 'max' }),
        fc.bigInt({ min: 1n, max: 20_000n }),
        (steps, liquid) => {
          const chain = chainWith(liquid * NVY)
          const each = 2_000n * NVY
          const born = monthOf(chain.timeMs)
          for (const one of people) chain.earn(one, each)
          const model = new QueueModel(people.map(() => each))
          const compare = () => {
            expect(people.map(one => chain.purse(one).liquid)).toEqual(model.liquid)
            expect(people.map(one => earnedOf(chain.purse(one)))).toEqual(model.earned)
            const queued = model.requests.reduce((sum, { amount, paid }) => sum + amount - paid, 0n)
            expect(chain.held('queued')).toBe(queued)
          }
          const day = () => {
            const circulating = circulatingSupply({ draft: chain.draft() })
            model.beginEpoch(circulating)
            chain.day()
            expect(model.outflow).toBeLessThanOrEqual(circulating / 50n)
            if (model.outflow * 1_000n >= (circulating / 50n) * 999n) seen.add('at the cap')
            compare()
          }
          for (const step of steps) {
            if (step.do === 'day') day()
            else {
              const one = people[step.who]!
              if (step.do === 'request') {
                const amount = BigInt(step.units) * UNIT
                const code = chain.ask(one, asks.request(amount))
                expect(code).toBe(
                  model.request(step.who, amount, monthOf(chain.timeMs) - born)
                    ? undefined
                    : 'LEDGER_INSUFFICIENT_FUNDS',
                )
              } else if (step.do === 'claim') {
                model.claim(step.who)
                expect(chain.ask(one, asks.claimExit())).toBeUndefined()
              } else {
                const cohort = exitProgress(chain.draft(), one.id).at(-1)?.cohort ?? 999
                const code = chain.ask(one, asks.cancel(cohort))
                const done = model.cancel(step.who)
                if (done) seen.add('cancelled')
                expect(code).toBe(done ? undefined : 'LEDGER_NOT_FOUND')
                // what failed took its claim back with it
                if (!done) expect(chain.ask(one, asks.claimExit())).toBeUndefined()
              }
              compare()
            }
          }
          // With the values that the software comes with nobody waits longer than fifty epochs.
          for (let epoch = 0; epoch < 51; epoch++) day()
          expect(model.requests).toEqual([])
          expect(chain.held('queued')).toBe(0n)
          expect(
            [...chain.values.keys()].filter(key => key.startsWith('exit/') && key !== 'exit/queue'),
          ).toEqual([])
        },
      ),
      { numRuns: 60 },
    )
    expect([...seen].sort()).toEqual(['at the cap', 'cancelled'])
  })

  it('splitting an account gains nothing, at any time, whatever others do', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 100, max: 300_000 }), { minLength: 2, maxLength: 6 }),
        fc.array(fc.integer({ min: 100, max: 3_000_000 }), { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 0, max: 7 }),
        (parts, crowd, age) => {
          const chain = chainWith(1_000n * NVY)
          const month = Math.floor(chain.timeMs / (30 * 24 * 3_600_000)) - age
          const whole = member('whole', 50)
          const split = parts.map((_, index) => member(`part ${index}`, 60 + index))
          const sum = BigInt(parts.reduce((a, b) => a + b, 0)) * UNIT
          chain.earn(whole, sum, month)
          for (const [index, one] of split.entries()) chain.earn(one, BigInt(parts[index]!) * UNIT, month)
          chain.ask(whole, asks.request(sum))
          for (const [index, one] of split.entries())
            chain.ask(one, asks.request(BigInt(parts[index]!) * UNIT))
          let epochs = 0
          for (; chain.held('queued') > 0n && epochs < 60; epochs++) {
            const newcomer = member(`other ${epochs}`, 100 + (epochs % 100))
            const units = crowd[epochs]
            if (units !== undefined) {
              chain.earn(newcomer, BigInt(units) * UNIT)
              chain.ask(newcomer, asks.request(BigInt(units) * UNIT))
            }
            chain.day()
            for (const one of [whole, ...split]) chain.ask(one, asks.claimExit())
            const gained = split.reduce((total, one) => total + chain.purse(one).liquid, 0n)
            expect(gained).toBeLessThanOrEqual(chain.purse(whole).liquid)
            // and loses nothing but the rounding of the tribute
            expect(chain.purse(whole).liquid - gained).toBeLessThanOrEqual(BigInt(2 * parts.length))
          }
          expect(epochs).toBeLessThan(60)
        },
      ),
      { numRuns: 40 },
    )
  })
})
