import { createTensor } from '@neurovoyance/protocol'
import { decodeListing, decodeNpy, decodeRequest, decodeWav, encodeNpy } from '../dist/fuzzed.js'

/** What the fuzzer of `@neurovoyance/protocol` takes. */
interface Decoder {
  readonly name: string
  readonly samples: readonly Uint8Array[]
  readonly codes: string
  readonly share?: number
  decode(bytes: Uint8Array): unknown
  readonly encode?: (value: never) => Uint8Array
}

const codes = 'NODE_'
const LENGTH_BYTES = 4

/** Every decoder of this package. */
export function decoders(): Decoder[] {
  return [
    { name: 'node/oip-request', samples: jsonRequests(), decode: bytes => decodeRequest(bytes), codes },
    { name: 'node/oip-binary-request', samples: binaryRequests(), decode: decodeWithLength, codes },
    { name: 'node/npy', samples: arrays(), decode: decodeNpy, encode: encodeNpy, codes },
    { name: 'node/wav', samples: [wav(1, 8), wav(1, 16), wav(1, 24), wav(3, 32)], decode: decodeWav, codes },
    { name: 'node/hub-listing', samples: [listing()], decode: decodeListing, codes },
  ]
}

/** The body behind four bytes in place of `Inference-Header-Content-Length`. */
function decodeWithLength(bytes: Uint8Array): unknown {
  if (bytes.length < LENGTH_BYTES) return decodeRequest(bytes)
  const headerBytes = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true)
  return decodeRequest(bytes.subarray(LENGTH_BYTES), headerBytes)
}

function jsonRequests(): Uint8Array[] {
  const x = { name: 'x', shape: [2, 2], datatype: 'FP32', data: [1, 2, 3, 4] }
  const nested = {
    ...x,
    datatype: 'INT64',
    data: [
      [1, 2],
      [3, 4],
    ],
  }
  const text = { name: 's', shape: [2], datatype: 'BYTES', data: ['a', 'é'] }
  const output = { name: 'y', parameters: { binary_data: true } }
  return [
    { inputs: [x] },
    { id: '7', inputs: [nested, text], outputs: [output] },
    { parameters: { binary_data_output: true }, inputs: [] },
  ].map(request => bytesOf(JSON.stringify(request)))
}

function binaryRequests(): Uint8Array[] {
  const x = { name: 'x', shape: [2], datatype: 'FP32', parameters: { binary_data_size: 8 } }
  const text = { name: 's', shape: [1], datatype: 'BYTES', parameters: { binary_data_size: 7 } }
  return [
    withLength({ inputs: [x] }, new Uint8Array(8)),
    withLength({ inputs: [x, text] }, new Uint8Array(8), Uint8Array.of(3, 0, 0, 0, 97, 98, 99)),
  ]
}

function withLength(request: object, ...raw: Uint8Array[]): Uint8Array {
  const json = bytesOf(JSON.stringify(request))
  const length = new Uint8Array(LENGTH_BYTES)
  new DataView(length.buffer).setUint32(0, json.length, true)
  return new Uint8Array(Buffer.concat([length, json, ...raw]))
}

function arrays(): Uint8Array[] {
  return [
    encodeNpy(createTensor('float32', new Float32Array(6), [2, 3])),
    encodeNpy(createTensor('int64', new BigInt64Array(2), [2])),
    encodeNpy(createTensor('bool', Uint8Array.of(1), [])),
  ].map(bytes => new Uint8Array(bytes))
}

/** Two channels of four samples. */
function wav(code: number, bits: number): Uint8Array {
  const dataBytes = bits
  const file = Buffer.alloc(44 + dataBytes)
  file.write('RIFF', 0, 'latin1')
  file.writeUInt32LE(file.length - 8, 4)
  file.write('WAVEfmt ', 8, 'latin1')
  file.writeUInt32LE(16, 16)
  file.writeUInt16LE(code, 20)
  file.writeUInt16LE(2, 22)
  file.writeUInt32LE(16_000, 24)
  file.writeUInt16LE(bits, 34)
  file.write('data', 36, 'latin1')
  file.writeUInt32LE(dataBytes, 40)
  return new Uint8Array(file)
}

function listing(): Uint8Array {
  return bytesOf(
    JSON.stringify([
      { type: 'directory', path: 'onnx' },
      { type: 'file', path: 'config.json', size: 512 },
      { type: 'file', path: 'onnx/model.onnx', size: 4096 },
    ]),
  )
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
