import type { BodyResult, Call } from '../shapes/call.js'
import { type Fact, UNKNOWN } from '../shapes/fact.js'
import { highOf, lowOf, multiply, type Size, sameSize } from '../shapes/size.js'
import { unitsOf } from '../shapes/work.js'
import { sameDims } from './join.js'
import { type OperatorRule, onnx, type RuleEntry } from './rule.js'

/** Loops whose values change their shapes from turn to turn are followed turn by turn up to here. */
const MAX_UNROLLED = 16
/** Exporters write the largest integer where a loop has no limit. */
const MAX_LIMIT = 65_536

/** Only one branch where the condition is known, else what both have in common and the work of the dearer. */
const branch: OperatorRule = {
  infer: call => {
    const condition = call.values(0)?.[0]
    const [yes, no] = [call.graph('then_branch'), call.graph('else_branch')]
    if (yes === undefined || no === undefined) return []
    if (typeof condition === 'number') return charged(call, call.run.body(condition === 0 ? no : yes, []))
    const [left, right] = [call.run.body(yes, []), call.run.body(no, [])]
    call.run.assume('a condition that only a run tells counts as the dearer branch')
    const isLeftDearer = unitsOf(left.tally.total()) >= unitsOf(right.tally.total())
    call.run.charge(isLeftDearer ? left : right, 1n)
    return left.outputs.map((fact, index) => either(call, fact, right.outputs[index] ?? fact))
  },
}

function charged(call: Call, body: BodyResult): readonly Fact[] {
  call.run.charge(body, 1n)
  return body.outputs
}

/** What is known of a value that is one of two. */
export function either(call: Call, a: Fact, b: Fact): Fact {
  const type = a.type === b.type ? a.type : (a.type ?? b.type)
  const length =
    a.length === undefined || b.length === undefined ? {} : { length: oneOf(call, a.length, b.length) }
  if (a.dims === undefined || b.dims === undefined || a.dims.length !== b.dims.length) {
    return { type, dims: undefined, ...length }
  }
  return { type, dims: a.dims.map((size, axis) => oneOf(call, size, b.dims![axis]!)), ...length }
}

function oneOf(call: Call, a: Size, b: Size): Size {
  return sameSize(a, b) ? a : call.fresh(Math.min(lowOf(a), lowOf(b)), Math.max(highOf(a), highOf(b)))
}

const loop: OperatorRule = {
  infer: call => {
    const body = call.graph('body')
    if (body === undefined) return []
    const initial = call.inputs.slice(2).map(each => forget(each ?? UNKNOWN))
    const go = call.has(1) ? call.fact(1) : { type: 'bool' as const, dims: [], values: [1] }
    const turn = (carried: readonly Fact[], index?: number): BodyResult => {
      const number: Fact = { type: 'int64', dims: [], values: [index ?? call.fresh(0)] }
      return call.run.body(body, [number, go, ...carried])
    }
    const first = turn(initial)
    const trips = tripCount(call, first)
    const count = initial.length
    const carried = initial.map((_, index) => first.outputs[index + 1] ?? UNKNOWN)
    if (initial.every((fact, index) => isSame(fact, carried[index]!))) {
      return finish(call, first, first, count, trips)
    }
    if (typeof trips === 'number' && trips <= MAX_UNROLLED) return unroll(call, turn, initial, trips)
    const wide = initial.map((fact, index) => widen(call, fact, carried[index]!, trips))
    call.run.assume('a loop whose values grow counts every turn as the last')
    return finish(call, turn(wide), { ...first, outputs: [first.outputs[0]!, ...wide] }, count, trips)
  },
}

/** Elements change from turn to turn. */
function forget({ values: _, ...fact }: Fact): Fact {
  return fact
}

function isSame(a: Fact, b: Fact): boolean {
  const isSameLength =
    a.length === b.length ||
    (a.length !== undefined && b.length !== undefined && sameSize(a.length, b.length))
  return sameDims(a.dims, b.dims) && isSameLength
}

/** How often a loop turns: known where its condition stays true, else at most its limit or the assumed size. */
function tripCount(call: Call, { outputs }: BodyResult): Size {
  const limit = call.has(0) ? call.values(0)?.[0] : undefined
  const [starts] = call.has(1) ? (call.values(1) ?? []) : [1]
  const [goesOn] = outputs[0]?.values ?? []
  if (starts === 0) return 0
  if (limit !== undefined && starts === 1 && goesOn === 1) return limit
  call.run.assume(
    'a loop that a run ends turns as often as its limit allows, or the largest dimension of the inputs',
  )
  const most = limit === undefined ? Number.POSITIVE_INFINITY : Math.max(0, highOf(limit))
  return call.fresh(0, most > MAX_LIMIT ? Number.POSITIVE_INFINITY : most)
}

/** Carried values as they end, and what the turns gave, one behind the other. */
function finish(
  call: Call,
  body: BodyResult,
  last: BodyResult,
  carried: number,
  trips: Size,
): readonly Fact[] {
  call.run.charge(body, call.run.assumedSize === undefined ? 0n : call.upper(trips))
  const stacked = body.outputs
    .slice(carried + 1)
    .map(({ type, dims }): Fact => ({ type, dims: dims && [trips, ...dims] }))
  return [...last.outputs.slice(1, carried + 1).map(forget), ...stacked]
}

function unroll(
  call: Call,
  turn: (carried: readonly Fact[], index: number) => BodyResult,
  initial: readonly Fact[],
  trips: number,
): readonly Fact[] {
  let carried = initial
  let scans: readonly Fact[] | undefined
  for (let index = 0; index < trips; index++) {
    const body = turn(carried, index)
    call.run.charge(body, 1n)
    carried = body.outputs.slice(1, initial.length + 1)
    const seen = body.outputs.slice(initial.length + 1)
    scans = scans?.map((fact, each) => either(call, fact, seen[each]!)) ?? seen
  }
  const stacked = (scans ?? []).map(({ type, dims }): Fact => ({ type, dims: dims && [trips, ...dims] }))
  return [...carried, ...stacked]
}

/** A value that changes by the same from turn to turn is at most as large as after the last. */
function widen(call: Call, before: Fact, after: Fact, trips: Size): Fact {
  const type = before.type ?? after.type
  const length =
    before.length === undefined || after.length === undefined
      ? {}
      : { length: grown(call, before.length, after.length, trips) }
  if (before.dims === undefined || after.dims === undefined || before.dims.length !== after.dims.length) {
    return { type, dims: undefined, ...length }
  }
  const dims = before.dims.map((size, axis) => grown(call, size, after.dims![axis]!, trips))
  return { type, dims, ...length }
}

function grown(call: Call, before: Size, after: Size, trips: Size): Size {
  if (sameSize(before, after)) return before
  const step = Math.max(0, highOf(after) - lowOf(before))
  const most = highOf(before) + (step === 0 ? 0 : step * highOf(trips))
  return call.fresh(0, Number.isNaN(most) ? Number.POSITIVE_INFINITY : most)
}

/** The body runs once for each slice of the scanned inputs. */
const scan: OperatorRule = {
  infer: call => {
    const body = call.graph('body')
    if (body === undefined) return []
    const scanned = call.int('num_scan_inputs', 1)
    const inputs = call.inputs.map(each => each ?? UNKNOWN)
    const states = inputs.slice(0, Math.max(0, inputs.length - scanned)).map(forget)
    const axes = call.ints('scan_input_axes')
    let trips: Size | undefined
    const slices = inputs.slice(states.length).map(({ type, dims }, index): Fact => {
      if (dims === undefined) return { type, dims }
      const axis = call.axis(axes?.[index] ?? 0, dims.length)
      trips ??= dims[axis]
      return { type, dims: dims.toSpliced(axis, 1) }
    })
    const turns = trips ?? call.fresh()
    const result = call.run.body(body, [...states, ...slices])
    call.run.charge(result, call.run.assumedSize === undefined ? 0n : call.upper(turns))
    const outAxes = call.ints('scan_output_axes')
    const stacked = result.outputs.slice(states.length).map(({ type, dims }, index): Fact => {
      if (dims === undefined) return { type, dims }
      return { type, dims: dims.toSpliced(call.axis(outAxes?.[index] ?? 0, dims.length + 1), 0, turns) }
    })
    return [...result.outputs.slice(0, states.length).map(forget), ...stacked]
  },
}

/** Version 8: the first input tells lengths, and a batch comes before everything. */
const batchedScan: OperatorRule = {
  infer: call => {
    const body = call.graph('body')
    if (body === undefined) return []
    const scanned = call.int('num_scan_inputs', 1)
    const inputs = call.inputs.slice(1).map(each => each ?? UNKNOWN)
    const states = Math.max(0, inputs.length - scanned)
    const [batch, turns] = inputs.at(-1)?.dims ?? call.freshDims(2)
    const inner = inputs.map(
      ({ type, dims }, index): Fact => ({ type, dims: dims?.slice(index < states ? 1 : 2) }),
    )
    const result = call.run.body(body, inner)
    const times = multiply(batch!, turns!)
    call.run.charge(result, call.run.assumedSize === undefined ? 0n : call.upper(times))
    return result.outputs.map(({ type, dims }, index): Fact => {
      const outer = index < states ? [batch!] : [batch!, turns!]
      return { type, dims: dims && [...outer, ...dims] }
    })
  },
}

/** Operators that run graphs of their own. */
export const CONTROL_FLOW: readonly RuleEntry[] = [
  onnx('If', 1, branch),
  onnx('Loop', 1, loop),
  onnx('Scan', 8, batchedScan),
  onnx('Scan', 9, scan),
]
