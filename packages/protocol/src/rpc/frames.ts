import { malformed, ProtocolError, tooLarge } from '../errors.js'
import { LIMITS } from '../limits.js'

/*
 * The frames of a call, on a stream whose protocol id names the service. All numbers are little-endian.
 *
 *   offset  bytes  what
 *   0       1      kind
 *   1       1      size m of the method's name; 0 but in a call
 *   2       1      size t of the trace context, 55 or 0; 0 but in a call
 *   3       1      version, 1
 *   4       4      call id, chosen by the caller; a call's other frames repeat it
 *   8       4      milliseconds left until the caller's deadline, 0 for none; 0 but in a call
 *   12      4      number a of attachments
 *   16      4      size b of the body
 *   20      4      zero
 *   24      m      method, ASCII letters and digits
 *   24+m    t      W3C traceparent, ASCII
 *   …       4 × a  sizes of the attachments
 *   …       b      body, a protobuf message
 *   …              attachments, one after the other
 *
 * This is the path of every token and tensor: fixed offsets, one buffer, no object per field.
 */
const VERSION = 1
const KINDS = ['call', 'message', 'end', 'reply', 'error', 'cancel'] as const

/** Bytes that tell how many more a frame's head and body take; see {@link frameBytes}. */
export const FRAME_PREFIX_BYTES = 24

/**
 * - `call`: opens a call; its body is the request of a unary call, and empty for a duplex call
 * - `message`: another message of a duplex call, either way
 * - `end`: no more messages from this side
 * - `reply`: the answer of a unary call, and its end
 * - `error`: the call failed; its body is a `RemoteError`
 * - `cancel`: the caller no longer wants an answer
 */
export type FrameKind = (typeof KINDS)[number]

/** One frame without its attachments' bytes. */
export interface Frame {
  readonly kind: FrameKind
  /** 1 to 2^32 − 1. */
  readonly callId: number
  /** Of a call; empty in other frames. */
  readonly method: string
  /** Of a call: milliseconds left, at least 1; 0 for no deadline, and in other frames. */
  readonly deadlineMs: number
  /** Of a call: the W3C trace context; empty for none, and in other frames. */
  readonly traceparent: string
  /** A view of the bytes it was read from. */
  readonly body: Uint8Array
  /** The size of each attachment that follows. */
  readonly attachmentBytes: readonly number[]
}

/** What a frame is made from; what is left out is empty. */
export type FrameInit = Pick<Frame, 'kind' | 'callId'> & Partial<Frame>

const NO_BYTES = new Uint8Array(0)
const NO_SIZES: readonly number[] = []
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/
const TRACEPARENT_BYTES = 55
const nodeBuffer = (globalThis as { Buffer?: { allocUnsafe(byteLength: number): Uint8Array } }).Buffer
const METHOD = /^[A-Za-z][A-Za-z0-9]*$/

/**
 * A frame's head and body in one buffer; the attachments' bytes follow it on the stream.
 *
 * @throws ProtocolError `PROTOCOL_TOO_LARGE` over a limit, `PROTOCOL_MALFORMED` for what the format cannot say
 */
export function encodeFrame(frame: FrameInit): Uint8Array {
  const { body = NO_BYTES } = frame
  const bytes = headWithRoom(frame, body.length)
  bytes.set(body, bytes.length - body.length)
  return bytes
}

/**
 * A frame's head alone, for who sends the body after it without a copy.
 *
 * @throws ProtocolError as {@link encodeFrame} does
 */
export function encodeFrameHead(frame: FrameInit): Uint8Array {
  return headWithRoom(frame, 0)
}

/** A frame's head, and `roomBytes` behind it for the caller to write. */
function headWithRoom(frame: FrameInit, roomBytes: number): Uint8Array {
  const {
    kind,
    callId,
    method = '',
    deadlineMs = 0,
    traceparent = '',
    body = NO_BYTES,
    attachmentBytes = NO_SIZES,
  } = frame
  checkFrame(kind, callId, method, deadlineMs, traceparent)
  const headBytes = FRAME_PREFIX_BYTES + method.length + traceparent.length + 4 * attachmentBytes.length
  checkSizes(kind, headBytes, body.length, attachmentBytes.length)
  const bytes = allocate(headBytes + roomBytes)
  bytes[0] = KINDS.indexOf(kind) + 1
  bytes[1] = method.length
  bytes[2] = traceparent.length
  bytes[3] = VERSION
  writeUint32(bytes, 4, callId)
  writeUint32(bytes, 8, deadlineMs)
  writeUint32(bytes, 12, attachmentBytes.length)
  writeUint32(bytes, 16, body.length)
  writeUint32(bytes, 20, 0)
  let offset = writeAscii(bytes, FRAME_PREFIX_BYTES, method)
  offset = writeAscii(bytes, offset, traceparent)
  for (const size of attachmentBytes) {
    if (!Number.isInteger(size) || size < 0 || size > 0xffff_ffff)
      throw tooLarge('an attachment', size, 0xffff_ffff)
    writeUint32(bytes, offset, size)
    offset += 4
  }
  return bytes
}

/**
 * How many bytes a frame's head and body take, from its first {@link FRAME_PREFIX_BYTES}: check this before you wait
 * for the rest.
 *
 * @throws ProtocolError `PROTOCOL_MALFORMED`, `PROTOCOL_UNSUPPORTED_VERSION`, or `PROTOCOL_TOO_LARGE` over a limit
 */
export function frameBytes(prefix: Uint8Array): number {
  if (prefix.length < FRAME_PREFIX_BYTES) throw malformed('a frame is cut short', { bytes: prefix.length })
  if (prefix[3] !== VERSION) {
    throw new ProtocolError(
      'PROTOCOL_UNSUPPORTED_VERSION',
      `frames of version ${prefix[3]} are not supported`,
    )
  }
  const kind = KINDS[prefix[0]! - 1]
  if (kind === undefined) throw malformed(`frames of kind ${prefix[0]} are not known`, { kind: prefix[0] })
  const attachments = uint32(prefix, 12)
  const bodyBytes = uint32(prefix, 16)
  if (uint32(prefix, 20) !== 0) throw malformed('the reserved bytes of a frame are not zero')
  const headBytes = FRAME_PREFIX_BYTES + prefix[1]! + prefix[2]! + 4 * attachments
  checkSizes(kind, headBytes, bodyBytes, attachments)
  return headBytes + bodyBytes
}

/**
 * A frame from the bytes of its head and body, exactly. The body is a view of them.
 *
 * The sum of `attachmentBytes` is not judged here: what a method takes is in its definition.
 *
 * @throws ProtocolError as {@link frameBytes} does
 */
export function decodeFrame(bytes: Uint8Array): Frame {
  const size = frameBytes(bytes)
  if (bytes.length !== size)
    throw malformed(`a frame of ${size} bytes has ${bytes.length}`, { size, found: bytes.length })
  const kind = KINDS[bytes[0]! - 1]!
  const methodEnd = FRAME_PREFIX_BYTES + bytes[1]!
  const traceEnd = methodEnd + bytes[2]!
  const callId = uint32(bytes, 4)
  const deadlineMs = uint32(bytes, 8)
  const method = readAscii(bytes, FRAME_PREFIX_BYTES, methodEnd)
  const traceparent = readAscii(bytes, methodEnd, traceEnd)
  checkFrame(kind, callId, method, deadlineMs, traceparent)
  const attachments = uint32(bytes, 12)
  const bodyStart = traceEnd + 4 * attachments
  let attachmentBytes = NO_SIZES
  if (attachments > 0) {
    const sizes: number[] = []
    for (let offset = traceEnd; offset < bodyStart; offset += 4) sizes.push(uint32(bytes, offset))
    attachmentBytes = sizes
  }
  return { kind, callId, method, deadlineMs, traceparent, body: bytes.subarray(bodyStart), attachmentBytes }
}

/** What holds for a frame on both sides. */
function checkFrame(
  kind: FrameKind,
  callId: number,
  method: string,
  deadlineMs: number,
  traceparent: string,
): void {
  if (!Number.isInteger(callId) || callId < 1 || callId > 0xffff_ffff)
    throw malformed(`a call id cannot be ${callId}`, { callId })
  if (kind !== 'call') {
    if (method !== '' || traceparent !== '' || deadlineMs !== 0) {
      throw malformed(`only a call has a method, a deadline and a trace; this is a frame of kind ${kind}`, {
        kind,
      })
    }
    return
  }
  if (method.length > LIMITS.methodBytes) throw tooLarge('a method name', method.length, LIMITS.methodBytes)
  if (!METHOD.test(method)) throw malformed('a method name is of ASCII letters and digits', { method })
  if (!Number.isInteger(deadlineMs) || deadlineMs < 0 || deadlineMs > LIMITS.deadlineMs) {
    throw malformed(`a deadline of ${deadlineMs} ms is not from 0 to ${LIMITS.deadlineMs}`, { deadlineMs })
  }
  if (traceparent !== '' && !(traceparent.length === TRACEPARENT_BYTES && TRACEPARENT.test(traceparent))) {
    throw malformed('the trace context is not a W3C traceparent', { traceparent })
  }
}

function checkSizes(kind: FrameKind, headBytes: number, bodyBytes: number, attachments: number): void {
  if (attachments > LIMITS.attachments) throw tooLarge('a frame', attachments, LIMITS.attachments, 'items')
  if (headBytes > LIMITS.frameHeadBytes)
    throw tooLarge('the head of a frame', headBytes, LIMITS.frameHeadBytes)
  if (bodyBytes > LIMITS.frameBodyBytes)
    throw tooLarge('the body of a frame', bodyBytes, LIMITS.frameBodyBytes)
  if ((kind === 'end' || kind === 'cancel') && bodyBytes > 0)
    throw malformed(`a frame of kind ${kind} has no body`, { kind })
  if ((kind === 'end' || kind === 'cancel' || kind === 'error') && attachments > 0) {
    throw malformed(`a frame of kind ${kind} has no attachments`, { kind })
  }
}

function uint32(bytes: Uint8Array, offset: number): number {
  return (
    (bytes[offset]! | (bytes[offset + 1]! << 8) | (bytes[offset + 2]! << 16) | (bytes[offset + 3]! << 24)) >>>
    0
  )
}

function writeUint32(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value
  bytes[offset + 1] = value >>> 8
  bytes[offset + 2] = value >>> 16
  bytes[offset + 3] = value >>> 24
}

/** Room for a frame, every byte of which is written; on Node it is not zeroed first. */
function allocate(byteLength: number): Uint8Array {
  if (nodeBuffer === undefined) return new Uint8Array(byteLength)
  const { buffer, byteOffset } = nodeBuffer.allocUnsafe(byteLength)
  return new Uint8Array(buffer, byteOffset, byteLength)
}

function writeAscii(bytes: Uint8Array, start: number, text: string): number {
  for (let index = 0; index < text.length; index++) bytes[start + index] = text.charCodeAt(index)
  return start + text.length
}

/** Bytes above 127 come out as letters that no check above lets pass. */
function readAscii(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let index = start; index < end; index++) text += String.fromCharCode(bytes[index]!)
  return text
}
