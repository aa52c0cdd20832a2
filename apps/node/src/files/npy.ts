import { type ElementType, type Tensor, tensorBytes, tensorFromBytes } from '@neurovoyance/protocol'
import { NodeError } from '../errors.js'

/**
 * NumPy's `.npy` format, versions 1 to 3.
 * Source: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */

const MAGIC = '\x93NUMPY'
const MAX_HEADER_BYTES = 64 * 1024

const KINDS: Readonly<Record<string, ElementType>> = {
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
  i1: 'int8',
  i2: 'int16',
  i4: 'int32',
  i8: 'int64',
  u1: 'uint8',
  u2: 'uint16',
  u4: 'uint32',
  u8: 'uint64',
  b1: 'bool',
}

const DESCRIPTIONS: Partial<Record<ElementType, string>> = Object.fromEntries(
  Object.entries(KINDS).map(([kind, type]) => [type, `${kind.endsWith('1') ? '|' : '<'}${kind}`]),
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
  const type = KINDS[header.kind]
  if (type === undefined)
    throw invalid(`its element type '${header.order}${header.kind}' is not one that models take`)
  if (header.order === '>' && !header.kind.endsWith('1'))
    throw invalid('it is big-endian; save it as little-endian')
  try {
    return tensorFromBytes(type, header.dims, bytes.subarray(start + headerBytes))
  } catch (cause) {
    throw invalid(`its elements do not fit its shape: ${(cause as Error).message}`, cause)
  }
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
  return Buffer.concat([head, Buffer.from(padded, 'latin1'), tensorBytes(tensor)])
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

function invalid(reason: string, cause?: unknown): NodeError {
  return new NodeError('NODE_INPUT_FILE', `The file cannot be read as .npy: ${reason}.`, { cause })
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
