import { createTensor, type ElementType, type Tensor } from '@neurovoyance/protocol'
import { NodeError } from '../errors.js'

/**
 * NumPy's `.npy` format, versions 1 to 3.
 * Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */

const MAGIC = '\x93NUMPY'
const MAX_HEADER_BYTES = 64 * 1024

type NumericArray = Exclude<Tensor['data'], readonly string[]>
type ArrayConstructor = {
  new (buffer: ArrayBuffer, byteOffset: number, length: number): NumericArray
  readonly BYTES_PER_ELEMENT: number
}

const KINDS: Readonly<Record<string, readonly [ElementType, ArrayConstructor]>> = {
  f2: ['float16', Uint16Array],
  f4: ['float32', Float32Array],
  f8: ['float64', Float64Array],
  i1: ['int8', Int8Array],
  i2: ['int16', Int16Array],
  i4: ['int32', Int32Array],
  i8: ['int64', BigInt64Array],
  u1: ['uint8', Uint8Array],
  u2: ['uint16', Uint16Array],
  u4: ['uint32', Uint32Array],
  u8: ['uint64', BigUint64Array],
  b1: ['bool', Uint8Array],
}

const DESCRIPTIONS: Partial<Record<ElementType, string>> = Object.fromEntries(
  Object.entries(KINDS).map(([kind, [type]]) => [type, `${kind.endsWith('1') ? '|' : '<'}${kind}`]),
)

/**
 * Reads an array; little-endian, row-major.
 *
 * @throws NodeError `NODE_INPUT_FILE` for another format, order or element type.
 */
export function decodeNpy(bytes: Uint8Array): Tensor {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 12 || latin1(bytes.subarray(0, 6)) !== MAGIC)
    throw invalid('it does not start as a .npy file does')
  const major = view.getUint8(6)
  if (major < 1 || major > 3) throw invalid(`its version is ${major}; 1 to 3 are read`)
  const start = major === 1 ? 10 : 12
  const headerBytes = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  if (headerBytes > MAX_HEADER_BYTES || start + headerBytes > bytes.length)
    throw invalid('its header is longer than the file')
  const header = parseHeader(latin1(bytes.subarray(start, start + headerBytes)))
  const kind = KINDS[header.kind]
  if (kind === undefined)
    throw invalid(`its element type '${header.order}${header.kind}' is not one that models take`)
  const [type, Elements] = kind
  const size = header.dims.reduce((product, dim) => product * dim, 1)
  const payload = bytes.subarray(start + headerBytes)
  if (!Number.isSafeInteger(size) || payload.length !== size * Elements.BYTES_PER_ELEMENT) {
    throw invalid(
      `it holds ${payload.length} bytes where its shape [${header.dims}] needs ${size * Elements.BYTES_PER_ELEMENT}`,
    )
  }
  if (header.order === '>' && Elements.BYTES_PER_ELEMENT > 1)
    throw invalid('it is big-endian; save it as little-endian')
  const aligned = new Uint8Array(payload)
  return createTensor(type, new Elements(aligned.buffer, 0, size), header.dims)
}

/** Writes a tensor as `.npy` 1.0. Strings and 4-bit integers have no form there. */
export function encodeNpy(tensor: Tensor): Uint8Array {
  const description = DESCRIPTIONS[tensor.type]
  if (description === undefined || !ArrayBuffer.isView(tensor.data)) {
    throw new NodeError(
      'NODE_OUTPUT_FILE',
      `A tensor of type ${tensor.type} has no .npy form: write it as .json.`,
    )
  }
  const shape = tensor.dims.length === 1 ? `(${tensor.dims[0]},)` : `(${tensor.dims.join(', ')})`
  const text = `{'descr': '${description}', 'fortran_order': False, 'shape': ${shape}, }`
  const padded = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`
  const head = Buffer.alloc(10)
  head.write(MAGIC, 0, 'latin1')
  head[6] = 1
  head.writeUInt16LE(padded.length, 8)
  const { buffer, byteOffset, byteLength } = tensor.data
  return Buffer.concat([
    head,
    Buffer.from(padded, 'latin1'),
    new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength),
  ])
}

function parseHeader(text: string): { order: string; kind: string; dims: number[] } {
  const descr = /'descr':\s*'([<>|=]?)([a-zA-Z]\d+)'/.exec(text)
  const order = /'fortran_order':\s*(True|False)/.exec(text)
  const shape = /'shape':\s*\(([\d,\s]*)\)/.exec(text)
  if (descr === null || order === null || shape === null) throw invalid('its header cannot be read')
  if (order[1] === 'True' && (shape[1]!.match(/\d+/g)?.length ?? 0) > 1)
    throw invalid('it is in column order; save it in row order (numpy.ascontiguousarray)')
  return { order: descr[1]!, kind: descr[2]!, dims: (shape[1]!.match(/\d+/g) ?? []).map(Number) }
}

function invalid(reason: string): NodeError {
  return new NodeError('NODE_INPUT_FILE', `The file cannot be read as .npy: ${reason}.`)
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
