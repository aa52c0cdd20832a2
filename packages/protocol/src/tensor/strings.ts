import { ProtocolError, tooLarge } from '../errors.js'
import { LIMITS } from '../limits.js'
import { badTensor } from './shape.js'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * The payload of a string tensor: for each string the size of its UTF-8 as a little-endian uint32, then the texts
 * one after the other.
 */
export function packStrings(strings: readonly string[]): Uint8Array {
  if (strings.length > LIMITS.tensorStrings)
    throw tooLarge('a string tensor', strings.length, LIMITS.tensorStrings, 'items')
  const texts = strings.map(text => {
    if (typeof text !== 'string')
      throw badTensor('a string tensor holds only strings', { found: typeof text })
    return encoder.encode(text)
  })
  const sizeBytes = texts.reduce((sum, text) => sum + text.length, strings.length * 4)
  if (sizeBytes > LIMITS.tensorBytes) throw tooLarge('a string tensor', sizeBytes, LIMITS.tensorBytes)
  const payload = new Uint8Array(sizeBytes)
  const view = new DataView(payload.buffer)
  let end = strings.length * 4
  for (const [index, text] of texts.entries()) {
    view.setUint32(index * 4, text.length, true)
    payload.set(text, end)
    end += text.length
  }
  return payload
}

/**
 * The strings of a payload; `count` was checked to have four bytes each before.
 *
 * @throws ProtocolError `PROTOCOL_BAD_TENSOR` where the sizes do not add up or a text is not UTF-8
 */
export function unpackStrings(payload: Uint8Array, count: number): string[] {
  const view = new DataView(payload.buffer, payload.byteOffset, payload.byteLength)
  const strings: string[] = []
  let start = count * 4
  for (let index = 0; index < count; index++) {
    const end = start + view.getUint32(index * 4, true)
    if (end > payload.length) throw badTensor(`string ${index} of a tensor is cut short`, { index })
    strings.push(decode(payload.subarray(start, end), index))
    start = end
  }
  if (start !== payload.length)
    throw badTensor('a string tensor has bytes left over', { bytes: payload.length - start })
  return strings
}

function decode(bytes: Uint8Array, index: number): string {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw new ProtocolError('PROTOCOL_BAD_TENSOR', `string ${index} of a tensor is not UTF-8`, {
      details: { index },
      cause,
    })
  }
}
