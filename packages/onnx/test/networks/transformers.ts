import { value } from '@neurovoyance/testing/models'
import { Net } from './net.js'

/** Sizes of a transformer. */
export interface Transformer {
  readonly layers: number
  readonly hidden: number
  readonly heads: number
  readonly words: number
  /** Whether weights hold numbers; else they lie in a file that is never read. */
  readonly weights: boolean
}

export const BERT_BASE: Transformer = { layers: 12, hidden: 768, heads: 12, words: 30522, weights: false }
export const GPT_2: Transformer = { layers: 12, hidden: 768, heads: 12, words: 50257, weights: false }

/** `softmax(Q · Kᵀ / √d + mask) · V` over heads that lie apart. */
function attend(net: Net, q: string, k: string, v: string, width: number, mask?: string): string {
  const scores = net.op('MatMul', [q, net.op('Transpose', [k], { perm: [0, 1, 3, 2] })])
  const scaled = net.op('Div', [scores, net.float(Math.sqrt(width))])
  const masked = mask === undefined ? scaled : net.op('Add', [scaled, mask])
  return net.op('MatMul', [net.op('Softmax', [masked], { axis: -1 }), v])
}

/** `x · ½ (1 + erf(x / √2))`, as exporters write it. */
function gelu(net: Net, x: string): string {
  const erf = net.op('Erf', [net.op('Div', [x, net.float(Math.SQRT2)])])
  return net.op('Mul', [net.op('Mul', [x, net.op('Add', [erf, net.float(1)])]), net.float(0.5)])
}

function feedForward(net: Net, x: string, hidden: number): string {
  return net.linear(gelu(net, net.linear(x, hidden, 4 * hidden)), 4 * hidden, hidden)
}

/** An encoder (Devlin et al. 2018): words and positions, layers of attention and feed-forward, a pooler. */
export function bert({ layers, hidden, heads, words, weights }: Transformer): Uint8Array {
  const net = new Net({ weights })
  const width = hidden / heads
  const length = net.op('Gather', [net.op('Shape', ['ids']), net.int(1)])
  const positions = net.op('Range', [net.int(0), length, net.int(1)])
  const embedded = net.op('Gather', [net.weight([words, hidden]), 'ids'])
  const placed = net.op('Gather', [net.weight([512, hidden]), positions])
  let x = net.layerNorm(net.op('Add', [embedded, placed]), hidden)
  const seen = net.op('Cast', [net.op('Unsqueeze', ['mask', net.ints(1, 2)])], { to: 1 })
  const mask = net.op('Mul', [net.op('Sub', [net.float(1), seen]), net.float(-10000)])
  for (let layer = 0; layer < layers; layer++) {
    const [q, k, v] = [0, 1, 2].map(() => net.splitHeads(net.linear(x, hidden, hidden), heads, width))
    const attended = net.joinHeads(attend(net, q!, k!, v!, width, mask), hidden)
    x = net.layerNorm(net.op('Add', [x, net.linear(attended, hidden, hidden)]), hidden)
    x = net.layerNorm(net.op('Add', [x, feedForward(net, x, hidden)]), hidden)
  }
  const first = net.op('Gather', [x, net.int(0)], { axis: 1 })
  const pooled = net.op('Tanh', [net.linear(first, hidden, hidden)])
  const sequence = ['batch', 'sequence']
  return net.model(
    [value('ids', 'int64', sequence), value('mask', 'int64', sequence)],
    [value('states', 'float32', [...sequence, hidden]), value('pooled', 'float32', ['batch', hidden])],
    [x, pooled],
  )
}

/** A decoder with a cache (Radford et al. 2019): keys and values grow by what is new, a mask made from shapes. */
export function gpt({ layers, hidden, heads, words, weights }: Transformer): Uint8Array {
  const net = new Net({ weights })
  const width = hidden / heads
  const table = net.weight([words, hidden])
  const length = net.op('Gather', [net.op('Shape', ['ids']), net.int(1)])
  const past = net.op('Gather', [net.op('Shape', ['past_key_0']), net.int(2)])
  const total = net.op('Add', [past, length])
  const positions = net.op('Range', [past, total, net.int(1)])
  let x = net.op('Add', [
    net.op('Gather', [table, 'ids']),
    net.op('Gather', [net.weight([1024, hidden]), positions]),
  ])
  const mask = causalMask(net, length, total, past)
  const presents: string[] = []
  for (let layer = 0; layer < layers; layer++) {
    const packed = net.linear(net.layerNorm(x, hidden), hidden, 3 * hidden)
    const parts = net.many('Split', [packed, net.ints(hidden, hidden, hidden)], 3, { axis: 2 })
    const [q, k, v] = parts.map(part => net.splitHeads(part, heads, width))
    const keys = net.op('Concat', [`past_key_${layer}`, k!], { axis: 2 })
    const values = net.op('Concat', [`past_value_${layer}`, v!], { axis: 2 })
    presents.push(keys, values)
    const attended = net.joinHeads(attend(net, q!, keys, values, width, mask), hidden)
    x = net.op('Add', [x, net.linear(attended, hidden, hidden)])
    x = net.op('Add', [x, feedForward(net, net.layerNorm(x, hidden), hidden)])
  }
  const logits = net.op('MatMul', [net.layerNorm(x, hidden), net.op('Transpose', [table], { perm: [1, 0] })])
  const cache = (time: string, dim: string) =>
    Array.from({ length: 2 * layers }, (_, index) =>
      value(`${time}_${index % 2 === 0 ? 'key' : 'value'}_${index >> 1}`, 'float32', [
        'batch',
        heads,
        dim,
        width,
      ]),
    )
  return net.model(
    [value('ids', 'int64', ['batch', 'sequence']), ...cache('past', 'past')],
    [value('logits', 'float32', ['batch', 'sequence', words]), ...cache('present', 'total')],
    [logits, ...presents],
  )
}

/** A square of the largest size, cut to the new rows and all columns, as exporters write it. */
function causalMask(net: Net, length: string, total: string, past: string): string {
  const one = net.ints(1)
  const [rows, columns] = [length, total].map(size => net.op('Reshape', [size, one]))
  const square = net.op('ConstantOfShape', [net.op('Concat', [columns!, columns!], { axis: 0 })], {
    value: { tensor: { type: 'float32', dims: [1], data: Float32Array.of(-10000) } },
  })
  const upper = net.op('Trilu', [square, net.int(1)])
  const start = net.op('Reshape', [past, one])
  const cut = net.op('Slice', [upper, start, net.op('Add', [start, rows!]), net.ints(0)])
  return net.op('Unsqueeze', [cut, net.ints(0, 1)])
}
