import type { Call } from '../shapes/call.js'
import { add, floorDivide, type Size, subtract } from '../shapes/size.js'
import { type OperatorRule, onnx, type RuleEntry } from './rule.js'

/** Half of the frequencies of a real signal, the middle one included. */
function oneSided(call: Call, length: Size): Size {
  return call.int('onesided', 0) === 0 ? length : add(floorDivide(length, 2), 1)
}

/** Multiply-adds of a transform of this length, as if by a fast one: four for each element and doubling. */
function transformMacs(call: Call, length: Size, elements: bigint): bigint {
  return 4n * elements * BigInt(call.upper(length).toString(2).length)
}

const dft: OperatorRule = {
  infer: call => {
    const [type, dims] = [call.type(0), call.dimsFromRank(0, 2)]
    if (dims === undefined) return [{ type, dims }]
    const axis = axisOf(call, dims.length)
    if (axis === undefined) return [{ type, dims: call.freshDims(dims.length).with(-1, 2) }]
    const length = call.has(1) ? (call.values(1)?.[0] ?? call.fresh()) : dims[axis]!
    const isInverseReal = call.int('inverse', 0) !== 0 && call.int('onesided', 0) !== 0
    if (isInverseReal) {
      const full = call.has(1) ? length : subtract(add(length, length), 2)
      return [{ type, dims: dims.with(axis, full).with(-1, 1) }]
    }
    return [{ type, dims: dims.with(axis, oneSided(call, length)).with(-1, 2) }]
  },
  work: (call, outputs) => {
    const dims = outputs[0]?.dims
    const axis = dims === undefined ? undefined : axisOf(call, dims.length)
    const length = axis === undefined ? 1 : dims![axis]!
    return {
      macs: transformMacs(call, length, call.elements(outputs[0])),
      bytes: call.allBytes(outputs),
    }
  },
}

function axisOf(call: Call, rank: number): number | undefined {
  if (call.version < 20) return call.axis(call.int('axis', 1), rank)
  const given = call.numbers(2)?.[0]
  return call.has(2) ? (given === undefined ? undefined : call.axis(given, rank)) : rank - 2
}

const stft: OperatorRule = {
  infer: call => {
    const { type, dims } = call.fact(0)
    const step = call.values(1)?.[0]
    const length = frameLength(call)
    const [batch, samples] = dims ?? []
    const frames =
      samples === undefined || step === undefined
        ? call.fresh()
        : add(floorDivide(subtract(samples, length), step), 1)
    const bins = call.int('onesided', 1) === 0 ? length : add(floorDivide(length, 2), 1)
    return [{ type, dims: [batch ?? call.fresh(), frames, bins, 2] }]
  },
  work: (call, outputs) => ({
    macs: transformMacs(call, frameLength(call), call.elements(outputs[0])),
    bytes: call.allBytes(outputs),
  }),
}

/** The fourth input, or the window's length. */
function frameLength(call: Call): Size {
  return call.values(3)?.[0] ?? call.dims(2)?.[0] ?? call.fresh()
}

/** Transforms of signals. */
export const SIGNAL: readonly RuleEntry[] = [onnx('DFT', 17, dft), onnx('STFT', 17, stft)]
