import { UNKNOWN } from '../shapes/fact.js'
import type { OperatorRule } from './rule.js'
import { TRANSCENDENTAL } from './work-rules.js'

/**
 * The rule of operators that have none: their first output is taken to be of the first input's shape unless the
 * model notes another, and each element that comes in or out takes a transcendental function's operations.
 */
export const unknownOperator: OperatorRule = {
  infer: () => [],
  work: (call, outputs) => {
    let elements = 0n
    for (const fact of [...call.inputs, ...outputs]) elements += call.elements(fact ?? UNKNOWN)
    return { operations: BigInt(TRANSCENDENTAL) * elements, bytes: call.allBytes(outputs) }
  },
}
