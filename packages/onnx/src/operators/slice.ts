import type { Call } from '../shapes/call.js'
import { add, ceilDivide, clamp, highOf, lowOf, maximum, type Size, subtract } from '../shapes/size.js'
import { sameAsInput } from './elementwise.js'
import { type OperatorRule, onnx, type RuleEntry } from './rule.js'
import { readsWhatItWrites } from './work-rules.js'

/** Beyond this, the end of a slice means the end of its axis. */
const FAR = 2 ** 31 - 1

/** Where one axis of a slice begins and ends, and how it steps. */
interface Cut {
  readonly start: Size | undefined
  readonly end: Size | undefined
  readonly step: Size | undefined
}

const slice: OperatorRule = {
  infer: call => {
    const { type, dims, values } = call.fact(0)
    if (dims === undefined) return [sameAsInput(call)]
    const cuts = cutsOf(call, dims.length)
    if (cuts === undefined) return [{ type, dims: dims.map(size => call.fresh(0, highOf(size))) }]
    const sliced = dims.map((size, axis) =>
      cuts[axis] === undefined ? size : cutLength(call, size, cuts[axis]),
    )
    const [cut] = cuts
    const taken =
      dims.length === 1 && cut !== undefined && values !== undefined ? take(values, cut) : undefined
    return [taken === undefined ? { type, dims: sliced } : { type, dims: sliced, values: taken }]
  },
  work: readsWhatItWrites,
}

/** Cuts by axis; `undefined` where it is not known which axes are cut. */
function cutsOf(call: Call, rank: number): readonly (Cut | undefined)[] | undefined {
  const isAttribute = call.version < 10
  const starts = isAttribute ? call.ints('starts') : call.values(1)
  const ends = isAttribute ? call.ints('ends') : call.values(2)
  const steps = call.values(4)
  const axes = isAttribute ? call.ints('axes') : call.numbers(3)
  if (axes === undefined && call.has(3)) return undefined
  const count = axes?.length ?? starts?.length ?? ends?.length ?? lengthOf(call.dims(1))
  if (count === undefined) return undefined
  const cuts: (Cut | undefined)[] = Array.from({ length: rank })
  for (let index = 0; index < count; index++) {
    const axis = call.axis(axes?.[index] ?? index, rank)
    const step = call.has(4) ? steps?.[index] : 1
    cuts[axis] = { start: starts?.[index], end: ends?.[index], step }
  }
  return cuts
}

function lengthOf(dims: readonly Size[] | undefined): number | undefined {
  const [count] = dims ?? []
  return typeof count === 'number' ? count : undefined
}

/** How many elements a cut leaves of an axis; at most all where a bound is not known. */
function cutLength(call: Call, size: Size, { start, end, step }: Cut): Size {
  if (start === undefined || end === undefined || typeof step !== 'number' || step === 0) {
    return call.fresh(0, highOf(size))
  }
  const isForward = step > 0
  const from = fromFront(start, size)
  const to = fromFront(end, size)
  if (from === undefined || to === undefined) return call.fresh(0, highOf(size))
  const begin = isForward ? clamp(from, 0, size) : clamp(from, 0, subtract(size, 1))
  const stop = isForward ? clamp(to, 0, size) : clamp(to, -1, subtract(size, 1))
  const distance = isForward ? subtract(stop, begin) : subtract(begin, stop)
  return maximum(0, ceilDivide(distance, Math.abs(step)))
}

/** A bound counted from the front; `undefined` where it may count from either end. */
function fromFront(bound: Size, size: Size): Size | undefined {
  if (typeof bound === 'number') {
    if (bound >= FAR) return size
    if (bound <= -FAR) return -1
    return bound < 0 ? add(bound, size) : bound
  }
  if (lowOf(bound) >= 0) return bound
  return highOf(bound) < 0 ? add(bound, size) : undefined
}

/** The elements that a cut leaves of a list. */
function take(values: readonly Size[], { start, end, step }: Cut): readonly Size[] | undefined {
  if (typeof start !== 'number' || typeof end !== 'number' || typeof step !== 'number' || step === 0) {
    return undefined
  }
  const { length } = values
  const bound = (at: number, low: number, high: number) =>
    Math.min(high, Math.max(low, at < 0 ? at + length : at))
  const taken: Size[] = []
  if (step > 0) {
    const to = bound(end, 0, length)
    for (let at = bound(start, 0, length); at < to; at += step) taken.push(values[at]!)
  } else {
    const to = end < -length ? -1 : bound(end, -1, length - 1)
    for (let at = bound(start, 0, length - 1); at > to; at += step) taken.push(values[at]!)
  }
  return taken
}

/** Slices. */
export const SLICE: readonly RuleEntry[] = [onnx('Slice', 1, slice)]
