import type { Call } from '../shapes/call.js'
import { conflict } from '../shapes/conflict.js'
import { multiply, type Size } from '../shapes/size.js'
import { type OperatorRule, onnx, type RuleEntry } from './rule.js'
import { perOutput } from './work-rules.js'

/** Neighbours that one element of the output is made from, for each of two axes. */
const LINEAR = 4
const CUBIC = 16

/** `⌊size · scale⌋` as single precision has it, which is how runtimes compute it. */
export function scaled(call: Call, size: Size, scale: Size | undefined): Size {
  if (scale === undefined) return call.fresh()
  if (typeof scale !== 'number') return multiply(size, scale)
  if (typeof size === 'number') return Math.floor(Math.fround(size * Math.fround(scale)))
  return Number.isInteger(scale) ? multiply(size, scale) : call.fresh()
}

function byScales(call: Call, dims: readonly Size[], scales: readonly Size[] | undefined): readonly Size[] {
  if (scales !== undefined && scales.length !== dims.length) {
    conflict(`${scales.length} scales for rank ${dims.length}`)
  }
  return dims.map((size, axis) => scaled(call, size, scales?.[axis]))
}

const upsample: OperatorRule = {
  infer: call => {
    const { type, dims } = call.fact(0)
    if (dims === undefined) return [{ type, dims }]
    const scales = call.version < 9 ? oldScales(call) : call.values(1)
    return [{ type, dims: byScales(call, dims, scales) }]
  },
  work: (call, outputs) => perOutput(neighbours(call))(call, outputs),
}

function oldScales(call: Call): readonly number[] | undefined {
  if (call.version >= 7) return call.floats('scales')
  return [1, 1, call.float('height_scale', 1), call.float('width_scale', 1)]
}

/** Version 10 has scales only; from 11 on a region of interest comes before them, and sizes may come instead. */
const resize: OperatorRule = {
  infer: call => {
    const { type, dims } = call.fact(0)
    if (dims === undefined) return [{ type, dims }]
    if (call.version < 11) return [{ type, dims: byScales(call, dims, call.values(1)) }]
    const axes = call.ints('axes')?.map(axis => call.axis(axis, dims.length)) ?? dims.map((_, axis) => axis)
    const resized = [...dims]
    const sizes = sizesGiven(call) ? targetSizes(call, dims, axes) : scaledAxes(call, dims, axes)
    for (const [index, axis] of axes.entries()) resized[axis] = sizes[index] ?? call.fresh()
    return [{ type, dims: resized }]
  },
  work: (call, outputs) => perOutput(neighbours(call))(call, outputs),
}

function sizesGiven(call: Call): boolean {
  const scalesAreEmpty = !call.has(2) || call.dims(2)?.[0] === 0
  return call.has(3) && scalesAreEmpty
}

function scaledAxes(call: Call, dims: readonly Size[], axes: readonly number[]): readonly Size[] {
  const scales = call.values(2)
  if (scales !== undefined && scales.length !== axes.length) {
    conflict(`${scales.length} scales for ${axes.length} axes`)
  }
  const isCropped = call.text('coordinate_transformation_mode', '') === 'tf_crop_and_resize'
  const roi = isCropped ? call.numbers(1) : undefined
  return axes.map((axis, index) => {
    const scale = scales?.[index]
    if (!isCropped) return scaled(call, dims[axis]!, scale)
    const [from, to] = [roi?.[index], roi?.[index + axes.length]]
    const size = dims[axis]!
    if (from === undefined || to === undefined || typeof size !== 'number' || typeof scale !== 'number') {
      return call.fresh()
    }
    return Math.floor(Math.fround(Math.fround(size * Math.fround(to - from)) * scale))
  })
}

/** Sizes as they are given, or as large as they can be without changing proportions. */
function targetSizes(call: Call, dims: readonly Size[], axes: readonly number[]): readonly Size[] {
  const sizes = call.values(3) ?? axes.map(() => call.fresh())
  const policy = call.text('keep_aspect_ratio_policy', 'stretch')
  if (policy === 'stretch') return sizes
  const ratios = axes.map((axis, index) => {
    const [size, from] = [sizes[index], dims[axis]]
    return typeof size === 'number' && typeof from === 'number' ? Math.fround(size / from) : Number.NaN
  })
  const ratio = policy === 'not_larger' ? Math.min(...ratios) : Math.max(...ratios)
  return axes.map(axis => {
    const size = dims[axis]!
    return Number.isNaN(ratio) || typeof size !== 'number'
      ? call.fresh()
      : Math.floor(Math.fround(size * ratio) + 0.5)
  })
}

function neighbours(call: Call): number {
  const mode = call.text('mode', 'nearest')
  return mode === 'nearest' ? 1 : mode === 'cubic' ? CUBIC : LINEAR
}

/** Samples of the input at the places that a grid tells. */
const gridSample: OperatorRule = {
  infer: call => {
    const [type, dims] = [call.type(0), call.dimsFromRank(0, 2)]
    const grid = call.dims(1)
    if (dims === undefined || grid === undefined) return [{ type, dims: undefined }]
    return [{ type, dims: [dims[0]!, dims[1] ?? call.fresh(), ...grid.slice(1, -1)] }]
  },
  work: (call, outputs) =>
    perOutput(call.text('mode', 'linear').includes('cubic') ? CUBIC : LINEAR)(call, outputs),
}

const affineGrid: OperatorRule = {
  infer: call => {
    const size = call.values(1)
    const type = call.type(0)
    const [rank] = call.dims(1) ?? []
    if (size === undefined && typeof rank !== 'number') return [{ type, dims: undefined }]
    const target = size ?? call.freshDims(rank as number)
    return [{ type, dims: [target[0] ?? 1, ...target.slice(2), target.length - 2] }]
  },
  work: perOutput(4),
}

/** Operators that sample images at other places. */
export const RESIZE: readonly RuleEntry[] = [
  onnx('Upsample', 1, upsample),
  onnx('Resize', 10, resize),
  onnx('GridSample', 16, gridSample),
  onnx('AffineGrid', 20, affineGrid),
  { domain: 'com.microsoft', operators: ['GridSample'], since: 1, rule: gridSample },
]
