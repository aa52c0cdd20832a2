// Generated from proto/neurovoyance/inference/v1/inference.proto by `pnpm generate`: edit that file, not this one.
import { checkCid } from '../ids/checks.js'
import { LIMITS } from '../limits.js'
import type { Codec, ServiceDefinition } from '../rpc/service.js'
import { messageCodec } from '../wire/codec.js'
import type { WireReader } from '../wire/reader.js'
import type { WireWriter } from '../wire/writer.js'
import { readPrice, type Price, writePrice } from './market.js'
import { readCharge, readPayment, type Charge, type Payment, writeCharge, writePayment } from './payment.js'

/** Asks for a model's inputs and outputs. */
export interface DescribeRequest {
  /** The model's CID. */
  readonly model: string
  /** Which ONNX file of the bundle: its path, or its name without .onnx; empty for the default one. */
  readonly file: string
}

export function readDescribeRequest(reader: WireReader): DescribeRequest {
  let model: string = ''
  let file: string = ''
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        model = reader.string('DescribeRequest.model', LIMITS.idBytes)
        break
      case 18:
        file = reader.string('DescribeRequest.file', LIMITS.textBytes)
        break
      default:
        reader.skip(tag)
    }
  }
  checkCid(model, 'DescribeRequest.model')
  return { model, file }
}

export function writeDescribeRequest(writer: WireWriter, value: DescribeRequest): void {
  checkCid(value.model, 'DescribeRequest.model')
  if (value.model !== '') writer.string(10, value.model, 'DescribeRequest.model', LIMITS.idBytes)
  if (value.file !== '') writer.string(18, value.file, 'DescribeRequest.file', LIMITS.textBytes)
}

/** Codec of {@link DescribeRequest}, at most `LIMITS.smallMessageBytes`. */
export const DescribeRequest: Codec<DescribeRequest> = /* @__PURE__ */ messageCodec('DescribeRequest', LIMITS.smallMessageBytes, readDescribeRequest, writeDescribeRequest)

/** A model's inputs and outputs. */
export interface DescribeResponse {
  /** The name people know the model by. */
  readonly name: string
  /** Whether a session holds it in memory now. */
  readonly loaded: boolean
  /** Size of the model's files. */
  readonly bytes: number
  /** In the order of the model's graph. */
  readonly inputs: readonly TensorSpec[]
  /** In the order of the model's graph. */
  readonly outputs: readonly TensorSpec[]
  /** What the node asks for a run; absent where it is free. */
  readonly price?: Price | undefined
}

export function readDescribeResponse(reader: WireReader): DescribeResponse {
  let name: string = ''
  let loaded: boolean = false
  let bytes: number = 0
  const inputs: TensorSpec[] = []
  const outputs: TensorSpec[] = []
  let price: Price | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        name = reader.string('DescribeResponse.name', LIMITS.nameBytes)
        break
      case 16:
        loaded = reader.bool('DescribeResponse.loaded')
        break
      case 24:
        bytes = reader.varint('DescribeResponse.bytes')
        break
      case 34:
        reader.room('DescribeResponse.inputs', inputs.length, LIMITS.tensors)
        inputs.push(reader.nested('DescribeResponse.inputs', readTensorSpec))
        break
      case 42:
        reader.room('DescribeResponse.outputs', outputs.length, LIMITS.tensors)
        outputs.push(reader.nested('DescribeResponse.outputs', readTensorSpec))
        break
      case 130:
        price = reader.nested('DescribeResponse.price', readPrice)
        break
      default:
        reader.skip(tag)
    }
  }
  return { name, loaded, bytes, inputs, outputs, price }
}

export function writeDescribeResponse(writer: WireWriter, value: DescribeResponse): void {
  if (value.name !== '') writer.string(10, value.name, 'DescribeResponse.name', LIMITS.nameBytes)
  if (value.loaded) writer.uint(16, value.loaded ? 1 : 0, 'DescribeResponse.loaded', 1)
  if (value.bytes !== 0) writer.uint(24, value.bytes, 'DescribeResponse.bytes', Number.MAX_SAFE_INTEGER)
  writer.items('DescribeResponse.inputs', value.inputs.length, LIMITS.tensors)
  for (const item of value.inputs) writer.nested(34, item, writeTensorSpec)
  writer.items('DescribeResponse.outputs', value.outputs.length, LIMITS.tensors)
  for (const item of value.outputs) writer.nested(42, item, writeTensorSpec)
  if (value.price !== undefined) writer.nested(130, value.price, writePrice)
}

/** Codec of {@link DescribeResponse}, at most `LIMITS.signatureMessageBytes`. */
export const DescribeResponse: Codec<DescribeResponse> = /* @__PURE__ */ messageCodec('DescribeResponse', LIMITS.signatureMessageBytes, readDescribeResponse, writeDescribeResponse)

/** One input or output of a model. */
export interface TensorSpec {
  /** The name in the graph. */
  readonly name: string
  /** Element type as ONNX Runtime's JavaScript API spells it, or another ONNX value type. */
  readonly type: string
  /** Outermost first. */
  readonly dims: readonly Dimension[]
  /** Whether a run may leave it out. */
  readonly optional: boolean
  /** Whether the number of dimensions is not known; dims is empty then. */
  readonly unranked: boolean
}

export function readTensorSpec(reader: WireReader): TensorSpec {
  let name: string = ''
  let type: string = ''
  const dims: Dimension[] = []
  let optional: boolean = false
  let unranked: boolean = false
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        name = reader.string('TensorSpec.name', LIMITS.tensorNameBytes)
        break
      case 18:
        type = reader.string('TensorSpec.type', LIMITS.nameBytes)
        break
      case 26:
        reader.room('TensorSpec.dims', dims.length, LIMITS.tensorRank)
        dims.push(reader.nested('TensorSpec.dims', readDimension))
        break
      case 32:
        optional = reader.bool('TensorSpec.optional')
        break
      case 40:
        unranked = reader.bool('TensorSpec.unranked')
        break
      default:
        reader.skip(tag)
    }
  }
  return { name, type, dims, optional, unranked }
}

export function writeTensorSpec(writer: WireWriter, value: TensorSpec): void {
  if (value.name !== '') writer.string(10, value.name, 'TensorSpec.name', LIMITS.tensorNameBytes)
  if (value.type !== '') writer.string(18, value.type, 'TensorSpec.type', LIMITS.nameBytes)
  writer.items('TensorSpec.dims', value.dims.length, LIMITS.tensorRank)
  for (const item of value.dims) writer.nested(26, item, writeDimension)
  if (value.optional) writer.uint(32, value.optional ? 1 : 0, 'TensorSpec.optional', 1)
  if (value.unranked) writer.uint(40, value.unranked ? 1 : 0, 'TensorSpec.unranked', 1)
}

/** One dimension: a size, a symbol, or neither where anything fits. */
export interface Dimension {
  /** Elements along it. */
  readonly size?: number | undefined
  /** What its author called it: "batch". The same name may be another size in each place. */
  readonly symbol?: string | undefined
}

export function readDimension(reader: WireReader): Dimension {
  let size: number | undefined
  let symbol: string | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        size = reader.varint('Dimension.size')
        break
      case 18:
        symbol = reader.string('Dimension.symbol', LIMITS.nameBytes)
        break
      default:
        reader.skip(tag)
    }
  }
  return { size, symbol }
}

export function writeDimension(writer: WireWriter, value: Dimension): void {
  if (value.size !== undefined) writer.uint(8, value.size, 'Dimension.size', Number.MAX_SAFE_INTEGER)
  if (value.symbol !== undefined) writer.string(18, value.symbol, 'Dimension.symbol', LIMITS.nameBytes)
}

/** Asks for one run. */
export interface InferRequest {
  /** The model's CID. */
  readonly model: string
  /** attachments[i] is the tensor frame of input_names[i]. */
  readonly inputNames: readonly string[]
  /** The outputs wanted; none means all. */
  readonly outputNames: readonly string[]
  /** Which ONNX file of the bundle: its path, or its name without .onnx; empty for the default one. */
  readonly file: string
  /** Pays for the run; absent where it is free. */
  readonly payment?: Payment | undefined
}

export function readInferRequest(reader: WireReader): InferRequest {
  let model: string = ''
  const inputNames: string[] = []
  const outputNames: string[] = []
  let file: string = ''
  let payment: Payment | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        model = reader.string('InferRequest.model', LIMITS.idBytes)
        break
      case 18:
        reader.room('InferRequest.inputNames', inputNames.length, LIMITS.tensors)
        inputNames.push(reader.string('InferRequest.inputNames', LIMITS.tensorNameBytes))
        break
      case 26:
        reader.room('InferRequest.outputNames', outputNames.length, LIMITS.tensors)
        outputNames.push(reader.string('InferRequest.outputNames', LIMITS.tensorNameBytes))
        break
      case 34:
        file = reader.string('InferRequest.file', LIMITS.textBytes)
        break
      case 130:
        payment = reader.nested('InferRequest.payment', readPayment)
        break
      default:
        reader.skip(tag)
    }
  }
  checkCid(model, 'InferRequest.model')
  return { model, inputNames, outputNames, file, payment }
}

export function writeInferRequest(writer: WireWriter, value: InferRequest): void {
  checkCid(value.model, 'InferRequest.model')
  if (value.model !== '') writer.string(10, value.model, 'InferRequest.model', LIMITS.idBytes)
  writer.items('InferRequest.inputNames', value.inputNames.length, LIMITS.tensors)
  for (const item of value.inputNames) writer.string(18, item, 'InferRequest.inputNames', LIMITS.tensorNameBytes)
  writer.items('InferRequest.outputNames', value.outputNames.length, LIMITS.tensors)
  for (const item of value.outputNames) writer.string(26, item, 'InferRequest.outputNames', LIMITS.tensorNameBytes)
  if (value.file !== '') writer.string(34, value.file, 'InferRequest.file', LIMITS.textBytes)
  if (value.payment !== undefined) writer.nested(130, value.payment, writePayment)
}

/** Codec of {@link InferRequest}, at most `LIMITS.inferMessageBytes`. */
export const InferRequest: Codec<InferRequest> = /* @__PURE__ */ messageCodec('InferRequest', LIMITS.inferMessageBytes, readInferRequest, writeInferRequest)

/** The result of one run. */
export interface InferResponse {
  /** attachments[i] is the tensor frame of output_names[i]. */
  readonly outputNames: readonly string[]
  /** How the run went. */
  readonly stats?: RunStats | undefined
  /** What was charged; absent where the run was free. */
  readonly charge?: Charge | undefined
}

export function readInferResponse(reader: WireReader): InferResponse {
  const outputNames: string[] = []
  let stats: RunStats | undefined
  let charge: Charge | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        reader.room('InferResponse.outputNames', outputNames.length, LIMITS.tensors)
        outputNames.push(reader.string('InferResponse.outputNames', LIMITS.tensorNameBytes))
        break
      case 18:
        stats = reader.nested('InferResponse.stats', readRunStats)
        break
      case 130:
        charge = reader.nested('InferResponse.charge', readCharge)
        break
      default:
        reader.skip(tag)
    }
  }
  return { outputNames, stats, charge }
}

export function writeInferResponse(writer: WireWriter, value: InferResponse): void {
  writer.items('InferResponse.outputNames', value.outputNames.length, LIMITS.tensors)
  for (const item of value.outputNames) writer.string(10, item, 'InferResponse.outputNames', LIMITS.tensorNameBytes)
  if (value.stats !== undefined) writer.nested(18, value.stats, writeRunStats)
  if (value.charge !== undefined) writer.nested(130, value.charge, writeCharge)
}

/** Codec of {@link InferResponse}, at most `LIMITS.inferMessageBytes`. */
export const InferResponse: Codec<InferResponse> = /* @__PURE__ */ messageCodec('InferResponse', LIMITS.inferMessageBytes, readInferResponse, writeInferResponse)

/** How a run went on the node that made it. */
export interface RunStats {
  /** Time in the queue. */
  readonly queueUs: number
  /** Time in the backend. */
  readonly runUs: number
  /** What ran it: "cpu", "cuda", "webgpu". */
  readonly backend: string
  /** Whether the model had to be loaded for this run. */
  readonly cold: boolean
}

export function readRunStats(reader: WireReader): RunStats {
  let queueUs: number = 0
  let runUs: number = 0
  let backend: string = ''
  let cold: boolean = false
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        queueUs = reader.varint('RunStats.queueUs')
        break
      case 16:
        runUs = reader.varint('RunStats.runUs')
        break
      case 26:
        backend = reader.string('RunStats.backend', LIMITS.nameBytes)
        break
      case 32:
        cold = reader.bool('RunStats.cold')
        break
      default:
        reader.skip(tag)
    }
  }
  return { queueUs, runUs, backend, cold }
}

export function writeRunStats(writer: WireWriter, value: RunStats): void {
  if (value.queueUs !== 0) writer.uint(8, value.queueUs, 'RunStats.queueUs', Number.MAX_SAFE_INTEGER)
  if (value.runUs !== 0) writer.uint(16, value.runUs, 'RunStats.runUs', Number.MAX_SAFE_INTEGER)
  if (value.backend !== '') writer.string(26, value.backend, 'RunStats.backend', LIMITS.nameBytes)
  if (value.cold) writer.uint(32, value.cold ? 1 : 0, 'RunStats.cold', 1)
}

/** Runs models that this node hosts. */
export const InferenceService = {
  name: 'inference',
  version: '1.0.0',
  methods: {
    /** Tells a model's inputs and outputs. */
    Describe: {
      name: 'Describe',
      kind: 'unary',
      request: DescribeRequest,
      response: DescribeResponse,
      maxAttachmentBytes: 0,
    },
    /**
     * Runs a model once. The request's attachment i is the tensor frame of input_names[i], the response's
     * attachment i that of output_names[i]. The deadline and the trace travel in the call's head.
     */
    Infer: {
      name: 'Infer',
      kind: 'unary',
      request: InferRequest,
      response: InferResponse,
      maxAttachmentBytes: LIMITS.inferAttachmentBytes,
    },
  },
} as const satisfies ServiceDefinition
