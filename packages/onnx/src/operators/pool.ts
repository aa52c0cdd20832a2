import type { OnnxElementType } from '../element-types.js'
import { type Call, MAX_RANK } from '../shapes/call.js'
import { conflict } from '../shapes/conflict.js'
import { add, multiply, type Size, subtract } from '../shapes/size.js'
import { windowed, windowOf } from './conv.js'
import { microsoft, type OperatorRule, onnx, type RuleEntry } from './rule.js'
import { perInput, perOutput, SIMPLE } from './work-rules.js'

const isChannelsLast = (call: Call) => call.int('channels_last', 0) !== 0

/** A window that moves over each channel; the second output, where there is one, tells places. */
function pool(isLast: (call: Call) => boolean = () => false): OperatorRule {
  return {
    infer: call => {
      const [type, dims] = [call.type(0), call.dimsFromRank(0, 2)]
      if (dims === undefined)
        return [
          { type, dims },
          { type: 'int64', dims },
        ]
      const last = isLast(call)
      const sizes = last ? dims.slice(1, -1) : dims.slice(2)
      const spatial = windowed(sizes, windowOf(call, call.ints('kernel_shape') ?? []))
      const pooled = last ? [dims[0]!, ...spatial, dims.at(-1)!] : [...dims.slice(0, 2), ...spatial]
      return [
        { type, dims: pooled },
        { type: 'int64', dims: pooled },
      ]
    },
    work: (call, outputs) => {
      const kernel = call.ints('kernel_shape') ?? []
      if (kernel.length > MAX_RANK) conflict(`a kernel of rank ${kernel.length}`)
      const window = kernel.reduce<bigint>((count, size) => count * call.upper(size), 1n)
      return { operations: call.elements(outputs[0]) * window, bytes: call.allBytes(outputs) }
    },
  }
}

/** Each channel becomes one element. */
function globalPool(type: (call: Call) => OnnxElementType | undefined = call => call.type(0)): OperatorRule {
  return {
    infer: call => {
      const dims = call.dims(0)
      const last = isChannelsLast(call)
      const pooled = dims?.map((size, axis): Size => {
        const isKept = axis === 0 || axis === (last ? dims.length - 1 : 1)
        return isKept ? size : 1
      })
      return [{ type: type(call), dims: pooled }]
    },
    work: perInput(SIMPLE),
  }
}

const maxUnpool: OperatorRule = {
  infer: call => {
    const { type, dims } = call.fact(0)
    const shape = call.values(2)
    if (call.has(2) || dims === undefined) return [{ type, dims: shape ?? dims?.map(() => call.fresh()) }]
    const { kernel, strides, pads } = windowOf(call, call.ints('kernel_shape') ?? [])
    const spatial = dims.slice(2).map((size, axis) => {
      const cut = (pads[axis] ?? 0) + (pads[axis + dims.length - 2] ?? 0)
      return subtract(add(multiply(subtract(size, 1), strides[axis] ?? 1), kernel[axis] ?? 1), cut)
    })
    return [{ type, dims: [...dims.slice(0, 2), ...spatial] }]
  },
}

/** Each region of interest becomes a grid of the feature map's channels. */
function regions(height: string, width: string): OperatorRule {
  return {
    infer: call => {
      const [channels, count] = [call.dimsOfRank(0, 4)?.[1], call.dimsOfRank(1, 2)?.[0]]
      const [h, w] = call.ints('pooled_shape') ?? [call.int(height, 1), call.int(width, 1)]
      return [{ type: call.type(0), dims: [count ?? call.fresh(), channels ?? call.fresh(), h ?? 1, w ?? 1] }]
    },
    // Four samples of four neighbours each.
    work: perOutput(16 * SIMPLE),
  }
}

/** Operators that sum up windows, channels and regions. */
export const POOL: readonly RuleEntry[] = [
  onnx('MaxPool AveragePool LpPool', 1, pool()),
  onnx('GlobalMaxPool GlobalAveragePool GlobalLpPool', 1, globalPool()),
  onnx('MaxUnpool', 9, maxUnpool),
  microsoft('MaxpoolWithMask', pool()),
  onnx('MaxRoiPool', 1, regions('', '')),
  onnx('RoiAlign', 10, regions('output_height', 'output_width')),
  microsoft(
    'NhwcMaxPool',
    pool(() => true),
  ),
  microsoft('QLinearAveragePool', pool(isChannelsLast)),
  microsoft('QLinearGlobalAveragePool', globalPool()),
]
