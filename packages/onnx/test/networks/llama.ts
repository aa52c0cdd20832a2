import { value } from '@neurovoyance/testing/models'
import { Net } from './net.js'

/** Sizes of a decoder of the Llama family, weights in blocks of four bits. */
export interface Llama {
  readonly layers: number
  readonly hidden: number
  readonly inner: number
  readonly heads: number
  readonly keyHeads: number
  readonly words: number
  readonly weights: boolean
}

/** SmolLM2-135M: tied embeddings, three heads of keys and values. */
export const SMOL_LM: Llama = {
  layers: 30,
  hidden: 576,
  inner: 1536,
  heads: 9,
  keyHeads: 3,
  words: 49152,
  weights: false,
}

const BLOCK = 32

/** A decoder as ONNX Runtime's optimizer leaves it: grouped attention, four-bit products, fused normalization. */
export function llama({ layers, hidden, inner, heads, keyHeads, words, weights }: Llama): Uint8Array {
  const net = new Net({ weights })
  const width = hidden / heads
  const keyWidth = keyHeads * width
  const packed = (x: string, k: number, n: number) =>
    net.many(
      'com.microsoft:MatMulNBits',
      [x, net.weight([n, k / BLOCK, BLOCK / 2], 'uint8'), net.weight([(n * k) / BLOCK])],
      1,
      { K: k, N: n, bits: 4, block_size: BLOCK },
    )[0]!
  const total = net.op('Gather', [net.op('Shape', ['mask']), net.int(1)])
  const totalLength = net.op('Cast', [total], { to: 6 })
  const ones = net.op('ReduceSum', ['mask', net.ints(1)], { keepdims: 0 })
  const lengths = net.op('Cast', [net.op('Sub', [ones, net.int(1)])], { to: 6 })
  const [cos, sin] = [0, 1].map(() => net.weight([1024, width / 2]))
  let x = net.op('Gather', [net.weight([words, hidden]), 'ids'])
  let normal = net.op('SimplifiedLayerNormalization', [x, net.weight([hidden])], { axis: -1 })
  const presents: string[] = []
  for (let layer = 0; layer < layers; layer++) {
    const [q, k, v] = [hidden, keyWidth, keyWidth].map(to => packed(normal, hidden, to))
    const [attended, keys, values] = net.many(
      'com.microsoft:GroupQueryAttention',
      [q!, k!, v!, `past_key_${layer}`, `past_value_${layer}`, lengths, totalLength, cos!, sin!],
      3,
      { num_heads: heads, kv_num_heads: keyHeads, do_rotary: 1 },
    )
    presents.push(keys!, values!)
    const first = net.many(
      'com.microsoft:SkipSimplifiedLayerNormalization',
      [x, packed(attended!, hidden, hidden), net.weight([hidden])],
      4,
    )
    const gate = packed(first[0]!, hidden, inner)
    const gated = net.op('Mul', [
      net.op('Mul', [gate, net.op('Sigmoid', [gate])]),
      packed(first[0]!, hidden, inner),
    ])
    const second = net.many(
      'com.microsoft:SkipSimplifiedLayerNormalization',
      [first[3]!, packed(gated, inner, hidden), net.weight([hidden])],
      4,
    )
    ;[normal, x] = [second[0]!, second[3]!]
  }
  const logits = packed(normal, hidden, words)
  const cache = (time: string, dim: string) =>
    Array.from({ length: 2 * layers }, (_, index) =>
      value(`${time}_${index % 2 === 0 ? 'key' : 'value'}_${index >> 1}`, 'float32', [
        'batch',
        keyHeads,
        dim,
        width,
      ]),
    )
  return net.model(
    [
      value('ids', 'int64', ['batch', 'sequence']),
      value('mask', 'int64', ['batch', 'total']),
      ...cache('past', 'past'),
    ],
    [value('logits', 'float32', ['batch', 'sequence', words]), ...cache('present', 'total')],
    [logits, ...presents],
  )
}
