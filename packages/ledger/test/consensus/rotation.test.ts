import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { genesisSet, rotate, type ValidatorSet, withUpdates } from '../../src/consensus/core/index.js'

function proposers(set: ValidatorSet, turns: number): { order: string[]; set: ValidatorSet } {
  const order: string[] = []
  for (let turn = 0; turn < turns; turn++) {
    const next = rotate(set)
    order.push(next.proposer)
    set = next.set
  }
  return { order, set }
}

const setOf = (powers: Record<string, bigint>): ValidatorSet =>
  genesisSet(Object.entries(powers).map(([id, power]) => ({ id, power })))

const arbitraryPowers = fc.array(fc.bigInt(1n, 1_000n), { minLength: 1, maxLength: 12 })
const named = (powers: readonly bigint[]): ValidatorSet =>
  genesisSet(powers.map((power, index) => ({ id: `v${String(index).padStart(2, '0')}`, power })))

describe('the rotation of proposers', () => {
  it('is that of CometBFT (TestProposerSelection1)', () => {
    const { order } = proposers(setOf({ foo: 1_000n, bar: 300n, baz: 330n }), 99)
    expect(order.join(' ')).toBe(
      'foo baz foo bar foo foo baz foo bar foo foo baz foo foo bar foo baz foo foo bar ' +
        'foo foo baz foo bar foo foo baz foo bar foo foo baz foo foo bar foo baz foo foo bar ' +
        'foo baz foo foo bar foo baz foo foo bar foo baz foo foo foo baz bar foo foo foo baz ' +
        'foo bar foo foo baz foo bar foo foo baz foo bar foo foo baz foo bar foo foo baz foo ' +
        'foo bar foo baz foo foo bar foo baz foo foo bar foo baz foo foo',
    )
  })

  it('goes round by id where all weigh the same', () => {
    expect(proposers(setOf({ a: 7n, c: 7n, b: 7n }), 6).order).toEqual(['a', 'b', 'c', 'a', 'b', 'c'])
  })

  it('gives everyone turns in proportion to power, over the total power exactly', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(1n, 40n), { minLength: 1, maxLength: 8 }), powers => {
        const set = named(powers)
        const { order } = proposers(set, Number(set.totalPower))
        for (const { id, power } of set.validators)
          expect(order.filter(proposer => proposer === id)).toHaveLength(Number(power))
      }),
    )
  })

  it('keeps priorities together and centred, whatever happens to the powers', () => {
    const update = fc.record({ index: fc.nat(14), power: fc.bigInt(0n, 10_000n) })
    fc.assert(
      fc.property(arbitraryPowers, fc.array(update, { maxLength: 30 }), (powers, updates) => {
        let set = named(powers)
        for (const { index, power } of updates) {
          const id = `v${String(index).padStart(2, '0')}`
          if (set.validators.every(validator => validator.id === id) && power === 0n) continue
          set = withUpdates(rotate(set).set, [{ id, power }])
          const priorities = set.validators.map(({ priority }) => priority)
          const sorted = [...priorities].sort((a, b) => (a < b ? -1 : 1))
          const sum = priorities.reduce((a, b) => a + b)
          expect(sorted.at(-1)! - sorted[0]!).toBeLessThanOrEqual(2n * set.totalPower)
          expect(sum < 0n ? -sum : sum).toBeLessThan(BigInt(priorities.length))
        }
      }),
    )
  })

  it('lets a newcomer wait longer than those who are there', () => {
    const set = withUpdates(setOf({ a: 8n, b: 8n }), [{ id: 'c', power: 16n }])
    const [a, b, c] = set.validators.map(({ priority }) => priority)
    // −1.125 × 32 = −36, then centred by −12.
    expect([a, b, c]).toEqual([12n, 12n, -24n])
    expect(proposers(set, 2).order).not.toContain('c')
  })

  it('gains nobody a turn by leaving and coming back', () => {
    const before = proposers(setOf({ a: 5n, b: 5n }), 1).set
    const back = withUpdates(withUpdates(before, [{ id: 'a', power: 0n }]), [{ id: 'a', power: 5n }])
    expect(rotate(back).proposer).toBe('b')
  })

  it('refuses a set without validators', () => {
    expect(() => withUpdates(setOf({ a: 1n }), [{ id: 'a', power: 0n }])).toThrow(RangeError)
    expect(() => genesisSet([])).toThrow(RangeError)
    expect(() => setOf({ a: 0n })).toThrow(RangeError)
    expect(() =>
      genesisSet([
        { id: 'a', power: 1n },
        { id: 'a', power: 2n },
      ]),
    ).toThrow(RangeError)
  })
})
