import type { Call } from '../shapes/call.js'
import { sameAsInput } from './elementwise.js'
import { microsoft, type OperatorRule, type RuleEntry } from './rule.js'

/** Positions of the weights of each expert's layers. */
const LAYERS: Readonly<Record<string, readonly number[]>> = { MoE: [2, 4, 6], QMoE: [2, 5, 8] }

/** Each token goes through the layers of the `k` experts that a router chose for it. */
const mixture: OperatorRule = {
  infer: call => [sameAsInput(call)],
  work: (call, outputs) => {
    const dims = call.dims(0)
    const hidden = dims === undefined ? 1n : call.upper(dims.at(-1) ?? 1)
    const tokens = hidden === 0n ? 0n : call.elements(call.fact(0)) / hidden
    const chosen = BigInt(Math.max(1, call.int('k', 1)))
    const [experts, elements, bytes] = weightsOf(call)
    const used = tokens * chosen < experts ? tokens * chosen : experts
    const small = [0, 1].reduce((sum, input) => sum + call.bytes(call.fact(input)), call.outputBytes(outputs))
    return {
      macs: tokens * chosen * (elements / experts),
      bytes: small + (bytes / experts) * used,
    }
  },
}

/** How many experts there are, and the elements and bytes of the weights of all of them together. */
function weightsOf(call: Call): readonly [bigint, bigint, bigint] {
  const { operator } = call.node
  const inByte = operator === 'QMoE' ? BigInt(call.elementsInByte('expert_weight_bits')) : 1n
  let [experts, elements, bytes] = [1n, 0n, 0n]
  for (const input of LAYERS[operator] ?? []) {
    if (!call.has(input)) continue
    const weight = call.fact(input)
    experts = weight.dims === undefined ? 1n : call.upper(weight.dims[0] ?? 1)
    elements += call.elements(weight) * inByte
    bytes += call.bytes(weight)
  }
  return [experts === 0n ? 1n : experts, elements, bytes]
}

/** Mixtures of experts. */
export const EXPERTS: readonly RuleEntry[] = [microsoft('MoE QMoE', mixture)]
