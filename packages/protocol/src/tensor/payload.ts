import { ProtocolError, tooLarge } from '../errors.js'
import { LIMITS } from '../limits.js'
import { checkTensor } from './create.js'
import { type ElementLayout, layoutOf } from './element-types.js'
import { badTensor, elementCount, payloadBytes } from './shape.js'
import { packStrings, unpackStrings } from './strings.js'
import type { ElementType, Tensor } from './tensor.js'

const hostIsLittleEndian = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1

/**
 * A tensor's elements as they travel: row-major, little-endian, float16 as bits, two 4-bit elements a byte. A view
 * of the tensor's own bytes, never a copy, so the tensor must not change until they are sent; only strings are
 * packed (see packStrings).
 *
 * @throws ProtocolError `PROTOCOL_BAD_TENSOR` for a tensor that is not sound, `PROTOCOL_TOO_LARGE` over a limit
 */
export function tensorBytes(tensor: Tensor): Uint8Array {
  refuseBigEndian()
  checkTensor(tensor)
  const { data } = tensor
  if (!ArrayBuffer.isView(data)) return packStrings(data)
  if (data.byteLength > LIMITS.tensorBytes) throw tooLarge('a tensor', data.byteLength, LIMITS.tensorBytes)
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}

/**
 * The tensor of a type and shape whose elements are `bytes`. Its data is a view of them, which the tensor keeps
 * alive, where they lie on a boundary of their element type; elsewhere it is a copy.
 *
 * @throws ProtocolError `PROTOCOL_BAD_TENSOR` where the size is not the shape's, a bool is neither 0 nor 1, or a
 *   string is not UTF-8; `PROTOCOL_TOO_LARGE` over a limit
 */
export function tensorFromBytes(type: ElementType, dims: readonly number[], bytes: Uint8Array): Tensor {
  refuseBigEndian()
  const layout = layoutOf(type)
  if (layout === undefined)
    throw badTensor(`${JSON.stringify(type)} is not an element type of ONNX Runtime`, { type })
  const elements = elementCount(dims)
  checkPayloadSize(layout, dims, elements, bytes.length)
  return { type, dims, data: elementsOf(layout, elements, bytes) }
}

/**
 * What is announced has to be what the shape takes, so nothing is allocated for a shape that lies.
 *
 * @throws ProtocolError `PROTOCOL_BAD_TENSOR`, or `PROTOCOL_TOO_LARGE` over a limit
 */
export function checkPayloadSize(
  layout: ElementLayout,
  dims: readonly number[],
  elements: number,
  sizeBytes: number,
): void {
  if (sizeBytes > LIMITS.tensorBytes) throw tooLarge('a tensor', sizeBytes, LIMITS.tensorBytes)
  if (layout.view === undefined) {
    if (elements > LIMITS.tensorStrings)
      throw tooLarge('a string tensor', elements, LIMITS.tensorStrings, 'items')
    if (elements * 4 <= sizeBytes) return
  } else if (payloadBytes(layout, elements) === sizeBytes) {
    return
  }
  const message = `a ${layout.type} tensor of [${dims.join(', ')}] cannot have a payload of ${sizeBytes} bytes`
  throw badTensor(message, { type: layout.type, dims: [...dims], sizeBytes })
}

function elementsOf(layout: ElementLayout, elements: number, bytes: Uint8Array): Tensor['data'] {
  if (layout.view === undefined) return unpackStrings(bytes, elements)
  if (layout.type === 'bool') checkBools(bytes)
  // Not slice(): on a Node Buffer that is a view.
  const aligned = bytes.byteOffset % layout.alignBytes === 0 ? bytes : new Uint8Array(bytes)
  return layout.view(aligned.buffer, aligned.byteOffset, bytes.length / layout.alignBytes)
}

/** A C++ bool that is neither 0 nor 1 is undefined behaviour: none gets that far. */
function checkBools(payload: Uint8Array): void {
  if (payload.byteOffset % 4 === 0 && payload.length % 4 === 0) {
    // Four at a time: all bits that any element has, then whether one is beyond the lowest.
    const words = new Uint32Array(payload.buffer, payload.byteOffset, payload.length / 4)
    let bits = 0
    for (let index = 0; index < words.length; index++) bits |= words[index]!
    if ((bits & 0xfefefefe) === 0) return
  }
  for (let index = 0; index < payload.length; index++) {
    if (payload[index]! > 1)
      throw badTensor(`element ${index} of a bool tensor is ${payload[index]}`, { index })
  }
}

function refuseBigEndian(): void {
  if (!hostIsLittleEndian) {
    throw new ProtocolError(
      'PROTOCOL_UNSUPPORTED_VERSION',
      'tensors travel little-endian and this machine is not',
    )
  }
}
