/**
 * The part of STUN that a server of binding requests needs.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5389
 */

/** A binding request as far as its answer depends on it. */
export interface BindingRequest {
  /** Magic cookie and transaction id: the 16 bytes that an answer repeats. */
  transaction: Uint8Array
  /** Attributes that must be understood and are not. */
  unknownAttributes: number[]
}

/** A peer's address as a server sees it. */
export interface TransportAddress {
  family: 4 | 6
  /** 4 or 16 bytes. */
  address: Uint8Array
  port: number
}

const HEADER_BYTES = 20
const MAGIC_COOKIE = 0x2112a442
const BINDING_REQUEST = 0x0001
const BINDING_SUCCESS = 0x0101
const BINDING_ERROR = 0x0111
const XOR_MAPPED_ADDRESS = 0x0020
const ERROR_CODE = 0x0009
const UNKNOWN_ATTRIBUTES = 0x000a
const FIRST_OPTIONAL_ATTRIBUTE = 0x8000
/** What ICE adds to its checks; a server without accounts may pass over it. */
const UNDERSTOOD = new Set([0x0006, 0x0008, 0x0014, 0x0015, 0x0024, 0x0025])
/** The largest request read: what fits into one packet everywhere. */
const REQUEST_MAX_BYTES = 548
const UNKNOWN_ATTRIBUTES_MAX = 16

/** Reads a binding request; `undefined` for anything else. */
export function decodeBindingRequest(packet: Uint8Array): BindingRequest | undefined {
  if (packet.byteLength < HEADER_BYTES || packet.byteLength > REQUEST_MAX_BYTES) return undefined
  const view = new DataView(packet.buffer, packet.byteOffset, packet.byteLength)
  if (view.getUint16(0) !== BINDING_REQUEST || view.getUint32(4) !== MAGIC_COOKIE) return undefined
  if (view.getUint16(2) !== packet.byteLength - HEADER_BYTES) return undefined

  const unknownAttributes: number[] = []
  let offset = HEADER_BYTES
  while (offset < packet.byteLength) {
    if (offset + 4 > packet.byteLength) return undefined
    const type = view.getUint16(offset)
    const padded = (view.getUint16(offset + 2) + 3) & ~3
    offset += 4 + padded
    if (offset > packet.byteLength) return undefined
    const optional = type >= FIRST_OPTIONAL_ATTRIBUTE || UNDERSTOOD.has(type)
    if (!optional && unknownAttributes.length < UNKNOWN_ATTRIBUTES_MAX) unknownAttributes.push(type)
  }
  return { transaction: packet.slice(4, HEADER_BYTES), unknownAttributes }
}

/** The answer that tells a client how its address looks from outside. */
export function encodeBindingSuccess(request: BindingRequest, from: TransportAddress): Uint8Array {
  const value = new Uint8Array(4 + from.address.byteLength)
  const view = new DataView(value.buffer)
  view.setUint8(1, from.family === 4 ? 1 : 2)
  view.setUint16(2, from.port ^ (MAGIC_COOKIE >>> 16))
  from.address.forEach((byte, index) => {
    value[4 + index] = byte ^ (request.transaction[index] ?? 0)
  })
  return encodeMessage(BINDING_SUCCESS, request, [[XOR_MAPPED_ADDRESS, value]])
}

/** The answer to a request that asks for what this server does not know (420). */
export function encodeUnknownAttribute(request: BindingRequest): Uint8Array {
  const types = new Uint8Array(2 * request.unknownAttributes.length)
  const view = new DataView(types.buffer)
  request.unknownAttributes.forEach((type, index) => {
    view.setUint16(2 * index, type)
  })
  return encodeMessage(BINDING_ERROR, request, [
    [ERROR_CODE, Uint8Array.of(0, 0, 4, 20)],
    [UNKNOWN_ATTRIBUTES, types],
  ])
}

function encodeMessage(
  type: number,
  request: BindingRequest,
  attributes: ReadonlyArray<readonly [type: number, value: Uint8Array]>,
): Uint8Array {
  const padded = (bytes: number): number => (bytes + 3) & ~3
  const body = attributes.reduce((sum, [, value]) => sum + 4 + padded(value.byteLength), 0)
  const message = new Uint8Array(HEADER_BYTES + body)
  const view = new DataView(message.buffer)
  view.setUint16(0, type)
  view.setUint16(2, body)
  message.set(request.transaction, 4)
  let offset = HEADER_BYTES
  for (const [attribute, value] of attributes) {
    view.setUint16(offset, attribute)
    view.setUint16(offset + 2, value.byteLength)
    message.set(value, offset + 4)
    offset += 4 + padded(value.byteLength)
  }
  return message
}
