import { elementBits } from '../element-types.js'
import type { Call } from '../shapes/call.js'
import { broadcast } from './broadcast.js'
import { sameAsInput } from './elementwise.js'
import { type OperatorRule, onnx, type RuleEntry } from './rule.js'

const concat: OperatorRule = {
  infer: call => [{ type: 'string', dims: broadcast([call.dims(0), call.dims(1)]) }],
}

const split: OperatorRule = {
  infer: call => {
    const dims = call.dims(0)
    return [{ type: 'string', dims: dims && [...dims, call.fresh()] }, sameAsInput(call, 'int64')]
  },
}

/** Strings that are stop words go. */
const normalizer: OperatorRule = {
  infer: call => {
    const dims = call.dimsFromRank(0, 1)
    const isKept = call.listLength('stopwords') === undefined
    return [{ type: 'string', dims: isKept ? dims : dims?.with(-1, call.fresh(0, upperOf(call))) }]
  },
}

function upperOf(call: Call): number {
  const last = call.dims(0)?.at(-1)
  return typeof last === 'number' ? Math.max(1, last) : Number.POSITIVE_INFINITY
}

const matches: OperatorRule = { infer: call => [sameAsInput(call, 'bool')] }

const tfIdf: OperatorRule = {
  infer: call => {
    const dims = call.dims(0)
    const indexes = call.ints('ngram_indexes')
    const width = indexes?.reduce((most, index) => Math.max(most, index + 1), 0) ?? call.fresh()
    return [{ type: 'float32', dims: dims && [...dims.slice(0, -1), width] }]
  },
}

const imageDecoder: OperatorRule = {
  infer: call => {
    const channels = call.text('pixel_format', 'RGB') === 'Grayscale' ? 1 : 3
    return [{ type: 'uint8', dims: [call.fresh(), call.fresh(), channels] }]
  },
}

/** The last dimension counts bytes of the new type. */
const bitCast: OperatorRule = {
  infer: call => {
    const [from, to] = [call.type(0), call.typeAttribute('to', undefined)]
    const sameWidth = from !== undefined && to !== undefined && elementBits(from) === elementBits(to)
    const dims = call.dims(0)
    return [{ type: to, dims: sameWidth ? dims : dims && [...dims.slice(0, -1), call.fresh()] }]
  },
}

/** Strings, encoded images and elements by their bits. */
export const TEXT: readonly RuleEntry[] = [
  onnx('StringConcat', 20, concat),
  onnx('StringSplit', 20, split),
  onnx('StringNormalizer', 10, normalizer),
  onnx('RegexFullMatch', 20, matches),
  onnx('TfIdfVectorizer', 9, tfIdf),
  onnx('ImageDecoder', 20, imageDecoder),
  onnx('BitCast', 26, bitCast),
]
