import type { Call } from '../shapes/call.js'
import type { Fact } from '../shapes/fact.js'
import { add, floorDivide, maximum, multiply, type Size } from '../shapes/size.js'
import type { Work } from '../shapes/work.js'
import { sameAsInput } from './elementwise.js'
import { microsoft, type OperatorRule, onnx, type RuleEntry } from './rule.js'
import { perInput, TRANSCENDENTAL } from './work-rules.js'

/** What an attention operator computes over, whatever the layout that it comes in. */
interface Heads {
  readonly batch: Size
  readonly queries: Size
  /** Keys of this call and of its cache together. */
  readonly keys: Size
  readonly heads: Size
  /** Heads of keys and values; fewer than `heads` where several share one. */
  readonly keyHeads: Size
  readonly width: Size
  readonly valueWidth: Size
}

/** `softmax(Q · Kᵀ) · V`: two contractions over every pair of query and key, masked ones included. */
function attentionWork(
  call: Call,
  outputs: readonly Fact[],
  heads: Heads | undefined,
  projection = 0n,
): Partial<Work> {
  const bytes = call.allBytes(outputs)
  if (heads === undefined) return { macs: projection, operations: 0n, bytes }
  const upper = (size: Size) => call.upper(size)
  const pairs = upper(heads.batch) * upper(heads.heads) * upper(heads.queries) * upper(heads.keys)
  return {
    macs: projection + pairs * (upper(heads.width) + upper(heads.valueWidth)),
    operations: pairs * BigInt(TRANSCENDENTAL),
    bytes,
  }
}

/** What attention over these heads gives: an output and, where it is wanted, the cache for the next call. */
function attended(call: Call, heads: Heads | undefined, present?: readonly Size[]): readonly Fact[] {
  const type = call.type(0)
  if (heads === undefined) return [{ type, dims: undefined }]
  const { batch, queries, keys, keyHeads, width, valueWidth } = heads
  const cache = (each: Size): Fact => ({ type, dims: present ?? [batch, keyHeads, keys, each] })
  return [
    { type, dims: [batch, queries, multiply(heads.heads, valueWidth)] },
    cache(width),
    cache(valueWidth),
    { type, dims: [batch, heads.heads, queries, keys] },
  ]
}

/** com.microsoft Attention and QAttention: one weight projects the input to queries, keys and values. */
function fused(past: number): OperatorRule {
  const headsOf = (call: Call): Heads | undefined => {
    const [input, weight] = [call.dimsOfRank(0, 3), call.dimsOfRank(1, 2)]
    if (input === undefined || weight === undefined) return undefined
    const [batch, queries] = input as readonly [Size, Size]
    const count = call.int('num_heads', 1)
    const sizes = call.ints('qkv_hidden_sizes')
    const hidden = sizes?.[0] ?? floorDivide(weight.at(-1)!, 3)
    const cached = call.dims(past)?.[3] ?? 0
    return {
      batch,
      queries,
      keys: add(queries, cached),
      heads: count,
      keyHeads: count,
      width: floorDivide(hidden, count),
      valueWidth: floorDivide(sizes?.[2] ?? hidden, count),
    }
  }
  return {
    infer: call => {
      const heads = headsOf(call)
      if (heads === undefined) return [{ type: typeOf(call), dims: undefined }]
      const { batch, queries, keys, width, valueWidth } = heads
      const type = typeOf(call)
      return [
        { type, dims: [batch, queries, multiply(heads.heads, valueWidth)] },
        { type, dims: [2, batch, heads.heads, keys, width] },
      ]
    },
    work: (call, outputs) => {
      const columns = call.dims(1)?.at(-1)
      const projection = call.elements(call.fact(0)) * (columns === undefined ? 1n : call.upper(columns))
      return attentionWork(call, outputs, headsOf(call), projection)
    },
  }
}

/** A quantized input gives an output of its scale's type. */
function typeOf(call: Call) {
  return call.node.operator === 'QAttention' ? (call.type(3) ?? 'float32') : call.type(0)
}

/** Queries, keys and values come apart, or packed in one tensor of five dimensions. */
function multiHeads(call: Call): Heads | undefined {
  const query = call.dimsOfRank(0, 3, 5)
  const [key, value] = [call.dimsOfRank(1, 3, 5), call.dimsOfRank(2, 3, 4)]
  const [batch, queries] = query ?? []
  if (query === undefined || batch === undefined || queries === undefined) return undefined
  const heads = call.int('num_heads', 1)
  const isPacked = query.length === 5
  const width = isPacked ? query[4]! : floorDivide(query[2] ?? 1, heads)
  const cached = call.dims(6)?.[2] ?? 0
  const given = isPacked ? queries : key === undefined ? queries : key.length === 4 ? key[2]! : key[1]!
  const isKeyCache = key?.length === 4
  const valueWidth =
    value === undefined ? width : value.length === 4 ? value[3]! : floorDivide(value[2] ?? 1, heads)
  const keys = isKeyCache ? given : add(given, cached)
  return { batch, queries, keys, heads, keyHeads: heads, width, valueWidth }
}

const multiHeadAttention: OperatorRule = {
  infer: call => attended(call, multiHeads(call)),
  work: (call, outputs) => attentionWork(call, outputs, multiHeads(call)),
}

/** Several heads of queries share one of keys and values; the query may carry all three packed. */
function groupedHeads(call: Call): Heads | undefined {
  const [batch, queries, hidden] = call.dimsOfRank(0, 3) ?? []
  if (batch === undefined || queries === undefined || hidden === undefined) return undefined
  const [heads, keyHeads] = [call.int('num_heads', 1), call.int('kv_num_heads', 1)]
  const width = floorDivide(hidden, call.has(1) ? heads : heads + 2 * keyHeads)
  const cached = call.dims(3)?.[2] ?? 0
  const total = call.values(6)?.[0]
  const keys = total === undefined ? add(cached, queries) : maximum(total, cached)
  return { batch, queries, keys, heads, keyHeads, width, valueWidth: width }
}

const groupQueryAttention: OperatorRule = {
  infer: call => attended(call, groupedHeads(call)),
  work: (call, outputs) => attentionWork(call, outputs, groupedHeads(call)),
}

/** ai.onnx Attention: three dimensions with the heads side by side, or four with the heads apart. */
function standardHeads(call: Call): Heads | undefined {
  const q = call.dimsOfRank(0, 3, 4)
  const [k, v] = [1, 2].map(input => call.dimsOfRank(input, q?.length ?? 3, q?.length ?? 4))
  if (q === undefined || k === undefined || v === undefined) return undefined
  const cached = call.dims(4)?.[2] ?? 0
  if (q.length === 4) {
    const [batch, heads, queries, width] = q as readonly [Size, Size, Size, Size]
    const [keyHeads, keys, valueWidth] = [k[1]!, k[2]!, v[3]!]
    return { batch, queries, keys: add(cached, keys), heads, keyHeads, width, valueWidth }
  }
  const [heads, keyHeads] = [call.int('q_num_heads', 1), call.int('kv_num_heads', 1)]
  const [batch, queries, hidden] = q as readonly [Size, Size, Size]
  return {
    batch,
    queries,
    keys: add(cached, k[1]!),
    heads,
    keyHeads,
    width: floorDivide(hidden, heads),
    valueWidth: floorDivide(v[2]!, keyHeads),
  }
}

const standardAttention: OperatorRule = {
  infer: call => {
    const heads = standardHeads(call)
    const facts = attended(call, heads)
    const isApart = call.dims(0)?.length === 4
    if (heads === undefined || !isApart) return facts
    const { batch, queries, valueWidth } = heads
    return [{ type: call.type(0), dims: [batch, heads.heads, queries, valueWidth] }, ...facts.slice(1)]
  },
  work: (call, outputs) => attentionWork(call, outputs, standardHeads(call)),
}

/** Tokens of all sequences without padding between them. */
const packedAttention: OperatorRule = {
  infer: call => {
    const [input, weight] = [call.dimsOfRank(0, 2), call.dimsOfRank(1, 2)]
    const hidden = call.ints('qkv_hidden_sizes')?.[2] ?? (weight && floorDivide(weight.at(-1)!, 3))
    return [{ type: call.type(0), dims: input && [input[0]!, hidden ?? call.fresh()] }]
  },
  work: (call, outputs) => {
    const [tokens, columns] = [call.dims(0)?.[0] ?? 1, call.dims(1)?.at(-1) ?? 1]
    const projection = call.elements(call.fact(0)) * call.upper(columns)
    const pairs = call.elements(outputs[0]) * call.upper(tokens)
    return { macs: projection + 2n * pairs, bytes: call.allBytes(outputs) }
  },
}

/** Each token attends to a window on both sides. */
const longformerAttention: OperatorRule = {
  infer: call => [sameAsInput(call)],
  work: (call, outputs) => {
    const [columns, window] = [call.dims(1)?.at(-1) ?? 1, BigInt(call.int('window', 1))]
    const elements = call.elements(call.fact(0))
    return { macs: elements * (call.upper(columns) + 4n * window), bytes: call.allBytes(outputs) }
  },
}

const rotaryEmbedding: OperatorRule = { infer: call => [sameAsInput(call)], work: perInput(3) }

const relativePositionBias: OperatorRule = {
  infer: call => {
    const heads = call.dims(0)?.[1] ?? call.fresh()
    const [queries, keys] = [1, 2].map(input => call.values(input)?.[0] ?? call.fresh())
    return [{ type: call.type(0), dims: [1, heads, queries!, keys!] }]
  },
}

/** Attention and what belongs to it. */
export const ATTENTION: readonly RuleEntry[] = [
  onnx('Attention', 23, standardAttention),
  onnx('RotaryEmbedding', 23, rotaryEmbedding),
  microsoft('Attention', fused(4)),
  microsoft('QAttention', fused(8)),
  microsoft('MultiHeadAttention', multiHeadAttention),
  microsoft('DecoderMaskedMultiHeadAttention', multiHeadAttention),
  microsoft('GroupQueryAttention SparseAttention', groupQueryAttention),
  microsoft('PackedAttention', packedAttention),
  microsoft('LongformerAttention', longformerAttention),
  microsoft('RotaryEmbedding', rotaryEmbedding),
  microsoft('RelativePositionBias', relativePositionBias),
]
