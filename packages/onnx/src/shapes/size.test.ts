import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  add,
  ceilDivide,
  differ,
  floorDivide,
  highOf,
  lowOf,
  maximum,
  minimum,
  multiply,
  type Size,
  sameSize,
  sizeText,
  subtract,
  symbol,
} from './size.js'

type Formula =
  | { readonly op: 'symbol'; readonly name: string }
  | { readonly op: 'number'; readonly value: number }
  | { readonly op: keyof typeof OPERATIONS; readonly a: Formula; readonly b: Formula }

const OPERATIONS = {
  add: [add, (a: number, b: number) => a + b],
  subtract: [subtract, (a: number, b: number) => a - b],
  multiply: [multiply, (a: number, b: number) => a * b],
  maximum: [maximum, Math.max],
  minimum: [minimum, Math.min],
} as const

const NAMES = ['a', 'b', 'c']

const formulas = fc.letrec<{ formula: Formula }>(tie => ({
  formula: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(...NAMES).map((name): Formula => ({ op: 'symbol', name })),
    fc.integer({ min: -9, max: 9 }).map((value): Formula => ({ op: 'number', value })),
    fc.record({
      op: fc.constantFrom('add', 'subtract', 'multiply', 'maximum', 'minimum'),
      a: tie('formula'),
      b: tie('formula'),
    }) as fc.Arbitrary<Formula>,
  ),
})).formula

const sizes = fc.record({ a: fc.nat(20), b: fc.nat(20), c: fc.nat(20) })

/** The formula with each symbol made a size by `leaf`. */
function build(formula: Formula, leaf: (name: string) => Size): Size {
  if (formula.op === 'symbol') return leaf(formula.name)
  if (formula.op === 'number') return formula.value
  return OPERATIONS[formula.op][0](build(formula.a, leaf), build(formula.b, leaf))
}

function evaluate(formula: Formula, values: Readonly<Record<string, number>>): number {
  if (formula.op === 'symbol') return values[formula.name]!
  if (formula.op === 'number') return formula.value
  return OPERATIONS[formula.op][1](evaluate(formula.a, values), evaluate(formula.b, values))
}

describe('sizes', () => {
  it('of numbers are what arithmetic gives', () => {
    fc.assert(
      fc.property(formulas, sizes, (formula, values) => {
        expect(build(formula, name => values[name as 'a'])).toBe(evaluate(formula, values) + 0)
      }),
    )
  })

  it('of symbols keep within their bounds whatever the symbols are', () => {
    fc.assert(
      fc.property(formulas, sizes, (formula, values) => {
        const size = build(formula, symbol)
        const value = evaluate(formula, values)
        expect(lowOf(size)).toBeLessThanOrEqual(value)
        expect(highOf(size)).toBeGreaterThanOrEqual(value)
      }),
    )
  })

  it('are said to be equal, or to differ, only where they are', () => {
    fc.assert(
      fc.property(formulas, formulas, sizes, (one, other, values) => {
        const [a, b] = [build(one, symbol), build(other, symbol)]
        const isEqual = evaluate(one, values) === evaluate(other, values)
        if (sameSize(a, b)) expect(isEqual).toBe(true)
        if (differ(a, b)) expect(isEqual).toBe(false)
      }),
      { numRuns: 1000 },
    )
  })

  it('are equal in whatever order they are summed and multiplied', () => {
    const [a, b] = [symbol('a'), symbol('b')]
    expect(sameSize(add(multiply(a, b), 1), add(1, multiply(b, a)))).toBe(true)
    expect(sizeText(subtract(multiply(add(a, b), 2), a))).toBe('a + 2*b')
  })

  it.each<[string, Size, string]>([
    ['what divides leaves the quotient', floorDivide(add(multiply(symbol('h'), 4), 7), 4), 'h + 1'],
    [
      'a quotient of a quotient is one',
      floorDivide(add(floorDivide(symbol('h'), 2), 1), 3),
      'floor((h + 2) / 6)',
    ],
    [
      'a common factor is cancelled',
      floorDivide(multiply(multiply(symbol('n'), symbol('m')), 6), multiply(symbol('n'), 3)),
      '2*m',
    ],
    ['rounding up is rounding down of more', ceilDivide(symbol('h'), 2), '-floor(-h / 2)'],
  ])('%s', (_, size, text) => {
    expect(sizeText(size)).toBe(text)
  })

  it('divide as whole numbers do', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 1, max: 1e6 }), (a, b) => {
        expect(floorDivide(a, b)).toBe(Math.floor(a / b) + 0)
        expect(ceilDivide(a, b)).toBe(Math.ceil(a / b) + 0)
      }),
    )
  })

  it('stay at the edge where they overflow', () => {
    expect(multiply(2 ** 52, 4)).toBe(Number.MAX_SAFE_INTEGER)
    expect(subtract(-(2 ** 53 - 1), 9)).toBe(Number.MIN_SAFE_INTEGER)
  })

  it('that would grow without end become one opaque quantity with the same bounds', () => {
    let size: Size = 1
    for (let index = 0; index < 40; index++) size = add(multiply(size, symbol(`s${index}`)), index)
    expect(sizeText(size).length).toBeLessThan(300)
    expect([lowOf(size), highOf(size)]).toEqual([39, Number.POSITIVE_INFINITY])
  })
})
