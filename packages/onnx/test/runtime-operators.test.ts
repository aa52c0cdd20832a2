import { describe, expect, it } from 'vitest'
import { type Case, f, i32, i64, op, q, shapesOf, u8 } from './one-operator.js'

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
  op('QLinearConcat', [f(), u8(), u8(2, 3), ...q(), u8(2, 4), ...q()], { axis: 1 }),
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

describe('operators of com.microsoft give the shapes that ONNX Runtime gives', () => {
  it.each(CASES.map((each, index) => [`${each.operator} (${index + 1})`, each] as const))(
    '%s',
    async (_, each) => {
      // QLinearConcat begins with a scale, which is a constant.
      const constantsFrom = each.operator === 'QLinearConcat' ? 0 : 1
      const { differences, isExact, unknownOperators, units } = await shapesOf({
        ...each,
        domain: 'com.microsoft',
        constantsFrom,
      })
      expect(differences).toEqual([])
      expect(unknownOperators).toEqual([])
      expect(isExact).toBe(each.operator !== 'Unique')
      expect(units).toBeGreaterThan(0n)
    },
  )
})
