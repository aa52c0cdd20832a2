import { conflict } from '../shapes/conflict.js'
import type { Fact } from '../shapes/fact.js'
import { lowOf, maximum, type Size, sameSize } from '../shapes/size.js'

/** Dimensions of what several values give together; `undefined` where a rank is open. */
export function broadcast(all: readonly (readonly Size[] | undefined)[]): readonly Size[] | undefined {
  let result: readonly Size[] = []
  for (const dims of all) {
    if (dims === undefined) return undefined
    result = broadcastTwo(result, dims)
  }
  return result
}

function broadcastTwo(a: readonly Size[], b: readonly Size[]): readonly Size[] {
  if (a.length === 0) return b
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, axis) => {
    const x = a[axis - rank + a.length]
    const y = b[axis - rank + b.length]
    return x === undefined ? y! : y === undefined ? x : broadcastSizes(x, y)
  })
}

/** The size that two sizes give together: the same, or the other where one is 1. */
export function broadcastSizes(a: Size, b: Size): Size {
  if (a === 1 || sameSize(a, b)) return b
  if (b === 1) return a
  if (typeof a === 'number' && typeof b === 'number') conflict(`sizes ${a} and ${b} do not go together`)
  // A size above one stands, because the other is then equal to it or one.
  if (lowOf(a) > 1 && typeof a === 'number') return a
  if (lowOf(b) > 1 && typeof b === 'number') return b
  if (a === 0 || b === 0) return 0
  return maximum(a, b)
}

/** The size that two sizes must share. */
export function unify(a: Size, b: Size): Size {
  if (sameSize(a, b)) return a
  if (typeof a === 'number' && typeof b === 'number') conflict(`sizes ${a} and ${b} should be equal`)
  if (typeof a === 'number') return a
  if (typeof b === 'number') return b
  return a.anonymous ? b : a
}

/** Which element of an input an element of a broadcast output comes from. */
export function sourceIndex(index: number, dims: readonly number[], source: readonly number[]): number {
  let [at, stride, rest] = [0, 1, index]
  for (let axis = dims.length - 1; axis >= 0; axis--) {
    const coordinate = rest % dims[axis]!
    rest = Math.floor(rest / dims[axis]!)
    const size = source[axis - dims.length + source.length]
    if (size === undefined) break
    if (size !== 1) at += coordinate * stride
    stride *= size
  }
  return at
}

/** Dimensions, all of them known. */
export function exactDims(dims: readonly Size[] | undefined): readonly number[] | undefined {
  return dims?.every(each => typeof each === 'number') ? dims : undefined
}

/** Elements of inputs spread over the dimensions that they give together; `undefined` where one is unknown. */
export function spreadValues(
  facts: readonly Fact[],
  dims: readonly Size[] | undefined,
  maxValues: number,
): readonly (readonly Size[])[] | undefined {
  const exact = exactDims(dims)
  const count = exact?.reduce((total, dim) => total * dim, 1)
  if (exact === undefined || count === undefined || count > maxValues) return undefined
  const spread: (readonly Size[])[] = []
  for (const { values, dims: source } of facts) {
    const from = exactDims(source)
    if (values === undefined || from === undefined) return undefined
    spread.push(Array.from({ length: count }, (_, index) => values[sourceIndex(index, exact, from)]!))
  }
  return spread
}
