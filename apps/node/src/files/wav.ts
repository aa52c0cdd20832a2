import { createTensor, type Tensor } from '@neurovoyance/protocol'
import { NodeError } from '../errors.js'

const PCM = 1
const FLOAT = 3
const EXTENSIBLE = 0xfffe

/**
 * Reads a WAV file as float32 samples in [-1, 1], channels averaged to one: `[1, samples]`.
 * 8, 16, 24 and 32-bit PCM and 32-bit float. The sample rate is the file's own.
 */
export function decodeWav(bytes: Uint8Array): { tensor: Tensor; sampleRateHz: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 12 || tag(view, 0) !== 'RIFF' || tag(view, 8) !== 'WAVE')
    throw invalid('it does not start as a WAV file does')
  let format: { code: number; channels: number; rate: number; bits: number } | undefined
  for (let at = 12; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at + 4, true)
    const body = at + 8
    if (tag(view, at) === 'fmt ') {
      if (size < 16 || body + size > bytes.length) throw invalid('its format chunk is cut off')
      const code = view.getUint16(body, true)
      format = {
        code: code === EXTENSIBLE && size >= 26 ? view.getUint16(body + 24, true) : code,
        channels: view.getUint16(body + 2, true),
        rate: view.getUint32(body + 4, true),
        bits: view.getUint16(body + 14, true),
      }
    } else if (tag(view, at) === 'data') {
      if (format === undefined) throw invalid('its samples come before their format')
      const length = Math.min(size, bytes.length - body)
      const samples = mono(view, body, length, format)
      return { tensor: createTensor('float32', samples, [1, samples.length]), sampleRateHz: format.rate }
    }
    at = body + size + (size & 1)
  }
  throw invalid('it holds no samples')
}

function mono(
  view: DataView,
  start: number,
  length: number,
  format: { code: number; channels: number; bits: number },
): Float32Array {
  const { channels, bits } = format
  const read = sampleReader(view, format)
  if (channels === 0 || channels > 64) throw invalid(`it has ${channels} channels`)
  const width = bits / 8
  const frames = Math.floor(length / (width * channels))
  const samples = new Float32Array(frames)
  for (let frame = 0, at = start; frame < frames; frame++) {
    let sum = 0
    for (let channel = 0; channel < channels; channel++, at += width) sum += read(at)
    samples[frame] = sum / channels
  }
  return samples
}

function sampleReader(
  view: DataView,
  { code, bits }: { code: number; bits: number },
): (at: number) => number {
  if (code === FLOAT && bits === 32) return at => view.getFloat32(at, true)
  if (code === PCM && bits === 8) return at => (view.getUint8(at) - 128) / 128
  if (code === PCM && bits === 16) return at => view.getInt16(at, true) / 32_768
  if (code === PCM && bits === 24)
    return at => ((view.getInt8(at + 2) << 16) | view.getUint16(at, true)) / 8_388_608
  if (code === PCM && bits === 32) return at => view.getInt32(at, true) / 2_147_483_648
  throw invalid(
    `its samples are of format ${code} with ${bits} bits; PCM of 8 to 32 bits and 32-bit float are read`,
  )
}

function tag(view: DataView, at: number): string {
  return String.fromCharCode(
    view.getUint8(at),
    view.getUint8(at + 1),
    view.getUint8(at + 2),
    view.getUint8(at + 3),
  )
}

function invalid(reason: string): NodeError {
  return new NodeError('NODE_INPUT_FILE', `The file cannot be read as WAV: ${reason}.`)
}
