import {
  createTensor,
  type ElementType,
  type Tensor,
  tensorBytes,
  tensorFromBytes,
} from '@neurovoyance/protocol'

/**
 * Tensors as the binary extension of the Open Inference Protocol has them: little-endian elements; of
 * datatype BYTES, each element as a uint32 length and that many bytes of UTF-8.
 */

/** A tensor from its bytes: a view of them where they lie on the boundary of their type. */
export function tensorFromRaw(type: ElementType, bytes: Uint8Array, dims: readonly number[]): Tensor {
  return type === 'string' ? createTensor(type, readStrings(bytes), dims) : tensorFromBytes(type, dims, bytes)
}

/** A tensor's bytes: a view where they are numbers. */
export function tensorToRaw(tensor: Tensor): Uint8Array {
  return ArrayBuffer.isView(tensor.data) ? tensorBytes(tensor) : writeStrings(tensor.data)
}

function readStrings(bytes: Uint8Array): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const decoder = new TextDecoder('utf-8', { fatal: true })
  const strings: string[] = []
  for (let at = 0; at < bytes.length; ) {
    if (at + 4 > bytes.length) throw new TypeError('its last length is cut off')
    const end = at + 4 + view.getUint32(at, true)
    if (end > bytes.length) throw new TypeError('a string goes past its end')
    strings.push(decoder.decode(bytes.subarray(at + 4, end)))
    at = end
  }
  return strings
}

function writeStrings(strings: readonly string[]): Uint8Array {
  const parts = strings.flatMap(text => {
    const bytes = Buffer.from(text, 'utf8')
    const length = Buffer.alloc(4)
    length.writeUInt32LE(bytes.length)
    return [length, bytes]
  })
  return Buffer.concat(parts)
}
