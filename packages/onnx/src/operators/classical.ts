import type { OnnxElementType } from '../element-types.js'
import type { Call } from '../shapes/call.js'
import type { Fact } from '../shapes/fact.js'
import { add, type Size } from '../shapes/size.js'
import { sameAsInput } from './elementwise.js'
import type { OperatorRule, RuleEntry } from './rule.js'
import { perInput, SIMPLE } from './work-rules.js'

/** Rules of ai.onnx.ml. */
function classical(operators: string, rule: OperatorRule): RuleEntry {
  return { domain: 'ai.onnx.ml', operators: operators.split(' '), since: 1, rule }
}

/** Rows of samples; a single row may come without its dimension. */
function samples(call: Call): Size {
  const dims = call.dims(0)
  return dims === undefined ? call.fresh() : dims.length < 2 ? 1 : dims[0]!
}

const same = (type?: OnnxElementType): OperatorRule => ({
  infer: call => [sameAsInput(call, type ?? call.type(0))],
  work: perInput(SIMPLE),
})

/** A label and a score for each class, for each sample. */
const classifier: OperatorRule = {
  infer: call => {
    const strings = call.listLength('classlabels_strings')
    const count = strings ?? call.listLength('classlabels_ints') ?? call.listLength('classlabels_int64s')
    const rows = samples(call)
    const label: OnnxElementType = (strings ?? 0) > 0 ? 'string' : 'int64'
    return [
      { type: label, dims: [rows] },
      { type: 'float32', dims: [rows, count ?? call.fresh()] },
    ]
  },
  work: (call, outputs) => ({ macs: ofModel(call), bytes: call.allBytes(outputs) }),
}

const regressor: OperatorRule = {
  infer: call => [{ type: 'float32', dims: [samples(call), call.int('n_targets', call.int('targets', 1))] }],
  work: (call, outputs) => ({ macs: ofModel(call), bytes: call.allBytes(outputs) }),
}

/** Every coefficient, support vector and tree node, once for each sample. */
function ofModel(call: Call): bigint {
  const lists = ['coefficients', 'support_vectors', 'nodes_values', 'nodes_splits']
  const stored = lists.reduce((sum, name) => sum + (call.listLength(name) ?? 0), 0)
  return call.upper(samples(call)) * BigInt(Math.max(1, stored))
}

const treeEnsemble: OperatorRule = {
  infer: call => [{ type: call.type(0), dims: [samples(call), call.int('n_targets', 1)] }],
  work: (call, outputs) => ({ macs: ofModel(call), bytes: call.allBytes(outputs) }),
}

const labelEncoder: OperatorRule = {
  infer: call => {
    const isString = call.hasAttribute('values_strings') || call.type(0) === 'int64'
    const isFloat = call.hasAttribute('values_floats')
    const type = call.tensor('values_tensor')?.elementType
    return [sameAsInput(call, type ?? (isFloat ? 'float32' : isString ? 'string' : 'int64'))]
  },
}

const oneHotEncoder: OperatorRule = {
  infer: call => {
    const dims = call.dims(0)
    const count = call.listLength('cats_int64s') ?? call.listLength('cats_strings') ?? call.fresh()
    return [{ type: 'float32', dims: dims && [...dims, count] }]
  },
}

const arrayFeatureExtractor: OperatorRule = {
  infer: call => {
    const { type, dims } = call.fact(0)
    const picked = call.dims(1)?.at(-1) ?? call.fresh()
    return [{ type, dims: dims && [...(dims.length === 1 ? [1] : dims.slice(0, -1)), picked] }]
  },
}

const featureVectorizer: OperatorRule = {
  infer: call => {
    const widths = call.ints('inputdimensions')
    const given = call.inputs.map(each => each?.dims?.at(-1) ?? call.fresh())
    const width = (widths ?? given).reduce<Size>((sum, each) => add(sum, each), 0)
    const facts: Fact[] = [{ type: 'float32', dims: [samples(call), width] }]
    return facts
  },
}

const zipMap: OperatorRule = { infer: call => [{ type: 'float32', dims: [], length: samples(call) }] }

/** Models of before neural networks. */
export const CLASSICAL: readonly RuleEntry[] = [
  classical('Binarizer Imputer', same()),
  classical('Normalizer Scaler', same('float32')),
  classical('LinearClassifier SVMClassifier TreeEnsembleClassifier', classifier),
  classical('LinearRegressor SVMRegressor TreeEnsembleRegressor', regressor),
  classical('TreeEnsemble', treeEnsemble),
  classical('LabelEncoder CategoryMapper', labelEncoder),
  classical('OneHotEncoder', oneHotEncoder),
  classical('ArrayFeatureExtractor', arrayFeatureExtractor),
  classical('FeatureVectorizer', featureVectorizer),
  classical('ZipMap', zipMap),
]
