import type { Call } from '../shapes/call.js'
import type { Fact } from '../shapes/fact.js'
import type { Work } from '../shapes/work.js'

/** How {@link OperatorRule.work} looks. */
export type WorkRule = (call: Call, outputs: readonly Fact[]) => Partial<Work>

/** Elementary operations of one element: a sum or comparison, a quotient or root, an exponential or the like. */
export const SIMPLE = 1
export const DIVISION = 4
export const TRANSCENDENTAL = 16

/** Nothing moves: another view of the same memory, or facts about a shape. */
export const noWork: WorkRule = () => ({ bytes: 0n })

/** So many operations for each element of the first output. */
export function perOutput(operations: number): WorkRule {
  return (call, outputs) => ({
    operations: BigInt(operations) * call.elements(outputs[0]),
    bytes: call.allBytes(outputs),
  })
}

/** So many operations for each element of the first input. */
export function perInput(operations: number): WorkRule {
  return (call, outputs) => ({
    operations: BigInt(operations) * call.elements(call.fact(0)),
    bytes: call.allBytes(outputs),
  })
}

/** Only the elements that come out are read; of the other inputs, all. */
export const readsWhatItWrites: WorkRule = (call, outputs) => {
  let bytes = 2n * call.outputBytes(outputs)
  for (const input of call.inputs.slice(1)) if (input !== undefined) bytes += call.bytes(input)
  return { bytes }
}

/** Nothing is read; the outputs are written. */
export const onlyWrites: WorkRule = (call, outputs) => ({ bytes: call.outputBytes(outputs) })

/** Multiply-adds that a function counts, and every byte of inputs and outputs. */
export function contraction(macs: (call: Call, outputs: readonly Fact[]) => bigint): WorkRule {
  return (call, outputs) => ({ macs: macs(call, outputs), bytes: call.allBytes(outputs) })
}
