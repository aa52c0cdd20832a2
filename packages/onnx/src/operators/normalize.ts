import type { Call } from '../shapes/call.js'
import type { Fact } from '../shapes/fact.js'
import { sameAsInput } from './elementwise.js'
import { microsoft, type OperatorRule, onnx, type RuleEntry } from './rule.js'
import { DIVISION, perInput, TRANSCENDENTAL } from './work-rules.js'

/** Mean, variance, root and scale of one element. */
const NORMALIZE = 2 * DIVISION

const sameShape = (operations: number): OperatorRule => ({
  infer: call => [sameAsInput(call)],
  work: perInput(operations),
})

/** One of a value's channels: what running statistics are made of. */
function perChannel(call: Call): Fact {
  const channels = call.dims(0)?.[1]
  return { type: call.type(0), dims: channels === undefined ? undefined : [channels] }
}

const batchNormalization: OperatorRule = {
  infer: call => [sameAsInput(call), ...[1, 2, 3, 4].map(() => perChannel(call))],
  work: perInput(2),
}

/** The statistics of a value over the axes from `axis` on: those axes become 1. */
function statistics(call: Call): Fact {
  const dims = call.dims(0)
  if (dims === undefined) return { type: 'float32', dims }
  const from = call.axis(call.int('axis', -1), dims.length)
  return { type: 'float32', dims: dims.map((size, axis) => (axis < from ? size : 1)) }
}

const layerNormalization: OperatorRule = {
  infer: call => [sameAsInput(call), statistics(call), statistics(call)],
  work: perInput(NORMALIZE),
}

const rmsNormalization: OperatorRule = {
  infer: call => [sameAsInput(call), statistics(call)],
  work: perInput(NORMALIZE),
}

/** The sum of input and skip is normalized, and comes out too where it is wanted. */
const skipLayerNormalization: OperatorRule = {
  infer: call => [sameAsInput(call), statistics(call), statistics(call), sameAsInput(call)],
  work: perInput(NORMALIZE + 1),
}

/** Words, positions and segments are looked up, summed and normalized. */
const embedLayerNormalization: OperatorRule = {
  infer: call => {
    const [words, ids] = [call.dims(2), call.dims(0)]
    const type = call.type(2)
    if (words === undefined || ids === undefined) return [{ type, dims: undefined }]
    const embedded: Fact = { type, dims: [...ids, words[1] ?? call.fresh()] }
    return [embedded, { type: 'int32', dims: ids.slice(0, 1) }, embedded]
  },
  work: (call, outputs) => {
    const count = call.elements(outputs[0])
    return { operations: BigInt(NORMALIZE + 2) * count, bytes: 4n * call.bytes(outputs[0]) }
  },
}

const skipGroupNorm: OperatorRule = {
  infer: call => [sameAsInput(call), sameAsInput(call)],
  work: perInput(NORMALIZE + 1),
}

/** Operators that bring elements to a common scale. */
export const NORMALIZATION: readonly RuleEntry[] = [
  onnx('Softmax LogSoftmax Hardmax', 1, sameShape(TRANSCENDENTAL + DIVISION)),
  onnx('BatchNormalization', 1, batchNormalization),
  onnx('InstanceNormalization LpNormalization MeanVarianceNormalization', 1, sameShape(NORMALIZE)),
  onnx('GroupNormalization', 18, sameShape(NORMALIZE)),
  onnx('LRN', 1, sameShape(NORMALIZE + TRANSCENDENTAL)),
  onnx('LayerNormalization', 1, layerNormalization),
  onnx('SimplifiedLayerNormalization', 1, rmsNormalization),
  onnx('RMSNormalization', 23, rmsNormalization),
  microsoft('SkipLayerNormalization SkipSimplifiedLayerNormalization', skipLayerNormalization),
  microsoft('EmbedLayerNormalization', embedLayerNormalization),
  microsoft('GroupNorm', sameShape(NORMALIZE)),
  microsoft('SkipGroupNorm', skipGroupNorm),
  microsoft('BiasSoftmax QLinearSoftmax', sameShape(TRANSCENDENTAL + DIVISION)),
]
