import { type NodeInit, node } from '@neurovoyance/testing/models'
import { describe, expect, it } from 'vitest'
import { type Case, f, type In, i64, op, shapesOf, shapesOfGraph } from './one-operator.js'

const at = (opset: number, each: Case): Case => ({ ...each, opset })

/** Operators as older sets have them: what is an input today was an attribute, what broadcasts did not. */
const OLDER: readonly Case[] = [
  at(11, op('Squeeze', [f(1, 3, 1)], { axes: [0, -1] })),
  at(11, op('Squeeze', [f(1, 3, 1)])),
  at(11, op('Unsqueeze', [f(2, 3)], { axes: [0, 3] })),
  at(9, op('Slice', [f(4, 5, 6)], { starts: [1, -3], ends: [9, -1], axes: [0, 2] })),
  at(10, op('Slice', [f(4, 5), i64([1], -1), i64([1], -9), i64([1], 1), i64([1], -2)])),
  at(10, op('Pad', [f(2, 3)], { pads: [1, 0, 2, 1] })),
  at(11, op('Split', [f(2, 6)], { axis: 1, split: [1, 5] }, 2)),
  at(11, op('Split', [f(2, 6)], { axis: 1 }, 3)),
  at(13, op('Split', [f(2, 7), i64([2], 3, 4)], { axis: 1 }, 2)),
  at(18, op('Split', [f(2, 7)], { axis: 1, num_outputs: 3 }, 3)),
  at(8, op('TopK', [f(2, 6)], { k: 2, axis: 1 }, 2)),
  at(10, op('TopK', [f(2, 6), i64([1], 3)], {}, 2)),
  at(9, op('Upsample', [f(1, 2, 3, 4), ['float32', [4], [1, 1, 2, 1.5]]])),
  at(7, op('Upsample', [f(1, 2, 3, 4)], { scales: { floats: [1, 1, 2, 2] } })),
  at(10, op('Resize', [f(1, 2, 3, 4), ['float32', [4], [1, 1, 0.6, 2.6]]])),
  at(11, op('Resize', [f(1, 2, 3, 4), f(0), f(0), i64([4], 1, 2, 5, 7)])),
  at(13, op('Resize', [f(1, 2, 3, 4), null, ['float32', [4], [1, 1, 1.7, 0.34]]], { mode: 'linear' })),
  at(
    18,
    op('Resize', [f(1, 2, 30, 40), null, null, i64([2], 12, 12)], {
      axes: [2, 3],
      keep_aspect_ratio_policy: 'not_larger',
    }),
  ),
  at(11, op('ReduceSum', [f(2, 3, 4)], { axes: [1], keepdims: 0 })),
  at(13, op('ReduceSum', [f(2, 3, 4), i64([1], -1)])),
  at(13, op('ReduceMean', [f(2, 3, 4)], { axes: [0, 2] })),
  at(18, op('ReduceMax', [f(2, 3, 4), i64([2], 0, 2)], { keepdims: 0 })),
  at(11, op('Clip', [f(2), f(), f()])),
  at(7, op('Dropout', [f(2, 3)])),
  at(7, op('Gemm', [f(2, 3), f(3, 4), f(4)])),
  at(9, op('Flatten', [f(2, 3, 4)], { axis: 2 })),
  at(9, op('OneHot', [i64([2, 3]), i64([], 5), f(2)], { axis: 1 })),
  at(
    12,
    op('MaxPool', [f(1, 2, 7, 8)], {
      kernel_shape: [3, 2],
      strides: [2, 3],
      ceil_mode: 1,
      pads: [1, 0, 1, 1],
    }),
  ),
  at(12, op('MaxPool', [f(1, 2, 7, 8)], { kernel_shape: [3, 2], strides: [2, 3], auto_pad: 'SAME_UPPER' })),
  at(
    19,
    op('AveragePool', [f(1, 2, 9, 8)], {
      kernel_shape: [2, 2],
      strides: [3, 3],
      ceil_mode: 1,
      dilations: [2, 1],
    }),
  ),
  at(
    11,
    op('ConvTranspose', [f(1, 3, 5, 6), f(3, 2, 3, 4)], {
      strides: [2, 3],
      group: 1,
      output_padding: [1, 0],
      pads: [1, 0, 0, 1],
    }),
  ),
  at(
    11,
    op('ConvTranspose', [f(1, 4, 5, 6), f(4, 2, 3, 4)], {
      strides: [2, 3],
      group: 2,
      auto_pad: 'SAME_LOWER',
    }),
  ),
  at(11, op('Conv', [f(1, 4, 9), f(6, 2, 3)], { group: 2, dilations: [2], auto_pad: 'VALID' })),
  at(
    14,
    op('LSTM', [f(4, 2, 3), f(2, 20, 3), f(2, 20, 5)], { hidden_size: 5, direction: 'bidirectional' }, 3),
  ),
  at(14, op('GRU', [f(4, 2, 3), f(1, 15, 3), f(1, 15, 5)], { hidden_size: 5 }, 2)),
  at(14, op('RNN', [f(4, 2, 3), f(1, 5, 3), f(1, 5, 5)], { hidden_size: 5 }, 2)),
  at(12, op('Einsum', [f(2, 3, 4), f(2, 4, 5)], { equation: 'bij,bjk->bik' })),
  at(17, op('LayerNormalization', [f(2, 3, 8), f(8), f(8)], {}, 3)),
  at(20, op('Gelu', [f(2, 3)])),
  at(20, op('AffineGrid', [f(2, 2, 3), i64([4], 2, 3, 5, 6)])),
  at(23, op('RMSNormalization', [f(2, 3, 8), f(8)])),
  at(23, op('Attention', [f(1, 4, 16), f(1, 6, 8), f(1, 6, 8)], { q_num_heads: 4, kv_num_heads: 2 })),
  at(23, op('Attention', [f(1, 4, 5, 8), f(1, 2, 6, 8), f(1, 2, 6, 3)])),
]

const classical = (each: Case): Case => ({ ...each, domain: 'ai.onnx.ml' })
const floats = (...values: number[]) => ({ floats: values })

const CLASSICAL: readonly Case[] = [
  op('Scaler', [f(2, 3)], { offset: floats(0), scale: floats(2) }),
  op('Normalizer', [f(2, 3)], { norm: 'L2' }),
  op('Binarizer', [f(2, 3)], { threshold: { float: 0.5 } }),
  op('OneHotEncoder', [i64([2, 3])], { cats_int64s: [1, 2, 3, 4] }),
  op('ArrayFeatureExtractor', [f(2, 5), i64([3], 0, 2, 4)]),
  op('LinearRegressor', [f(2, 3)], { coefficients: floats(1, 2, 3, 4, 5, 6), targets: 2 }),
  op(
    'LinearClassifier',
    [f(2, 3)],
    { coefficients: floats(1, 2, 3, 4, 5, 6), intercepts: floats(0, 0), classlabels_ints: [4, 7] },
    2,
  ),
]

describe('operators of older and newer sets give the shapes that ONNX Runtime gives', () => {
  const named = (cases: readonly Case[]) =>
    cases.map((each, index) => [`${each.operator} of ${each.opset ?? 17} (${index + 1})`, each] as const)
  it.each([...named(OLDER), ...named(CLASSICAL.map(classical))])('%s', async (_, each) => {
    const { differences, isExact, unknownOperators } = await shapesOf(each)
    expect(differences).toEqual([])
    expect(isExact).toBe(true)
    expect(unknownOperators).toEqual([])
  })
})

describe('sequences give the tensors that ONNX Runtime gives', () => {
  const integer = (name: string, ...values: number[]) => node('Constant', [], [name], { value_ints: values })
  const index = (name: string, value: number) => node('Constant', [], [name], { value_int: value })
  it.each<[string, readonly In[], readonly NodeInit[], readonly string[]]>([
    [
      'made from tensors of several sizes, joined',
      [f(2, 3), f(4, 3)],
      [
        node('SequenceConstruct', ['in0', 'in1'], ['s']),
        node('ConcatFromSequence', ['s'], ['y'], { axis: 0 }),
      ],
      ['y'],
    ],
    [
      'made from tensors, stacked',
      [f(2, 3), f(2, 3)],
      [
        node('SequenceConstruct', ['in0', 'in1'], ['s']),
        node('ConcatFromSequence', ['s'], ['y'], { axis: -1, new_axis: 1 }),
        node('SequenceLength', ['s'], ['n']),
      ],
      ['y', 'n'],
    ],
    [
      'split, an element taken',
      [f(5, 3)],
      [
        node('SplitToSequence', ['in0'], ['s'], { axis: 0, keepdims: 0 }),
        index('i', 2),
        node('SequenceAt', ['s', 'i'], ['y']),
      ],
      ['y'],
    ],
    [
      'split into several sizes, joined again',
      [f(5, 3)],
      [
        integer('sizes', 2, 3),
        node('SplitToSequence', ['in0', 'sizes'], ['s'], { axis: 0 }),
        index('i', 1),
        node('SequenceAt', ['s', 'i'], ['part']),
        node('ConcatFromSequence', ['s'], ['y'], { axis: 0 }),
      ],
      ['part', 'y'],
    ],
    [
      'grown and shrunk',
      [f(2, 3)],
      [
        node('SequenceEmpty', [], ['none']),
        node('SequenceInsert', ['none', 'in0'], ['one']),
        node('SequenceInsert', ['one', 'in0'], ['two']),
        node('SequenceErase', ['two'], ['less']),
        node('ConcatFromSequence', ['two'], ['y'], { axis: 1 }),
        node('SequenceLength', ['less'], ['n']),
      ],
      ['y', 'n'],
    ],
  ])('%s', async (title, inputs, nodes, names) => {
    const { differences, isExact, unknownOperators } = await shapesOfGraph(
      { inputs, constantsFrom: 9 },
      nodes,
      names,
    )
    expect(differences).toEqual([])
    // What a sequence of several sizes holds at a place, only a run tells.
    expect(isExact).toBe(!title.includes('several sizes'))
    expect(unknownOperators).toEqual([])
  })
})
