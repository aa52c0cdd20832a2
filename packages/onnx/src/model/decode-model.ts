import { OnnxError } from '../errors.js'
import type { ReadLimits } from '../limits.js'
import type { WireField } from '../wire/field.js'
import { malformed } from '../wire/rejection.js'
import type { SparseBytes } from '../wire/sparse-bytes.js'
import { decodeAttribute, decodeGraph, decodeNode, normalDomain } from './decode-graph.js'
import { decodeValueInfo } from './decode-type.js'
import { type DecodeContext, Fields } from './fields.js'
import type { OnnxFunction, OnnxModel } from './model.js'
import { ENTRY, FUNCTION, MODEL, OPSET } from './schema.js'

/** What a model file says, apart from where it and its weights are. */
export type ModelContent = Omit<OnnxModel, 'source' | 'externalData'>

/** Decodes a `ModelProto` from its outline. */
export function decodeModel(bytes: SparseBytes, size: number, limits: ReadLimits): ModelContent {
  const context: DecodeContext = { bytes, limits, fieldsLeft: limits.maxFields }
  const model = new Fields(context, MODEL, { offset: 0, length: size })
  const [irVersion, graph] = [model.number(1), model.one(7)]
  if (irVersion === undefined || graph === undefined) {
    throw new OnnxError('ONNX_NOT_A_MODEL', `not an ONNX model: it has no ${graph ? 'IR version' : 'graph'}`)
  }
  return {
    irVersion,
    producer: [model.text(2), model.text(3)].filter(Boolean).join(' '),
    opsets: decodeOpsets(context, model.all(8)),
    metadata: decodeMetadata(context, model.all(14)),
    graph: decodeGraph(context, graph, 0),
    functions: model.all(25).map(each => decodeFunction(context, each)),
    hasTrainingInfo: model.has(20),
    keptBytes: bytes.keptBytes,
  }
}

function decodeFunction(context: DecodeContext, field: WireField): OnnxFunction {
  const fn = new Fields(context, FUNCTION, field)
  return {
    domain: normalDomain(fn.text(10)),
    name: fn.text(1),
    overload: fn.text(13),
    inputs: fn.allText(4),
    outputs: fn.allText(5),
    attributes: fn.allText(6),
    defaults: fn.all(11).map(each => decodeAttribute(context, each, 0)),
    opsets: decodeOpsets(context, fn.all(9)),
    nodes: fn.all(7).map(each => decodeNode(context, each, 0)),
    values: fn.all(12).map(each => decodeValueInfo(context, each)),
  }
}

function decodeOpsets(context: DecodeContext, fields: readonly WireField[]): ReadonlyMap<string, number> {
  const opsets = new Map<string, number>()
  for (const field of fields) {
    const opset = new Fields(context, OPSET, field)
    const domain = normalDomain(opset.text(1))
    const version = opset.number(2) ?? 0
    const earlier = opsets.get(domain)
    if (earlier !== undefined && earlier !== version) {
      throw malformed(`operator set '${domain}' is imported twice, as ${earlier} and as ${version}`)
    }
    opsets.set(domain, version)
  }
  return opsets
}

/** Metadata values may be long (a dictionary of characters), so they are bytes first. */
function decodeMetadata(context: DecodeContext, fields: readonly WireField[]): ReadonlyMap<string, string> {
  const decoder = new TextDecoder()
  return new Map(
    fields.map(field => {
      const entry = new Fields(context, ENTRY, field)
      return [entry.text(1), decoder.decode(entry.bytes(2))]
    }),
  )
}
