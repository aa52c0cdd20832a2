import type { OnnxElementType } from '../element-types.js'
import type { Call } from '../shapes/call.js'
import { conflict } from '../shapes/conflict.js'
import { add, ceilDivide, floorDivide, maximum, multiply, type Size, subtract } from '../shapes/size.js'
import { microsoft, type OperatorRule, onnx, type RuleEntry } from './rule.js'
import { contraction } from './work-rules.js'

/** How a window moves over the spatial axes. */
export interface Window {
  readonly kernel: readonly Size[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  /** Begins of all axes, then ends. */
  readonly pads: readonly number[]
  readonly autoPad: string
  /** Whether a window that reaches over the edge counts. */
  readonly ceil: boolean
}

/** The window that a node's attributes describe. */
export function windowOf(call: Call, kernel: readonly Size[]): Window {
  const { length } = kernel
  return {
    kernel,
    strides: call.ints('strides') ?? new Array(length).fill(1),
    dilations: call.ints('dilations') ?? new Array(length).fill(1),
    pads: call.ints('pads') ?? new Array(2 * length).fill(0),
    autoPad: call.text('auto_pad', 'NOTSET'),
    ceil: call.int('ceil_mode', 0) !== 0,
  }
}

/** Sizes of spatial axes after a window has moved over them. */
export function windowed(sizes: readonly Size[], window: Window): readonly Size[] {
  const { kernel, strides, dilations, pads, autoPad, ceil } = window
  if (kernel.length !== sizes.length) {
    conflict(`a kernel of rank ${kernel.length} over ${sizes.length} spatial axes`)
  }
  return sizes.map((size, axis) => {
    const stride = strides[axis] ?? 1
    if (stride < 1) conflict(`a stride of ${stride}`)
    if (autoPad === 'SAME_UPPER' || autoPad === 'SAME_LOWER') return ceilDivide(size, stride)
    const reach = add(multiply(subtract(kernel[axis]!, 1), dilations[axis] ?? 1), 1)
    const [before, after] = autoPad === 'VALID' ? [0, 0] : [pads[axis] ?? 0, pads[axis + sizes.length] ?? 0]
    const room = subtract(add(size, before + after), reach)
    const steps = ceil ? ceilDivide(room, stride) : floorDivide(room, stride)
    const count = maximum(0, add(steps, 1))
    // The last window must begin inside the input or its left padding.
    const begins = ceil ? floorDivide(add(size, before - 1), stride) : undefined
    const isOutside = typeof count === 'number' && typeof begins === 'number' && count - 1 > begins
    return isOutside ? subtract(count, 1) : count
  })
}

/** Kernel sizes: the attribute, or the weight's own. */
function kernelOf(call: Call, weight: readonly Size[], isChannelsLast: boolean): readonly Size[] {
  return call.ints('kernel_shape') ?? (isChannelsLast ? weight.slice(1, -1) : weight.slice(2))
}

/** A convolution whose weight is the input of position `w`; layouts are `[n, c, …]` or, channels last, `[n, …, c]`. */
function conv(
  w: number,
  type: (call: Call) => OnnxElementType | undefined,
  isChannelsLast: (call: Call) => boolean = () => false,
  hasWeightLast = false,
): OperatorRule {
  return {
    infer: call => {
      const [x, weight] = [call.dimsFromRank(0, 2), call.dimsFromRank(w, 2)]
      if (x === undefined || weight === undefined) return [{ type: type(call), dims: undefined }]
      const last = isChannelsLast(call)
      const window = windowOf(call, kernelOf(call, weight, hasWeightLast))
      const spatial = windowed(last ? x.slice(1, -1) : x.slice(2), window)
      const [n, filters] = [x[0]!, weight[0]!]
      const dims = last ? [n, ...spatial, filters] : [n, filters, ...spatial]
      return [{ type: type(call), dims }]
    },
    // Each output element takes one filter: channels of its group times the kernel.
    work: contraction((call, outputs) => {
      const weight = call.dims(w)
      if (weight === undefined) return call.elements(outputs[0])
      const filter = weight.slice(1).reduce<bigint>((count, size) => count * call.upper(size), 1n)
      return call.elements(outputs[0]) * filter
    }),
  }
}

const sameType = (call: Call) => call.type(0)
const isChannelsLast = (call: Call) => call.int('channels_last', 0) !== 0

const convTranspose: OperatorRule = {
  infer: call => {
    const [x, weight] = [call.dimsFromRank(0, 2), call.dimsFromRank(1, 2)]
    const type = call.type(0)
    if (x === undefined || weight === undefined) return [{ type, dims: undefined }]
    const channels = multiply(weight[1]!, call.int('group', 1))
    return [{ type, dims: [x[0]!, channels, ...transposedSizes(call, x.slice(2), weight)] }]
  },
  // Each input element is spread by the filters of its group.
  work: contraction(call => {
    const weight = call.dims(1)
    if (weight === undefined) return call.elements(call.fact(0))
    const filters = weight.slice(1).reduce<bigint>((count, size) => count * call.upper(size), 1n)
    return call.elements(call.fact(0)) * filters
  }),
}

function transposedSizes(call: Call, sizes: readonly Size[], weight: readonly Size[]): readonly Size[] {
  const shape = call.ints('output_shape')
  if (shape !== undefined) return shape.slice(-sizes.length)
  const { kernel, strides, dilations, pads, autoPad } = windowOf(call, kernelOf(call, weight, false))
  const extra = call.ints('output_padding')
  if (kernel.length !== sizes.length) conflict(`a kernel of rank ${kernel.length} for ${sizes.length} axes`)
  return sizes.map((size, axis) => {
    const stride = strides[axis] ?? 1
    if (autoPad.startsWith('SAME')) return multiply(size, stride)
    const reach = add(multiply(subtract(kernel[axis]!, 1), dilations[axis] ?? 1), 1)
    const cut = autoPad === 'VALID' ? 0 : (pads[axis] ?? 0) + (pads[axis + sizes.length] ?? 0)
    const full = add(add(multiply(subtract(size, 1), stride), extra?.[axis] ?? 0), reach)
    return maximum(0, subtract(full, cut))
  })
}

/** The type of a zero point, where there is one. */
const typeOf =
  (input: number, fallback: OnnxElementType) =>
  (call: Call): OnnxElementType =>
    call.type(input) ?? fallback

/** Convolutions. */
export const CONV: readonly RuleEntry[] = [
  onnx('Conv', 1, conv(1, sameType)),
  onnx(
    'ConvInteger',
    10,
    conv(1, () => 'int32'),
  ),
  onnx('QLinearConv', 10, conv(3, typeOf(7, 'uint8'))),
  onnx('ConvTranspose', 1, convTranspose),
  onnx('DeformConv', 19, conv(1, sameType)),
  microsoft('FusedConv', conv(1, sameType)),
  microsoft(
    'NhwcConv NhwcFusedConv',
    conv(1, sameType, () => true, true),
  ),
  microsoft('QLinearConv', conv(3, typeOf(7, 'uint8'), isChannelsLast)),
]
