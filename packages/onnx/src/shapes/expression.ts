/** Terms of a sum, and factors of a term: what is larger becomes one opaque quantity. */
const MAX_TERMS = 8
const MAX_FACTORS = 4
const MAX_KEY_CHARACTERS = 240

/** A quantity that is not taken apart: a symbol of the model, a quotient, something only a run will tell. */
export interface Atom {
  /** What it is written as; equal keys are equal quantities. */
  readonly key: string
  readonly low: number
  readonly high: number
  /** Whether nothing of the model names it: it comes from the elements of a tensor. */
  readonly anonymous: boolean
  /** Where it is a quotient rounded down: what is divided by what. */
  readonly quotient?: { readonly numerator: Size; readonly divisor: number }
}

/** A whole number times a product of atoms, sorted by key; no atoms in the constant term. */
export interface Term {
  readonly coefficient: number
  readonly atoms: readonly Atom[]
}

/** A whole quantity: known, or a sum over symbols with bounds. */
export type Size = number | Expression

/** A sum of products of atoms in one canonical order: equal keys are equal quantities. */
export class Expression {
  readonly terms: readonly Term[]
  readonly key: string
  /** Bounds, both included; ±Infinity where there is none. */
  readonly low: number
  readonly high: number
  /** Whether an atom in it comes from the elements of a tensor. */
  readonly anonymous: boolean

  constructor(terms: readonly Term[], key: string) {
    this.terms = terms
    this.key = key
    this.anonymous = terms.some(({ atoms }) => atoms.some(atom => atom.anonymous))
    let [low, high] = [0, 0]
    for (const term of terms) {
      const [from, to] = termBounds(term)
      low += from
      high += to
    }
    this.low = low
    this.high = high
  }
}

/** A quantity of one atom. */
export function atomSize(atom: Atom): Size {
  return atom.low === atom.high ? atom.low : sumOf([{ coefficient: 1, atoms: [atom] }])
}

/** The terms of a quantity. */
export function termsOf(size: Size): readonly Term[] {
  if (typeof size !== 'number') return size.terms
  return size === 0 ? [] : [{ coefficient: size, atoms: [] }]
}

/** The sum of terms in canonical form. */
export function sumOf(terms: readonly Term[]): Size {
  const byKey = new Map<string, Term>()
  for (const term of terms) {
    const key = productKey(term.atoms)
    const coefficient = saturate((byKey.get(key)?.coefficient ?? 0) + term.coefficient)
    if (coefficient === 0) byKey.delete(key)
    else byKey.set(key, { coefficient, atoms: term.atoms })
  }
  if (byKey.size === 0) return 0
  const constant = byKey.get('')
  if (constant !== undefined && byKey.size === 1) return constant.coefficient
  const sorted = [...byKey].sort(([a], [b]) => (a < b ? -1 : 1))
  // The constant, whose key is the smallest, is written last.
  const [first] = sorted
  if (first?.[0] === '') sorted.push(...sorted.splice(0, 1))
  const key = sorted.map(([product, term], index) => termText(product, term, index === 0)).join('')
  const expression = new Expression(
    sorted.map(([, term]) => term),
    key,
  )
  const isLarge =
    sorted.length > MAX_TERMS ||
    key.length > MAX_KEY_CHARACTERS ||
    sorted.some(([, { atoms }]) => atoms.length > MAX_FACTORS)
  return isLarge ? opaque(expression) : expression
}

/** The product of two terms. */
export function multiplyTerms(a: Term, b: Term): Term {
  return {
    coefficient: saturate(a.coefficient * b.coefficient),
    atoms: [...a.atoms, ...b.atoms].sort((x, y) => (x.key < y.key ? -1 : x.key > y.key ? 1 : 0)),
  }
}

/** The nearest number that is exact: what overflows stays at the edge and is refused where it becomes a size. */
export function saturate(value: number): number {
  if (value > Number.MAX_SAFE_INTEGER) return Number.MAX_SAFE_INTEGER
  if (value < Number.MIN_SAFE_INTEGER) return Number.MIN_SAFE_INTEGER
  return value === 0 ? 0 : value
}

/** Bounds of the product of two ranges. */
function multiplyBounds([a, b]: readonly [number, number], [c, d]: readonly [number, number]) {
  const corners = [a * c, a * d, b * c, b * d].map(each => (Number.isNaN(each) ? 0 : each))
  return [Math.min(...corners), Math.max(...corners)] as const
}

function termBounds({ coefficient, atoms }: Term): readonly [number, number] {
  return atoms.reduce<readonly [number, number]>(
    (bounds, { low, high }) => multiplyBounds(bounds, [low, high]),
    [coefficient, coefficient],
  )
}

function productKey(atoms: readonly Atom[]): string {
  return atoms.map(({ key }) => key).join('*')
}

function termText(product: string, { coefficient }: Term, isFirst: boolean): string {
  const sign = coefficient < 0 ? (isFirst ? '-' : ' - ') : isFirst ? '' : ' + '
  const size = Math.abs(coefficient)
  if (product === '') return `${sign}${size}`
  return `${sign}${size === 1 ? '' : `${size}*`}${product}`
}

/** A quantity too large to be kept as a sum, named by a digest of what it was. */
function opaque({ key, low, high, anonymous }: Expression): Expression {
  const atom = { key: `#${digest(key)}`, low, high, anonymous }
  return new Expression([{ coefficient: 1, atoms: [atom] }], atom.key)
}

/** 64 bits of FNV-1a in two halves. */
function digest(text: string): string {
  let [a, b] = [0x811c9dc5, 0x1b873593]
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    a = Math.imul(a ^ code, 0x01000193) >>> 0
    b = Math.imul(b ^ code, 0x85ebca6b) >>> 0
  }
  return a.toString(16).padStart(8, '0') + b.toString(16).padStart(8, '0')
}
