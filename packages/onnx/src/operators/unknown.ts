import { UNKNOWN } from '../shapes/fact.js'
import type { OperatorRule } from './rule.js'
import { TRANSCENDENTAL } from './work-rules.js'

/**
 * The rule of operators that have none. Their outputs are what the model notes of them; each element that comes in
 * or out takes a transcendental function's operations. Graphs in their attributes (searches run a decoder) count as
 * often as the largest dimension of the inputs.
 */
export const unknownOperator: OperatorRule = {
  infer: call => {
    for (const graph of call.graphs()) {
      const body = call.run.body(graph, call.run.declaredInputs(graph))
      call.run.charge(body, BigInt(call.run.assumedSize ?? 0))
    }
    return []
  },
  work: (call, outputs) => {
    let elements = 0n
    for (const fact of [...call.inputs, ...outputs]) elements += call.elements(fact ?? UNKNOWN)
    return { operations: BigInt(TRANSCENDENTAL) * elements, bytes: call.allBytes(outputs) }
  },
}
