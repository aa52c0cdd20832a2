/**
 * The bytes on the pipe between parent and child:
 *
 * ```
 * 0   u32 magic "NVRT"   4   u32 header bytes   8   u64 body bytes     (little endian)
 * 16  header: JSON, padded with spaces          …   body: tensor frames
 * ```
 *
 * Every part is a multiple of 16 bytes, and frames are placed so that their payloads are, too: tensors are
 * views of what was read, as aligned as if JavaScript had allocated them, which keeps results the same to
 * the bit (vectorised sums peel off what is not aligned).
 */
import { LIMITS } from '@neurovoyance/protocol'
import { RuntimeError } from '../errors.js'
import type { FramePlace } from './messages.js'

export const ALIGNMENT_BYTES = 16
export const PREFIX_BYTES = 16
/** Names and places of 1,024 tensors fit. */
const MAX_HEADER_BYTES = LIMITS.frameBodyBytes
/** Tensors of one run, their frame headers and padding. */
export const MAX_BODY_BYTES = LIMITS.inferAttachmentBytes + LIMITS.frameBodyBytes
const MAGIC = 0x5452564e
const SPACE = 0x20
/** Bodies up to this size are copied behind their header. */
const COPIED_BYTES = 64 * 1024
const EMPTY_BODY = { chunks: [], bytes: 0 }
const ZEROS = new Uint8Array(ALIGNMENT_BYTES)
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Sizes of a message's parts. */
export interface Prefix {
  readonly headerBytes: number
  readonly bodyBytes: number
}

/** A tensor frame in the pieces it came in; `payloadBytes` of it, at its end, are the elements. */
export interface FrameChunks {
  readonly name: string
  readonly chunks: readonly Uint8Array[]
  readonly payloadBytes: number
}

/** Frames laid out one after the other, with the padding that aligns their payloads. */
export interface BodyLayout {
  readonly places: readonly FramePlace[]
  readonly chunks: readonly Uint8Array[]
  readonly bytes: number
}

/** Places frames in a body; copies nothing. */
export function layOutFrames(frames: readonly FrameChunks[]): BodyLayout {
  const places: FramePlace[] = []
  const chunks: Uint8Array[] = []
  let offset = 0
  const pad = (bytes: number) => {
    if (bytes === 0) return
    chunks.push(ZEROS.subarray(0, bytes))
    offset += bytes
  }
  for (const frame of frames) {
    const length = frame.chunks.reduce((sum, chunk) => sum + chunk.byteLength, 0)
    pad(missing(offset + length - frame.payloadBytes))
    places.push({ name: frame.name, offset, length })
    for (const chunk of frame.chunks) if (chunk.byteLength > 0) chunks.push(chunk)
    offset += length
  }
  pad(missing(offset))
  return { places, chunks, bytes: offset }
}

/**
 * The chunks of a message, to be written one after the other. A small message is one chunk: to copy it costs less
 * than to write it in pieces. A large one's body is not copied.
 */
export function encodeMessage(
  header: object,
  { chunks, bytes: bodyBytes }: Pick<BodyLayout, 'chunks' | 'bytes'> = EMPTY_BODY,
): Uint8Array[] {
  const json = encoder.encode(JSON.stringify(header))
  const headerBytes = json.byteLength + missing(json.byteLength)
  const together = bodyBytes <= COPIED_BYTES
  const head = new Uint8Array(PREFIX_BYTES + headerBytes + (together ? bodyBytes : 0))
  const view = new DataView(head.buffer)
  view.setUint32(0, MAGIC, true)
  view.setUint32(4, headerBytes, true)
  view.setBigUint64(8, BigInt(bodyBytes), true)
  head.set(json, PREFIX_BYTES)
  head.fill(SPACE, PREFIX_BYTES + json.byteLength, PREFIX_BYTES + headerBytes)
  if (!together) return [head, ...chunks]
  let offset = PREFIX_BYTES + headerBytes
  for (const chunk of chunks) {
    head.set(chunk, offset)
    offset += chunk.byteLength
  }
  return [head]
}

/** Reads a prefix and checks it against the limits, before anything is allocated for what follows. */
export function decodePrefix(bytes: Uint8Array, offset: number): Prefix {
  const view = new DataView(bytes.buffer, bytes.byteOffset + offset, PREFIX_BYTES)
  const headerBytes = view.getUint32(4, true)
  const bodyBytes = Number(view.getBigUint64(8, true))
  const aligned = missing(headerBytes) === 0 && missing(bodyBytes) === 0
  if (
    view.getUint32(0, true) !== MAGIC ||
    !aligned ||
    headerBytes > MAX_HEADER_BYTES ||
    bodyBytes > MAX_BODY_BYTES
  ) {
    throw new RuntimeError(
      'RUNTIME_BAD_MESSAGE',
      'The pipe between parent and child carries malformed bytes',
      {
        details: { headerBytes, bodyBytes },
      },
    )
  }
  return { headerBytes, bodyBytes }
}

/**
 * Reads a header's JSON.
 *
 * @throws RuntimeError RUNTIME_BAD_MESSAGE where it is not an object
 */
export function decodeHeader<Header>(bytes: Uint8Array): Header {
  let header: unknown
  try {
    header = JSON.parse(decoder.decode(bytes))
  } catch (cause) {
    throw new RuntimeError('RUNTIME_BAD_MESSAGE', 'The header of a message is not JSON', { cause })
  }
  if (typeof header !== 'object' || header === null) {
    throw new RuntimeError('RUNTIME_BAD_MESSAGE', 'The header of a message is not an object')
  }
  return header as Header
}

/**
 * The frames of a body by name: views, no copies.
 *
 * @throws RuntimeError RUNTIME_BAD_MESSAGE where one lies outside the body
 */
export function framesOf(
  body: Uint8Array,
  places: readonly FramePlace[],
): { name: string; frame: Uint8Array }[] {
  if (!Array.isArray(places)) {
    throw new RuntimeError('RUNTIME_BAD_MESSAGE', 'A message does not say where its frames lie')
  }
  return places.map((place: Partial<FramePlace> | null) => {
    const { name, offset, length } = place ?? {}
    if (
      typeof name !== 'string' ||
      !isCount(offset) ||
      !isCount(length) ||
      offset + length > body.byteLength
    ) {
      throw new RuntimeError('RUNTIME_BAD_MESSAGE', `The frame of '${name}' lies outside its message`)
    }
    return { name, frame: body.subarray(offset, offset + length) }
  })
}

function isCount(value: number | undefined): value is number {
  return Number.isSafeInteger(value) && value! >= 0
}

function missing(length: number): number {
  return (ALIGNMENT_BYTES - (length % ALIGNMENT_BYTES)) % ALIGNMENT_BYTES
}
