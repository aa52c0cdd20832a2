import {
  atomSize,
  type Expression,
  multiplyTerms,
  type Size,
  saturate,
  sumOf,
  type Term,
  termsOf,
} from './expression.js'

export type { Size } from './expression.js'

/** The least that a quantity can be. */
export function lowOf(size: Size): number {
  return typeof size === 'number' ? size : size.low
}

/** The most that a quantity can be; Infinity where nothing says. */
export function highOf(size: Size): number {
  return typeof size === 'number' ? size : size.high
}

/** Whether two quantities are known to be equal. */
export function sameSize(a: Size, b: Size): boolean {
  return a === b || (typeof a !== 'number' && typeof b !== 'number' && a.key === b.key)
}

/** Whether two quantities are known to differ. */
export function differ(a: Size, b: Size): boolean {
  if (highOf(a) < lowOf(b) || highOf(b) < lowOf(a)) return true
  const difference = typeof a === 'number' && typeof b === 'number' ? a - b : subtract(a, b)
  return typeof difference === 'number' && difference !== 0
}

/** What a quantity is written as: `batch`, `floor(h / 2) + 1`. */
export function sizeText(size: Size): string {
  return typeof size === 'number' ? String(size) : size.key
}

/** The size that a symbol of the model stands for. */
export function symbol(name: string): Size {
  return atomSize({ key: name, low: 0, high: Number.POSITIVE_INFINITY, anonymous: false })
}

export function add(a: Size, b: Size): Size {
  if (typeof a === 'number' && typeof b === 'number') return saturate(a + b)
  return sumOf([...termsOf(a), ...termsOf(b)])
}

export function subtract(a: Size, b: Size): Size {
  if (typeof a === 'number' && typeof b === 'number') return saturate(a - b)
  return add(a, multiply(b, -1))
}

export function multiply(a: Size, b: Size): Size {
  if (typeof a === 'number' && typeof b === 'number') return saturate(a * b)
  const products = termsOf(a).flatMap(x => termsOf(b).map(y => multiplyTerms(x, y)))
  return sumOf(products)
}

/** The product of sizes; 0 wherever one is 0. */
export function product(sizes: readonly Size[]): Size {
  let result: Size = 1
  for (const size of sizes) result = multiply(result, size)
  return result
}

/** `⌊a / b⌋`; `b` must not be 0, which gives 0. */
export function floorDivide(a: Size, b: Size): Size {
  if (b === 0) return 0
  if (b === 1) return a
  if (typeof a === 'number' && typeof b === 'number') return Math.floor(a / b)
  if (sameSize(a, b)) return 1
  return typeof b === 'number' ? divideByNumber(a, b) : divideByExpression(a, b)
}

/** `⌈a / b⌉` */
export function ceilDivide(a: Size, b: Size): Size {
  if (typeof a === 'number' && typeof b === 'number') return b === 0 ? 0 : Math.ceil(a / b) || 0
  return multiply(floorDivide(multiply(a, -1), b), -1)
}

export function maximum(a: Size, b: Size): Size {
  if (lowOf(a) >= highOf(b) || sameSize(a, b)) return a
  if (lowOf(b) >= highOf(a)) return b
  const difference = subtract(a, b)
  if (lowOf(difference) >= 0) return a
  if (highOf(difference) <= 0) return b
  return opaque('max', [a, b], Math.max(lowOf(a), lowOf(b)), Math.max(highOf(a), highOf(b)))
}

export function minimum(a: Size, b: Size): Size {
  if (lowOf(a) >= highOf(b) || sameSize(a, b)) return b
  if (lowOf(b) >= highOf(a)) return a
  const difference = subtract(a, b)
  if (lowOf(difference) >= 0) return b
  if (highOf(difference) <= 0) return a
  return opaque('min', [a, b], Math.min(lowOf(a), lowOf(b)), Math.min(highOf(a), highOf(b)))
}

/** `max(low, min(a, high))` */
export function clamp(a: Size, low: Size, high: Size): Size {
  return maximum(low, minimum(a, high))
}

function opaque(operation: string, operands: readonly [Size, Size], low: number, high: number): Size {
  const [a, b] = operands
  const texts = operands.map(sizeText).sort()
  const anonymous = [a, b].some(each => typeof each !== 'number' && each.anonymous)
  return atomSize({ key: `${operation}(${texts.join(', ')})`, low, high, anonymous })
}

/** Takes what divides out of the quotient, so that equal quotients look alike. */
function divideByNumber(a: Size, b: number): Size {
  const whole: Term[] = []
  const rest: Term[] = []
  for (const { coefficient, atoms } of termsOf(a)) {
    const isConstant = atoms.length === 0
    const taken = isConstant ? Math.floor(coefficient / b) : coefficient % b === 0 ? coefficient / b : 0
    if (taken !== 0) whole.push({ coefficient: taken, atoms })
    const left = coefficient - taken * b
    if (left !== 0) rest.push({ coefficient: left, atoms })
  }
  return add(sumOf(whole), quotient(sumOf(rest), b))
}

/** `⌊a / b⌋` of what no longer divides; a quotient of a quotient becomes one. */
function quotient(a: Size, b: number): Size {
  if (typeof a === 'number') return Math.floor(a / b)
  const inner = a.terms.length <= 2 ? a.terms[0]?.atoms[0]?.quotient : undefined
  const isShifted = a.terms.length === 1 || a.terms[1]?.atoms.length === 0
  if (
    inner !== undefined &&
    b > 0 &&
    isShifted &&
    a.terms[0]!.coefficient === 1 &&
    a.terms[0]!.atoms.length === 1
  ) {
    const shift = a.terms[1]?.coefficient ?? 0
    return floorDivide(add(inner.numerator, shift * inner.divisor), inner.divisor * b)
  }
  const bounds = [a.low / b, a.high / b].map(Math.floor).sort((x, y) => x - y)
  const [low, high] = bounds as [number, number]
  const key = `floor(${a.terms.length > 1 ? `(${a.key})` : a.key} / ${b})`
  return atomSize({ key, low, high, anonymous: a.anonymous, quotient: { numerator: a, divisor: b } })
}

/** Cancels a product of atoms where every term has it. */
function divideByExpression(a: Size, b: Expression): Size {
  const [divisor] = b.terms
  if (b.terms.length === 1 && divisor !== undefined) {
    const quotients = termsOf(a).map(term => cancel(term, divisor))
    if (quotients.every(each => each !== undefined)) return sumOf(quotients)
  }
  const anonymous = b.anonymous || (typeof a !== 'number' && a.anonymous)
  const key = `floor(${sizeText(a)} / (${b.key}))`
  const isNonNegative = lowOf(a) >= 0 && b.low >= 0
  const low = isNonNegative ? 0 : Number.NEGATIVE_INFINITY
  const high = isNonNegative ? Math.floor(highOf(a) / Math.max(1, b.low)) : Number.POSITIVE_INFINITY
  return atomSize({ key, low, high, anonymous })
}

function cancel(term: Term, divisor: Term): Term | undefined {
  if (term.coefficient % divisor.coefficient !== 0) return undefined
  const atoms = [...term.atoms]
  for (const { key } of divisor.atoms) {
    const index = atoms.findIndex(atom => atom.key === key)
    if (index < 0) return undefined
    atoms.splice(index, 1)
  }
  return { coefficient: term.coefficient / divisor.coefficient, atoms }
}
