import { ProtocolError } from '../errors.js'
import { LIMITS } from '../limits.js'
import { layoutOf, layoutOfCode } from './element-types.js'
import { checkPayloadSize, tensorBytes, tensorFromBytes } from './payload.js'
import { badTensor, elementCount } from './shape.js'
import type { ElementType, Tensor } from './tensor.js'

/*
 * The tensor frame. All numbers are little-endian.
 *
 *   offset  bytes      what
 *   0       4          magic and version: "NVT1"
 *   4       1          element type: its number in ONNX's TensorProto.DataType
 *   5       1          rank r, at most LIMITS.tensorRank
 *   6       2          zero
 *   8       8          payload size p, uint64 below 2^53, at most LIMITS.tensorBytes
 *   16      8 × r      dimensions, uint64 below 2^53
 *   16+8r   p          payload: the elements, see tensorBytes and packStrings
 *
 * The header's size is a multiple of eight, so where a frame lies on an eight-byte boundary, so does its payload,
 * and an array can be laid over it. The frame ends with its payload.
 */
const MAGIC = 0x3154_564e
const FIXED_BYTES = 16
const HIGH = 2 ** 32

/** What a frame's header tells. */
export interface TensorFrameHeader {
  readonly type: ElementType
  readonly dims: readonly number[]
  /** Elements: the product of the dimensions. */
  readonly elements: number
  /** Bytes of the payload. */
  readonly byteLength: number
  /** Bytes of the header; the payload begins there. */
  readonly headerBytes: number
}

/**
 * A tensor as a frame in two chunks, `[header, payload]`, to be sent one after the other. The payload is a view of
 * the tensor's own bytes, never a copy, so the tensor must not change until it is sent; only strings are packed.
 *
 * @throws ProtocolError `PROTOCOL_BAD_TENSOR` for a tensor that is not sound, `PROTOCOL_TOO_LARGE` over a limit
 */
export function encodeTensorFrame(tensor: Tensor): readonly [header: Uint8Array, payload: Uint8Array] {
  const payload = tensorBytes(tensor)
  const header = new Uint8Array(FIXED_BYTES + 8 * tensor.dims.length)
  const view = new DataView(header.buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint8(4, layoutOf(tensor.type)!.code)
  view.setUint8(5, tensor.dims.length)
  writeUint64(view, 8, payload.length)
  for (const [index, dim] of tensor.dims.entries()) writeUint64(view, FIXED_BYTES + 8 * index, dim)
  return [header, payload]
}

/**
 * The tensor of a frame. Its data is a view of `bytes`, which the tensor keeps alive, where the payload lies on a
 * boundary of its element type, as it does in any buffer that starts with the frame; elsewhere it is a copy.
 *
 * @throws ProtocolError as {@link tensorFrameHeader} does, and `PROTOCOL_BAD_TENSOR` where the payload's size is not
 *   the header's, a bool is neither 0 nor 1, or a string is not UTF-8
 */
export function decodeTensorFrame(bytes: Uint8Array): Tensor {
  const { type, dims, byteLength, headerBytes } = tensorFrameHeader(bytes)
  const found = bytes.length - headerBytes
  if (found !== byteLength) {
    const message = `a tensor frame announces a payload of ${byteLength} bytes and has ${found}`
    throw badTensor(message, { announced: byteLength, found })
  }
  return tensorFromBytes(type, dims, bytes.subarray(headerBytes))
}

/**
 * The header of a frame, of which `bytes` may be only the beginning: enough to decide whether the rest is wanted.
 *
 * @throws ProtocolError `PROTOCOL_BAD_TENSOR` where the header is cut short or contradicts itself,
 *   `PROTOCOL_UNSUPPORTED_VERSION` where it is no tensor frame of this version, `PROTOCOL_TOO_LARGE` over a limit
 */
export function tensorFrameHeader(bytes: Uint8Array): TensorFrameHeader {
  if (bytes.length < FIXED_BYTES) throw badTensor('a tensor frame is cut short', { bytes: bytes.length })
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(0, true) !== MAGIC) {
    throw new ProtocolError('PROTOCOL_UNSUPPORTED_VERSION', 'these bytes are not a tensor frame of version 1')
  }
  const code = view.getUint8(4)
  const layout = layoutOfCode(code)
  if (layout === undefined) throw badTensor(`element type ${code} is not supported`, { code })
  const rank = view.getUint8(5)
  if (view.getUint16(6, true) !== 0) throw badTensor('the reserved bytes of a tensor frame are not zero')
  if (rank > LIMITS.tensorRank) {
    throw badTensor(`a tensor has ${rank} dimensions, the limit is ${LIMITS.tensorRank}`, { rank })
  }
  const headerBytes = FIXED_BYTES + 8 * rank
  if (bytes.length < headerBytes) throw badTensor('a tensor frame is cut short', { bytes: bytes.length })
  const byteLength = readUint64(view, 8)
  const dims: number[] = []
  for (let index = 0; index < rank; index++) dims.push(readUint64(view, FIXED_BYTES + 8 * index))
  const elements = elementCount(dims)
  checkPayloadSize(layout, dims, elements, byteLength)
  return { type: layout.type, dims, elements, byteLength, headerBytes }
}

function readUint64(view: DataView, offset: number): number {
  const value = view.getUint32(offset, true) + view.getUint32(offset + 4, true) * HIGH
  if (value > Number.MAX_SAFE_INTEGER) throw badTensor('a tensor frame holds a size of 2^53 or more')
  return value
}

function writeUint64(view: DataView, offset: number, value: number): void {
  view.setUint32(offset, value % HIGH, true)
  view.setUint32(offset + 4, Math.floor(value / HIGH), true)
}
