import { type AttributeValue, buildModel, type NodeInit, value } from '@neurovoyance/testing/models'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bytesSource,
  coveredOperators,
  createMeter,
  type MeteredInput,
  OnnxError,
  openModel,
} from '../src/index.js'

const OPERATORS = [...coveredOperators()].flatMap(([domain, names]) =>
  names.map(name => [domain, name] as const),
)

/** Names of attributes that rules read. */
const INTS = [
  'axes',
  'kernel_shape',
  'strides',
  'pads',
  'dilations',
  'perm',
  'shape',
  'split',
  'output_shape',
  'pooled_shape',
  'qkv_hidden_sizes',
  'starts',
  'ends',
  'scan_input_axes',
  'ngram_indexes',
]
const INT = [
  'axis',
  'num_heads',
  'kv_num_heads',
  'q_num_heads',
  'k',
  'K',
  'N',
  'blocksize',
  'group',
  'keepdims',
  'hidden_size',
  'to',
  'batch_dims',
  'channels_last',
  'new_axis',
  'ceil_mode',
  'onesided',
  'bits',
  'transA',
  'num_scan_inputs',
  'layout',
  'expert_weight_bits',
  'allowzero',
  'start',
  'end',
]

const wild = fc.oneof(fc.integer({ min: -3, max: 6 }), fc.constantFrom(-(2n ** 63n), 2n ** 63n - 1n, 2 ** 31))
const attributes: fc.Arbitrary<Record<string, AttributeValue>> = fc
  .tuple(
    fc.dictionary(fc.constantFrom(...INT), wild, { maxKeys: 4 }),
    fc.dictionary(fc.constantFrom(...INTS), fc.array(wild, { maxLength: 5 }), { maxKeys: 3 }),
    fc.option(fc.constantFrom('ij,jk->ik', 'i->', '...ij,jk', 'ii,,', '->'), { nil: undefined }),
  )
  .map(([single, lists, equation]) => ({
    ...single,
    ...lists,
    ...(equation === undefined ? {} : { equation }),
  }))

const input = fc.record({
  type: fc.constantFrom('float32', 'int64', 'bool', 'uint8', 'string'),
  dims: fc.array(fc.constantFrom(0, 1, 2, 3, 7, 2 ** 31), { maxLength: 5 }),
  values: fc.option(fc.array(fc.integer({ min: -4, max: 9 }), { minLength: 1, maxLength: 4 }), {
    nil: undefined,
  }),
})

/** Where elements are told, the input is a vector of them. */
function inputsOf(
  given: readonly { type: string; dims: number[]; values: number[] | undefined }[],
): MeteredInput[] {
  return given.map(({ type, dims, values }, index) =>
    values === undefined || type === 'string' || type === 'float32'
      ? { name: `in${index}`, type, dims }
      : { name: `in${index}`, type, dims: [values.length], values },
  )
}

describe('any operator, at any version, with any inputs and attributes', () => {
  it('is metered or refused with an OnnxError', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...OPERATORS),
        fc.array(input, { maxLength: 7 }),
        attributes,
        fc.nat({ max: 4 }),
        fc.integer({ min: 1, max: 26 }),
        async ([domain, op], given, attributes, outputs, opset) => {
          const inputs = inputsOf(given)
          const node: NodeInit = {
            op,
            domain,
            inputs: inputs.map(({ name }) => name),
            outputs: Array.from({ length: outputs }, (_, index) => `out${index}`),
            attributes,
          }
          const bytes = buildModel({
            opsets: { '': opset, 'com.microsoft': 1, 'ai.onnx.ml': 3 },
            graph: {
              inputs: inputs.map(({ name, type, dims }) =>
                value(
                  name,
                  type as 'float32',
                  dims.map((_, axis) => `${name}_${axis}`),
                ),
              ),
              outputs: [],
              nodes: [node],
            },
          })
          const meter = await createMeter(await openModel(bytesSource(bytes)))
          for (const measure of [
            () => meter.inferShapes(),
            () => meter.workUnits(inputs),
            () => meter.inferShapes(inputs),
          ]) {
            try {
              measure()
            } catch (error) {
              expect(error).toBeInstanceOf(OnnxError)
            }
          }
        },
      ),
      { numRuns: 4000 },
    )
  }, 60_000)
})
