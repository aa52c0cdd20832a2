import { encodeGraph, type NodeInit, value } from '@neurovoyance/testing/models'
import { Net } from './net.js'
import type { Transformer } from './transformers.js'

export const WHISPER_TINY: Transformer = { layers: 4, hidden: 384, heads: 6, words: 51865, weights: false }

/**
 * Speech to text (Radford et al. 2022): two convolutions over a spectrogram, an encoder, and a decoder that attends
 * to it. Like merged exports, an If keeps keys and values of the encoder from the first call on.
 */
export function whisper({ layers, hidden, heads, words, weights }: Transformer): Uint8Array {
  const net = new Net({ weights })
  const width = hidden / heads
  const attention = (of: string, keys: string, values: string) => {
    const q = net.splitHeads(net.linear(of, hidden, hidden), heads, width)
    const scores = net.op('MatMul', [q, net.op('Transpose', [keys], { perm: [0, 1, 3, 2] })])
    const joined = net.joinHeads(
      net.op('MatMul', [net.op('Softmax', [scores], { axis: -1 }), values]),
      hidden,
    )
    return net.linear(joined, hidden, hidden)
  }
  const projected = (of: string) => net.splitHeads(net.linear(of, hidden, hidden), heads, width)
  const feedForward = (x: string) =>
    net.linear(net.many('com.microsoft:Gelu', [net.linear(x, hidden, 4 * hidden)], 1)[0]!, 4 * hidden, hidden)

  let sound = net.op('Conv', ['mel', net.weight([hidden, 80, 3]), net.weight([hidden])], { pads: [1, 1] })
  sound = net.op('Conv', [sound, net.weight([hidden, hidden, 3]), net.weight([hidden])], {
    pads: [1, 1],
    strides: [2],
  })
  sound = net.op('Transpose', [sound], { perm: [0, 2, 1] })
  for (let layer = 0; layer < layers; layer++) {
    const normal = net.layerNorm(sound, hidden)
    sound = net.op('Add', [sound, attention(normal, projected(normal), projected(normal))])
    sound = net.op('Add', [sound, feedForward(net.layerNorm(sound, hidden))])
  }
  let text = net.op('Gather', [net.weight([words, hidden]), 'ids'])
  for (let layer = 0; layer < layers; layer++) {
    const normal = net.layerNorm(text, hidden)
    text = net.op('Add', [text, attention(normal, projected(normal), projected(normal))])
    const [keys, values] = cachedOr(net, sound, hidden, heads)
    text = net.op('Add', [text, attention(net.layerNorm(text, hidden), keys, values)])
    text = net.op('Add', [text, feedForward(net.layerNorm(text, hidden))])
  }
  const logits = net.op('MatMul', [text, net.weight([hidden, words])])
  return net.model(
    [
      value('mel', 'float32', ['batch', 80, 'frames']),
      value('ids', 'int64', ['batch', 'sequence']),
      value('use_cache', 'bool', [1]),
      value('cache', 'float32', ['batch', heads, 'cached', width]),
    ],
    [value('logits', 'float32', ['batch', 'sequence', words])],
    [logits],
  )
}

/** Keys and values of the encoder: those of an earlier call, or made anew. */
function cachedOr(net: Net, sound: string, hidden: number, heads: number): [string, string] {
  const width = hidden / heads
  const [kWeight, vWeight] = [net.weight([hidden, hidden]), net.weight([hidden, hidden])]
  const target = net.ints(0, -1, heads, width)
  const made = (weight: string, to: string): NodeInit[] => [
    { op: 'MatMul', inputs: [sound, weight], outputs: [`${to}_product`] },
    { op: 'Reshape', inputs: [`${to}_product`, target], outputs: [`${to}_heads`] },
    { op: 'Transpose', inputs: [`${to}_heads`], outputs: [to], attributes: { perm: [0, 2, 1, 3] } },
  ]
  const outputs = (names: readonly string[]) =>
    names.map(name => value(name, 'float32', ['batch', heads, null, width]))
  const kept: NodeInit[] = ['kept_keys', 'kept_values'].map(name => ({
    op: 'Identity',
    inputs: ['cache'],
    outputs: [name],
  }))
  const [keys, values] = net.many('If', ['use_cache'], 2, {
    then_branch: {
      graph: encodeGraph({ inputs: [], outputs: outputs(['kept_keys', 'kept_values']), nodes: kept }),
    },
    else_branch: {
      graph: encodeGraph({
        inputs: [],
        outputs: outputs(['keys', 'values']),
        nodes: [...made(kWeight, 'keys'), ...made(vWeight, 'values')],
      }),
    },
  })
  return [keys!, values!]
}
