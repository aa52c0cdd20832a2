import type { Call } from '../shapes/call.js'
import { conflict } from '../shapes/conflict.js'
import type { Size } from '../shapes/size.js'
import { broadcastSizes } from './broadcast.js'
import { type OperatorRule, onnx, type RuleEntry } from './rule.js'

/** An equation taken apart: labels of each operand and of the output, the sizes that they stand for. */
interface Equation {
  readonly output: readonly string[]
  readonly sizes: ReadonlyMap<string, Size>
}

/** Labels of the dimensions that an ellipsis stands for. */
const ELLIPSIS = '…'

function parse(call: Call): Equation | undefined {
  const text = call.text('equation', '').replaceAll(' ', '')
  const [left = '', right] = text.split('->')
  const operands = left.split(',')
  if (operands.length !== call.inputs.length) {
    conflict(`an equation of ${operands.length} operands for ${call.inputs.length} inputs`)
  }
  const sizes = new Map<string, Size>()
  const counts = new Map<string, number>()
  let ellipsisRank = 0
  for (const [index, operand] of operands.entries()) {
    const dims = call.dims(index)
    if (dims === undefined) return undefined
    const labels = expandLabels(operand, dims.length)
    ellipsisRank = Math.max(ellipsisRank, labels.filter(label => label.startsWith(ELLIPSIS)).length)
    for (const [axis, label] of labels.entries()) {
      const known = sizes.get(label)
      sizes.set(label, known === undefined ? dims[axis]! : broadcastSizes(known, dims[axis]!))
      counts.set(label, (counts.get(label) ?? 0) + 1)
    }
  }
  return { output: outputLabels(right, counts, ellipsisRank), sizes }
}

/** The labels of an operand, an ellipsis standing for as many as the rank leaves. */
function expandLabels(operand: string, rank: number): readonly string[] {
  const [before = '', after] = operand.split('...')
  const hidden = after === undefined ? 0 : rank - before.length - after.length
  if (hidden < 0 || before.length + hidden + (after ?? '').length !== rank) {
    conflict(`labels '${operand}' for rank ${rank}`)
  }
  return [...before, ...ellipsisLabels(hidden), ...(after ?? '')]
}

/** Counted from the last, as they broadcast. */
function ellipsisLabels(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `${ELLIPSIS}${count - index}`)
}

function outputLabels(
  right: string | undefined,
  counts: ReadonlyMap<string, number>,
  ellipsisRank: number,
): readonly string[] {
  if (right !== undefined) {
    const [before = '', after] = right.split('...')
    return [...before, ...(after === undefined ? [] : ellipsisLabels(ellipsisRank)), ...(after ?? '')]
  }
  const once = [...counts].filter(([label, count]) => count === 1 && !label.startsWith(ELLIPSIS))
  return [...ellipsisLabels(ellipsisRank), ...once.map(([label]) => label).sort()]
}

const einsum: OperatorRule = {
  infer: call => {
    const equation = parse(call)
    const dims = equation?.output.map(label => equation.sizes.get(label) ?? conflict(`no label '${label}'`))
    return [{ type: call.type(0), dims }]
  },
  work: (call, outputs) => {
    // One multiply-add for each combination of all labels, as if all operands were contracted at once.
    let macs = 1n
    for (const size of parse(call)?.sizes.values() ?? []) macs *= call.upper(size)
    return { macs, bytes: call.allBytes(outputs) }
  },
}

/** Sums of products by Einstein's convention. */
export const EINSUM: readonly RuleEntry[] = [onnx('Einsum', 12, einsum)]
