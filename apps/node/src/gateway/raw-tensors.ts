import { createTensor, type ElementType, type Tensor } from '@neurovoyance/protocol'

/** A tensor from raw little-endian elements; strings each behind a length. The bytes are copied. */
export function tensorFromBytes(type: ElementType, bytes: Uint8Array, shape: readonly number[]): Tensor {
  if (type === 'string') return createTensor('string', readStrings(bytes), shape)
  const own = new Uint8Array(bytes)
  return createTensor(type, typedView(type, own), shape)
}

function typedView(type: ElementType, bytes: Uint8Array<ArrayBuffer>): Tensor['data'] {
  const View = VIEWS[type]
  if (View === undefined) throw new TypeError(`${type} has no binary form`)
  if (bytes.length % View.BYTES_PER_ELEMENT !== 0)
    throw new TypeError(`${bytes.length} bytes are not a whole number of ${type} elements`)
  return new View(bytes.buffer, bytes.byteOffset, bytes.length / View.BYTES_PER_ELEMENT)
}

const VIEWS: Partial<
  Record<
    ElementType,
    {
      new (buffer: ArrayBuffer, offset: number, length: number): Exclude<Tensor['data'], readonly string[]>
      readonly BYTES_PER_ELEMENT: number
    }
  >
> = {
  bool: Uint8Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  float16: Uint16Array,
  float32: Float32Array,
  float64: Float64Array,
}

/** A tensor's elements as raw bytes, a view where they are numbers. */
export function tensorToBytes(tensor: Tensor): Uint8Array {
  if (!ArrayBuffer.isView(tensor.data)) return writeStrings(tensor.data)
  return new Uint8Array(tensor.data.buffer as ArrayBuffer, tensor.data.byteOffset, tensor.data.byteLength)
}

/** BYTES: each element as a little-endian uint32 length and that many bytes of UTF-8. */
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
