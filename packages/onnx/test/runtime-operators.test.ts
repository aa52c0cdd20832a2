import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AttributeValue, buildModel, value } from '@neurovoyance/testing/models'
import { describe, expect, it } from 'vitest'
import { bytesSource, createMeter, type MeteredInput, openModel } from '../src/index.js'
import { contradictions, exposingEverything, runForShapes } from './every-value.js'

type Type = 'float32' | 'uint8' | 'int8' | 'int32' | 'int64' | 'bool'
/** An input: its type, its dimensions, and the elements that matter. */
type In = readonly [type: Type, dims: readonly number[], values?: readonly number[]] | null

interface Case {
  readonly operator: string
  readonly inputs: readonly In[]
  readonly outputs?: number
  readonly attributes?: Readonly<Record<string, AttributeValue>>
}

const f = (...dims: number[]): In => ['float32', dims]
const u8 = (...dims: number[]): In => ['uint8', dims]
const i32 = (dims: readonly number[], ...values: number[]): In => ['int32', dims, values]
const i64 = (dims: readonly number[], ...values: number[]): In => ['int64', dims, values]
/** A scale and a zero point. */
const q = (): readonly In[] => [f(), u8()]
const op = (
  operator: string,
  inputs: readonly In[],
  attributes: Case['attributes'] = {},
  outputs = 1,
): Case => ({
  operator,
  inputs,
  attributes,
  outputs,
})

const CASES: readonly Case[] = [
  op('Gelu', [f(2, 3)]),
  op('FastGelu', [f(2, 3), f(3)]),
  op('BiasGelu', [f(2, 3), f(3)]),
  op('QuickGelu', [f(2, 3)]),
  op('FusedMatMul', [f(2, 4, 3), f(2, 4, 5)], { transA: 1 }),
  op('FusedMatMul', [f(2, 3, 4), f(2, 5, 4)], { transB: 1 }),
  op('FusedMatMul', [f(3, 2, 4), f(2, 4, 5)], { transBatchA: 1 }),
  op('FusedGemm', [f(3, 4), f(5, 4), f(5)], { transB: 1, activation: 'Relu' }),
  op('MatMulIntegerToFloat', [u8(2, 3, 4), u8(4, 5), f(), f()]),
  op('DynamicQuantizeMatMul', [f(2, 3, 4), u8(4, 5), f()]),
  op('QGemm', [u8(3, 4), f(), u8(), u8(4, 5), f(), u8()]),
  op('QGemm', [u8(3, 4), f(), u8(), u8(4, 5), f(), u8(), null, f(), u8()]),
  op('MatMulNBits', [f(2, 3, 64), u8(7, 2, 16), f(14)], { K: 64, N: 7, bits: 4, block_size: 32 }),
  op('FusedConv', [f(1, 3, 9, 8), f(4, 3, 3, 3), f(4)], { activation: 'Relu', strides: [2, 2] }),
  op('QLinearAdd', [u8(2, 1, 4), ...q(), u8(3, 1), ...q(), ...q()]),
  op('QLinearMul', [u8(2, 4), ...q(), u8(2, 4), ...q(), ...q()]),
  op('QLinearSigmoid', [u8(2, 4), ...q(), ...q()]),
  op('QLinearLeakyRelu', [u8(2, 4), ...q(), ...q()]),
  op('QLinearConcat', [...q(), u8(2, 3), ...q(), u8(2, 4), ...q()], { axis: 1 }),
  op('QLinearAveragePool', [u8(1, 2, 7, 7), ...q(), ...q()], { kernel_shape: [3, 3], strides: [2, 2] }),
  op('QLinearAveragePool', [u8(1, 7, 7, 2), ...q(), ...q()], { kernel_shape: [3, 3], channels_last: 1 }),
  op('QLinearGlobalAveragePool', [u8(1, 2, 7, 7), ...q(), ...q()]),
  op('QLinearSoftmax', [u8(2, 5), ...q(), ...q()], { axis: 1, opset: 13 }),
  op('QLinearWhere', [['bool', [2, 3]], u8(2, 3), ...q(), u8(3), ...q(), ...q()]),
  op('QLinearConv', [u8(1, 3, 8, 8), ...q(), u8(4, 3, 3, 3), ...q(), ...q()], { pads: [1, 1, 1, 1] }),
  op('QLinearConv', [u8(1, 8, 6, 3), ...q(), u8(4, 3, 3, 3), ...q(), ...q()], { channels_last: 1 }),
  op('QuantizeLinear', [f(2, 3), ...q()]),
  op('DequantizeLinear', [u8(2, 3), ...q()]),
  op('NhwcMaxPool', [u8(1, 8, 8, 3)], { kernel_shape: [2, 2], strides: [2, 2] }),
  op('SkipLayerNormalization', [f(2, 3, 8), f(2, 3, 8), f(8), f(8)], {}, 1),
  op('SkipSimplifiedLayerNormalization', [f(2, 3, 8), f(2, 3, 8), f(8)], {}, 1),
  op(
    'EmbedLayerNormalization',
    [i32([2, 4]), i32([2, 4]), f(9, 8), f(6, 8), f(3, 8), f(8), f(8), i32([2, 4])],
    {},
    2,
  ),
  op('Attention', [f(2, 5, 8), f(8, 24), f(24)], { num_heads: 2 }),
  op(
    'Attention',
    [f(2, 5, 8), f(8, 24), f(24), null, f(2, 2, 2, 3, 4)],
    { num_heads: 2, unidirectional: 1 },
    2,
  ),
  op('Attention', [f(2, 5, 8), f(8, 20), f(20)], { num_heads: 2, qkv_hidden_sizes: [8, 8, 4] }),
  op('QAttention', [u8(2, 5, 8), u8(8, 24), f(24), f(), f(), null, u8(), u8()], { num_heads: 2 }),
  op('MultiHeadAttention', [f(2, 5, 8), f(2, 7, 8), f(2, 7, 12)], { num_heads: 2 }),
  op('MultiHeadAttention', [f(2, 5, 8), f(2, 2, 7, 4), f(2, 2, 7, 4)], { num_heads: 2 }),
  op(
    'MultiHeadAttention',
    [f(2, 5, 8), f(2, 5, 8), f(2, 5, 8), null, null, null, f(2, 2, 3, 4), f(2, 2, 3, 4)],
    { num_heads: 2 },
    3,
  ),
  op(
    'GroupQueryAttention',
    [f(1, 5, 32), f(1, 5, 16), f(1, 5, 16), null, null, i32([1], 4), i32([], 5)],
    { num_heads: 4, kv_num_heads: 2 },
    3,
  ),
  op(
    'GroupQueryAttention',
    [f(1, 1, 64), null, null, f(1, 2, 6, 8), f(1, 2, 6, 8), i32([1], 6), i32([], 7)],
    { num_heads: 4, kv_num_heads: 2 },
    3,
  ),
  op('RotaryEmbedding', [f(1, 5, 16), i64([1, 5], 0, 1, 2, 3, 4), f(10, 4), f(10, 4)], {
    num_heads: 2,
    rotary_embedding_dim: 8,
  }),
  op('GatherND', [f(3, 4, 5), i64([2, 2], 0, 1, 2, 3)]),
  op('GatherBlockQuantized', [u8(9, 16), i64([2, 3], 0, 1, 2, 3, 4, 5), f(9, 2)], {
    bits: 4,
    block_size: 16,
    gather_axis: 0,
    quantize_axis: 1,
  }),
  op('Trilu', [f(3, 4)]),
  op('Range', [i64([], 3), i64([], 20), i64([], 4)]),
  op('Pad', [f(2, 3), i64([4], 1, 0, 2, 1), f()]),
  op('Unique', [f(6)], {}, 3),
  op('GridSample', [f(1, 2, 5, 6), f(1, 3, 4, 2)]),
  op('Inverse', [f(2, 3, 3)]),
  op('MaxpoolWithMask', [f(1, 2, 6, 6), i32([1, 1, 6, 6])], { kernel_shape: [2, 2], strides: [2, 2] }),
  op(
    'DynamicQuantizeLSTM',
    [f(4, 2, 3), u8(1, 3, 20), u8(1, 5, 20), f(1, 40), null, null, null, null, f(1), u8(1), f(1), u8(1)],
    { hidden_size: 5 },
    3,
  ),
  op('MoE', [f(6, 8), f(6, 4), f(4, 16, 8), f(4, 16), f(4, 8, 16), f(4, 8)], {
    k: 2,
    activation_type: 'gelu',
  }),
]

/** A model of one operator of com.microsoft; zero points and weights are constants, as kernels ask for. */
function modelOf({ operator, inputs, outputs = 1, attributes = {} }: Case) {
  const isConstant = (input: In, index: number) =>
    input !== null && (index > 0 || operator.startsWith('QLinearConcat'))
  const names = inputs.map((input, index) => (input === null ? '' : `in${index}`))
  const given = inputs.flatMap((input, index): MeteredInput[] => {
    if (input === null || isConstant(input, index)) return []
    const [type, dims, values] = input
    return [{ name: names[index]!, type, dims, ...(values?.length ? { values } : {}) }]
  })
  const constants = inputs.flatMap((input, index) => {
    if (!isConstant(input, index)) return []
    const [type, dims, values] = input!
    const count = dims.reduce((total, dim) => total * dim, 1)
    const each = Array.from({ length: count }, (_, at) => values?.[at] ?? (type === 'float32' ? 0.5 : 1))
    return [{ name: names[index]!, type, dims, data: elements(type, each) }]
  })
  const node = {
    op: operator,
    domain: 'com.microsoft',
    inputs: names,
    outputs: Array.from({ length: outputs }, (_, index) => `out${index}`),
    attributes,
  }
  const bytes = buildModel({
    opsets: { '': 17, 'com.microsoft': 1 },
    graph: {
      inputs: given.map(({ name, type, dims }) => value(name, type as Type, dims)),
      outputs: [],
      nodes: [node],
      initializers: constants,
    },
  })
  return { bytes, given }
}

function elements(type: Type, values: readonly number[]) {
  if (type === 'float32') return Float32Array.from(values)
  if (type === 'int64') return BigInt64Array.from(values, BigInt)
  if (type === 'int32') return Int32Array.from(values)
  return Uint8Array.from(values)
}

describe('operators of com.microsoft give the shapes that ONNX Runtime gives', () => {
  it.each(CASES.map((each, index) => [`${each.operator} (${index + 1})`, each] as const))(
    '%s',
    async (_, each) => {
      const { bytes, given } = modelOf(each)
      const model = await openModel(bytesSource(bytes))
      const meter = await createMeter(model)
      const inferred = meter.inferShapes(given)
      const dir = await mkdtemp(join(tmpdir(), 'operator-'))
      await writeFile(join(dir, 'model.onnx'), exposingEverything(bytes, model))
      const seen = await runForShapes(join(dir, 'model.onnx'), given)
      await rm(dir, { recursive: true })
      expect([...contradictions(inferred.values, seen), ...inferred.conflicts]).toEqual([])
      expect(inferred.unknownOperators).toEqual([])
      expect(meter.workUnits(given).units).toBeGreaterThan(0n)
    },
  )
})
