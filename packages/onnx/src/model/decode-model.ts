import { OnnxError } from '../errors.js'
import type { ReadLimits } from '../limits.js'
import type { WireField } from '../wire/field.js'
import { malformed } from '../wire/rejection.js'
import type { SparseBytes } from '../wire/sparse-bytes.js'
import { decodeAttribute, decodeGraph, decodeNode, normalDomain } from './decode-graph.js'
import { decodeValueInfo } from './decode-type.js'
import { createDecodeContext, type DecodeContext, Fields } from './fields.js'
import type { OnnxFunction, OnnxModel } from './model.js'
import { ENTRY, FUNCTION, MODEL, OPSET } from './schema.js'
import { mapSliced, type Sliced } from './slices.js'

/** What a model file says, apart from where it and its weights are. */
export type ModelContent = Omit<OnnxModel, 'source' | 'externalData'>

/** Decodes a `ModelProto` from its outline. */
export function* decodeModel(bytes: SparseBytes, size: number, limits: ReadLimits): Sliced<ModelContent> {
  const context = createDecodeContext(bytes, limits)
  const model = yield* Fields.read(context, MODEL, { offset: 0, length: size })
  const [irVersion, graph] = [model.number(1), model.one(7)]
  if (irVersion === undefined || graph === undefined) {
    throw new OnnxError('ONNX_NOT_A_MODEL', `not an ONNX model: it has no ${graph ? 'IR version' : 'graph'}`)
  }
  return {
    irVersion,
    producer: [model.text(2), model.text(3)].filter(Boolean).join(' '),
    opsets: yield* decodeOpsets(context, model.all(8)),
    metadata: yield* decodeMetadata(context, model.all(14)),
    graph: yield* decodeGraph(context, graph, 0),
    functions: yield* mapSliced(model.all(25), each => decodeFunction(context, each)),
    hasTrainingInfo: model.has(20),
    keptBytes: bytes.keptBytes,
  }
}

function* decodeFunction(context: DecodeContext, field: WireField): Sliced<OnnxFunction> {
  const fn = yield* Fields.read(context, FUNCTION, field)
  return {
    domain: normalDomain(fn.text(10)),
    name: fn.text(1),
    overload: fn.text(13),
    inputs: yield* fn.allText(4),
    outputs: yield* fn.allText(5),
    attributes: yield* fn.allText(6),
    defaults: yield* mapSliced(fn.all(11), each => decodeAttribute(context, each, 0)),
    opsets: yield* decodeOpsets(context, fn.all(9)),
    nodes: yield* mapSliced(fn.all(7), each => decodeNode(context, each, 0)),
    values: yield* mapSliced(fn.all(12), each => decodeValueInfo(context, each)),
  }
}

function* decodeOpsets(
  context: DecodeContext,
  fields: readonly WireField[],
): Sliced<ReadonlyMap<string, number>> {
  const opsets = new Map<string, number>()
  for (const field of fields) {
    const opset = yield* Fields.read(context, OPSET, field)
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
function* decodeMetadata(
  context: DecodeContext,
  fields: readonly WireField[],
): Sliced<ReadonlyMap<string, string>> {
  const decoder = new TextDecoder()
  const metadata = new Map<string, string>()
  for (const field of fields) {
    const entry = yield* Fields.read(context, ENTRY, field)
    metadata.set(entry.text(1), decoder.decode(entry.bytes(2)))
  }
  return metadata
}
