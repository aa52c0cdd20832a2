import type { Call } from '../shapes/call.js'
import type { Fact } from '../shapes/fact.js'
import type { Size } from '../shapes/size.js'
import { microsoft, type OperatorRule, onnx, type RuleEntry } from './rule.js'
import { TRANSCENDENTAL } from './work-rules.js'

/** A recurrent layer of so many gates; `layout` 1 puts the batch first. */
function recurrent(gates: number, hasCell: boolean): OperatorRule {
  return {
    infer: call => {
      const { sequence, batch, directions, hidden } = sizesOf(call)
      const type = call.type(0)
      const isBatchFirst = call.int('layout', 0) === 1
      const last: Fact = {
        type,
        dims: isBatchFirst ? [batch, directions, hidden] : [directions, batch, hidden],
      }
      const all = isBatchFirst ? [batch, sequence, directions, hidden] : [sequence, directions, batch, hidden]
      return [{ type, dims: all }, last, ...(hasCell ? [last] : [])]
    },
    work: (call, outputs) => {
      const { sequence, batch, directions, hidden, features } = sizesOf(call)
      const upper = (size: Size) => call.upper(size)
      const steps = upper(sequence) * upper(batch) * upper(directions)
      const units = BigInt(gates) * upper(hidden)
      return {
        macs: steps * units * (upper(features) + upper(hidden)),
        operations: steps * units * BigInt(TRANSCENDENTAL),
        bytes: call.allBytes(outputs),
      }
    },
  }
}

function sizesOf(call: Call) {
  const x = call.dimsOfRank(0, 3)
  const [first, second, features] = x ?? call.freshDims(3)
  const isBatchFirst = call.int('layout', 0) === 1
  const direction = call.text('direction', 'forward')
  const recurrence = call.dims(2)
  return {
    sequence: (isBatchFirst ? second : first)!,
    batch: (isBatchFirst ? first : second)!,
    features: features!,
    directions: direction === 'bidirectional' ? 2 : 1,
    hidden: call.hasAttribute('hidden_size')
      ? call.int('hidden_size', 1)
      : (recurrence?.at(-1) ?? call.fresh()),
  }
}

/** Recurrent layers. */
export const RECURRENT: readonly RuleEntry[] = [
  onnx('RNN', 1, recurrent(1, false)),
  onnx('GRU', 1, recurrent(3, false)),
  onnx('LSTM', 1, recurrent(4, true)),
  microsoft('DynamicQuantizeLSTM', recurrent(4, true)),
]
