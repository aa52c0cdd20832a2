import { elementBits, type OnnxElementType } from '../element-types.js'
import { tensorBytes } from '../identity/tensor-bytes.js'
import type { OnnxModel, OnnxTensor } from '../model/model.js'
import { walkTensors } from '../model/walk.js'
import { saturate } from './expression.js'

/** Elements of the weights that shapes can depend on. */
export type Constants = ReadonlyMap<OnnxTensor, readonly number[]>

/** The most elements of a tensor of integers, and of one of fractions, that are kept. */
export const MAX_VALUES = 256
const MAX_FRACTIONS = 16
/** The most elements that are kept together; the tensors after them count as unknown. */
const MAX_ALL_VALUES = 1_000_000
const READS_AT_ONCE = 64

type Reader = (view: DataView, offset: number) => number

const READERS: Readonly<Partial<Record<OnnxElementType, Reader>>> = {
  bool: (view, at) => (view.getUint8(at) === 0 ? 0 : 1),
  int8: (view, at) => view.getInt8(at),
  uint8: (view, at) => view.getUint8(at),
  int16: (view, at) => view.getInt16(at, true),
  uint16: (view, at) => view.getUint16(at, true),
  int32: (view, at) => view.getInt32(at, true),
  uint32: (view, at) => view.getUint32(at, true),
  int64: (view, at) => saturate(Number(view.getBigInt64(at, true))),
  uint64: (view, at) => saturate(Number(view.getBigUint64(at, true))),
  float16: (view, at) => halfFloat(view.getUint16(at, true)),
  bfloat16: (view, at) => {
    const wide = new DataView(new ArrayBuffer(4))
    wide.setUint32(0, view.getUint16(at, true) << 16)
    return wide.getFloat32(0)
  },
  float32: (view, at) => view.getFloat32(at, true),
  float64: (view, at) => view.getFloat64(at, true),
}

/** Of tensors outside the model's own file only those whose type shapes are made of, so that it is rarely needed. */
const EXTERNAL_TYPES: ReadonlySet<OnnxElementType> = new Set(['int32', 'int64'])

const FRACTIONS: ReadonlySet<OnnxElementType> = new Set(['float16', 'bfloat16', 'float32', 'float64'])

/**
 * Reads the small weights that shapes can depend on: up to 256 integers or 16 fractions each, and
 * of those outside the model's own file only integers of 32 and 64 bits.
 *
 * @throws OnnxError `ONNX_EXTERNAL_DATA` where one lies in a file that cannot be read.
 */
export async function readConstants(model: OnnxModel): Promise<Constants> {
  const wanted: OnnxTensor[] = []
  let total = 0
  for (const tensor of walkTensors(model)) {
    const count = keptElements(tensor)
    total += count ?? 0
    if (count !== undefined && total <= MAX_ALL_VALUES) wanted.push(tensor)
  }
  const constants = new Map<OnnxTensor, readonly number[]>()
  for (let at = 0; at < wanted.length; at += READS_AT_ONCE) {
    const batch = wanted.slice(at, at + READS_AT_ONCE)
    const elements = await Promise.all(batch.map(tensor => readElements(model, tensor)))
    for (const [index, values] of elements.entries()) {
      if (values.every(Number.isFinite)) constants.set(batch[index]!, values)
    }
  }
  return constants
}

/** How many elements of a tensor are kept; `undefined` where none are. */
function keptElements({ elementType, dims, location }: OnnxTensor): number | undefined {
  if (READERS[elementType] === undefined) return undefined
  if (location.kind === 'external' && !EXTERNAL_TYPES.has(elementType)) return undefined
  const count = dims.reduce((product, dim) => product * dim, 1)
  return count <= (FRACTIONS.has(elementType) ? MAX_FRACTIONS : MAX_VALUES) ? count : undefined
}

async function readElements(model: OnnxModel, tensor: OnnxTensor): Promise<readonly number[]> {
  const bytes = new Uint8Array(tensor.byteLength)
  let at = 0
  for await (const chunk of tensorBytes(model, tensor)) {
    // Typed data longer than the tensor is refused by the reader once it has seen all of it.
    bytes.set(chunk.subarray(0, bytes.byteLength - at), at)
    at = Math.min(bytes.byteLength, at + chunk.byteLength)
  }
  const view = new DataView(bytes.buffer)
  const width = elementBits(tensor.elementType) / 8
  const read = READERS[tensor.elementType]!
  return Array.from({ length: bytes.byteLength / width }, (_, index) => {
    const value = read(view, index * width)
    return value === 0 ? 0 : value
  })
}

function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const fraction = bits & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}
