import { ProtocolError, tooLarge } from '../errors.js'
import { LIMITS } from '../limits.js'
import { checkTensor } from './create.js'
import { type ElementLayout, layoutOfCode } from './element-types.js'
import { badTensor, elementCount, payloadBytes } from './shape.js'
import { packStrings, unpackStrings } from './strings.js'
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
 *   16+8r   p          payload: row-major elements, little-endian; strings as in packStrings
 *
 * The header's size is a multiple of eight, so where a frame lies on an eight-byte boundary, so does its payload,
 * and an array can be laid over it. The frame ends with its payload.
 */
const MAGIC = 0x3154_564e
const FIXED_BYTES = 16
const HIGH = 2 ** 32

const hostIsLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

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
  refuseBigEndian()
  const { layout } = checkTensor(tensor)
  const payload = bytesOf(tensor)
  if (payload.length > LIMITS.tensorBytes) throw tooLarge('a tensor', payload.length, LIMITS.tensorBytes)
  const header = new Uint8Array(FIXED_BYTES + 8 * tensor.dims.length)
  const view = new DataView(header.buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint8(4, layout.code)
  view.setUint8(5, tensor.dims.length)
  writeUint64(view, 8, payload.length)
  for (const [index, dim] of tensor.dims.entries()) writeUint64(view, FIXED_BYTES + 8 * index, dim)
  return [header, payload]
}

/**
 * The header of a frame, of which `bytes` may be only the beginning: enough to decide whether the rest is wanted.
 *
 * @throws ProtocolError `PROTOCOL_BAD_TENSOR` where the header is cut short or contradicts itself,
 *   `PROTOCOL_UNSUPPORTED_VERSION` where it is no tensor frame of this version, `PROTOCOL_TOO_LARGE` over a limit
 */
export function tensorFrameHeader(bytes: Uint8Array): TensorFrameHeader {
  return readHeader(bytes).header
}

/**
 * The tensor of a frame. Its data is a view of `bytes`, which the tensor keeps alive, where the payload lies on a
 * boundary of its element type, as it does in any buffer that starts with the frame; elsewhere it is a copy.
 *
 * @throws ProtocolError as {@link tensorFrameHeader} does, and `PROTOCOL_BAD_TENSOR` where the payload's size is not
 *   the header's, a bool is neither 0 nor 1, or a string is not UTF-8
 */
export function decodeTensorFrame(bytes: Uint8Array): Tensor {
  refuseBigEndian()
  const { header, layout } = readHeader(bytes)
  const { type, dims, elements, byteLength, headerBytes } = header
  if (bytes.length - headerBytes !== byteLength) {
    const message = `a tensor frame announces a payload of ${byteLength} bytes and has ${bytes.length - headerBytes}`
    throw badTensor(message, { announced: byteLength, found: bytes.length - headerBytes })
  }
  const payload = bytes.subarray(headerBytes)
  if (layout.view === undefined) return { type, dims, data: unpackStrings(payload, elements) }
  if (type === 'bool') checkBools(payload)
  // Not slice(): on a Node Buffer that is a view.
  const aligned = payload.byteOffset % layout.alignBytes === 0 ? payload : new Uint8Array(payload)
  return { type, dims, data: layout.view(aligned.buffer, aligned.byteOffset, byteLength / layout.alignBytes) }
}

function readHeader(bytes: Uint8Array): { header: TensorFrameHeader; layout: ElementLayout } {
  if (bytes.length < FIXED_BYTES) throw badTensor('a tensor frame is cut short', { bytes: bytes.length })
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(0, true) !== MAGIC) {
    throw new ProtocolError('PROTOCOL_UNSUPPORTED_VERSION', 'these bytes are not a tensor frame of version 1')
  }
  const layout = layoutOfCode(view.getUint8(4))
  if (layout === undefined)
    throw badTensor(`element type ${view.getUint8(4)} is not supported`, { code: view.getUint8(4) })
  const rank = view.getUint8(5)
  if (view.getUint16(6, true) !== 0) throw badTensor('the reserved bytes of a tensor frame are not zero')
  if (rank > LIMITS.tensorRank)
    throw badTensor(`a tensor has ${rank} dimensions, the limit is ${LIMITS.tensorRank}`, { rank })
  const headerBytes = FIXED_BYTES + 8 * rank
  if (bytes.length < headerBytes) throw badTensor('a tensor frame is cut short', { bytes: bytes.length })
  const byteLength = readUint64(view, 8)
  if (byteLength > LIMITS.tensorBytes) throw tooLarge('a tensor', byteLength, LIMITS.tensorBytes)
  const dims: number[] = []
  for (let index = 0; index < rank; index++) dims.push(readUint64(view, FIXED_BYTES + 8 * index))
  const elements = elementCount(dims)
  checkSize(layout, elements, byteLength, dims)
  return { header: { type: layout.type, dims, elements, byteLength, headerBytes }, layout }
}

/** What the header announces has to be what the shape takes, so nothing is allocated for a shape that lies. */
function checkSize(
  layout: ElementLayout,
  elements: number,
  byteLength: number,
  dims: readonly number[],
): void {
  if (layout.view === undefined) {
    if (elements > LIMITS.tensorStrings)
      throw tooLarge('a string tensor', elements, LIMITS.tensorStrings, 'items')
    if (elements * 4 <= byteLength) return
  } else if (payloadBytes(layout, elements) === byteLength) {
    return
  }
  const message = `a ${layout.type} tensor of [${dims.join(', ')}] cannot have a payload of ${byteLength} bytes`
  throw badTensor(message, { type: layout.type, dims, byteLength })
}

function bytesOf({ data }: Tensor): Uint8Array {
  if (!ArrayBuffer.isView(data)) return packStrings(data)
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}

/** A C++ bool that is neither 0 nor 1 is undefined behaviour: none gets that far. */
function checkBools(payload: Uint8Array): void {
  for (let index = 0; index < payload.length; index++) {
    if (payload[index]! > 1)
      throw badTensor(`element ${index} of a bool tensor is ${payload[index]}`, { index })
  }
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

function refuseBigEndian(): void {
  if (!hostIsLittleEndian) {
    throw new ProtocolError(
      'PROTOCOL_UNSUPPORTED_VERSION',
      'tensor frames are little-endian and this machine is not',
    )
  }
}
