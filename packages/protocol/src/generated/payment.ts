// Generated from proto/neurovoyance/payment/v1/payment.proto by `pnpm generate`: edit that file, not this one.
import { checkLength } from '../ids/checks.js'
import { LIMITS } from '../limits.js'
import type { Codec, ServiceDefinition } from '../rpc/service.js'
import { messageCodec } from '../wire/codec.js'
import type { WireReader } from '../wire/reader.js'
import type { WireWriter } from '../wire/writer.js'
import { readSignedVoucher, type SignedVoucher, writeSignedVoucher } from './ledger-channels.js'

/** Pays for one request, or for one step of a long one, before it is answered. */
export interface Payment {
  /** The channel that it is paid by. */
  readonly channel: Uint8Array
  /** The most that may be charged for this request, in base units. */
  readonly amount: bigint
  /**
   * Covers all that was charged before, all that is under way, and this, and may pay ahead for more. Left out where an
   * earlier one does.
   */
  readonly voucher?: SignedVoucher | undefined
}

export function readPayment(reader: WireReader): Payment {
  let channel: Uint8Array = new Uint8Array(0)
  let amount: bigint = 0n
  let voucher: SignedVoucher | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        channel = reader.copy('Payment.channel', LIMITS.hashBytes)
        break
      case 16:
        amount = reader.amount('Payment.amount')
        break
      case 26:
        voucher = reader.nested('Payment.voucher', readSignedVoucher)
        break
      default:
        reader.skip(tag)
    }
  }
  checkLength(channel, 'Payment.channel', LIMITS.hashBytes)
  return { channel, amount, voucher }
}

export function writePayment(writer: WireWriter, value: Payment): void {
  checkLength(value.channel, 'Payment.channel', LIMITS.hashBytes)
  if (value.channel.length > 0) writer.copy(10, value.channel, 'Payment.channel', LIMITS.hashBytes)
  if (value.amount !== 0n) writer.amount(16, value.amount, 'Payment.amount')
  if (value.voucher !== undefined) writer.nested(26, value.voucher, writeSignedVoucher)
}

/** What was charged for a request. */
export interface Charge {
  /** The work of the request, computed from the model and the shapes of its inputs. */
  readonly units: bigint
  /** Base units; never more than the payment allowed. */
  readonly amount: bigint
  /** All that was charged to the channel so far, requests under way included. */
  readonly spent: bigint
  /** What the latest voucher that the node holds is worth. */
  readonly accepted: bigint
}

export function readCharge(reader: WireReader): Charge {
  let units: bigint = 0n
  let amount: bigint = 0n
  let spent: bigint = 0n
  let accepted: bigint = 0n
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        units = reader.amount('Charge.units')
        break
      case 16:
        amount = reader.amount('Charge.amount')
        break
      case 24:
        spent = reader.amount('Charge.spent')
        break
      case 32:
        accepted = reader.amount('Charge.accepted')
        break
      default:
        reader.skip(tag)
    }
  }
  return { units, amount, spent, accepted }
}

export function writeCharge(writer: WireWriter, value: Charge): void {
  if (value.units !== 0n) writer.amount(8, value.units, 'Charge.units')
  if (value.amount !== 0n) writer.amount(16, value.amount, 'Charge.amount')
  if (value.spent !== 0n) writer.amount(24, value.spent, 'Charge.spent')
  if (value.accepted !== 0n) writer.amount(32, value.accepted, 'Charge.accepted')
}

/** Asks about a channel. */
export interface StatementRequest {
  /** The channel. */
  readonly channel: Uint8Array
  /**
   * Of `neurovoyance/statement/1`, a zero byte, the length of the chain's id (one byte), the id, the channel, and the
   * peer id of the node that is asked (text), by the channel's signer: nobody else is told. A request without it is refused.
   */
  readonly signature?: Uint8Array | undefined
}

export function readStatementRequest(reader: WireReader): StatementRequest {
  let channel: Uint8Array = new Uint8Array(0)
  let signature: Uint8Array | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        channel = reader.copy('StatementRequest.channel', LIMITS.hashBytes)
        break
      case 18:
        signature = reader.copy('StatementRequest.signature', LIMITS.signatureBytes)
        break
      default:
        reader.skip(tag)
    }
  }
  checkLength(channel, 'StatementRequest.channel', LIMITS.hashBytes)
  if (signature !== undefined) checkLength(signature, 'StatementRequest.signature', LIMITS.signatureBytes)
  return { channel, signature }
}

export function writeStatementRequest(writer: WireWriter, value: StatementRequest): void {
  checkLength(value.channel, 'StatementRequest.channel', LIMITS.hashBytes)
  if (value.channel.length > 0) writer.copy(10, value.channel, 'StatementRequest.channel', LIMITS.hashBytes)
  if (value.signature !== undefined) checkLength(value.signature, 'StatementRequest.signature', LIMITS.signatureBytes)
  if (value.signature !== undefined) writer.copy(18, value.signature, 'StatementRequest.signature', LIMITS.signatureBytes)
}

/** Codec of {@link StatementRequest}, at most `LIMITS.smallMessageBytes`. */
export const StatementRequest: Codec<StatementRequest> = /* @__PURE__ */ messageCodec('StatementRequest', LIMITS.smallMessageBytes, readStatementRequest, writeStatementRequest)

/** What a node holds of a channel. */
export interface Statement {
  /** The latest voucher, absent before the first. It shows by itself that the payer signed it. */
  readonly voucher?: SignedVoucher | undefined
  /** All that was charged so far, requests under way included. */
  readonly spent: bigint
}

export function readStatement(reader: WireReader): Statement {
  let voucher: SignedVoucher | undefined
  let spent: bigint = 0n
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        voucher = reader.nested('Statement.voucher', readSignedVoucher)
        break
      case 16:
        spent = reader.amount('Statement.spent')
        break
      default:
        reader.skip(tag)
    }
  }
  return { voucher, spent }
}

export function writeStatement(writer: WireWriter, value: Statement): void {
  if (value.voucher !== undefined) writer.nested(10, value.voucher, writeSignedVoucher)
  if (value.spent !== 0n) writer.amount(16, value.spent, 'Statement.spent')
}

/** Codec of {@link Statement}, at most `LIMITS.smallMessageBytes`. */
export const Statement: Codec<Statement> = /* @__PURE__ */ messageCodec('Statement', LIMITS.smallMessageBytes, readStatement, writeStatement)

/** Asks for the end of a channel. */
export interface CloseChannelRequest {
  /** The channel. */
  readonly channel: Uint8Array
  /**
   * Of `neurovoyance/close/1`, a zero byte, the length of the chain's id (one byte), the id, the channel, and the
   * peer id of the node that is asked (text), by the channel's signer: nobody else ends it.
   */
  readonly signature: Uint8Array
  /** Worth what was charged, where the latest voucher pays ahead of it. A node that charged no more closes with this one. */
  readonly voucher?: SignedVoucher | undefined
}

export function readCloseChannelRequest(reader: WireReader): CloseChannelRequest {
  let channel: Uint8Array = new Uint8Array(0)
  let signature: Uint8Array = new Uint8Array(0)
  let voucher: SignedVoucher | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        channel = reader.copy('CloseChannelRequest.channel', LIMITS.hashBytes)
        break
      case 18:
        signature = reader.copy('CloseChannelRequest.signature', LIMITS.signatureBytes)
        break
      case 26:
        voucher = reader.nested('CloseChannelRequest.voucher', readSignedVoucher)
        break
      default:
        reader.skip(tag)
    }
  }
  checkLength(channel, 'CloseChannelRequest.channel', LIMITS.hashBytes)
  checkLength(signature, 'CloseChannelRequest.signature', LIMITS.signatureBytes)
  return { channel, signature, voucher }
}

export function writeCloseChannelRequest(writer: WireWriter, value: CloseChannelRequest): void {
  checkLength(value.channel, 'CloseChannelRequest.channel', LIMITS.hashBytes)
  if (value.channel.length > 0) writer.copy(10, value.channel, 'CloseChannelRequest.channel', LIMITS.hashBytes)
  checkLength(value.signature, 'CloseChannelRequest.signature', LIMITS.signatureBytes)
  if (value.signature.length > 0) writer.copy(18, value.signature, 'CloseChannelRequest.signature', LIMITS.signatureBytes)
  if (value.voucher !== undefined) writer.nested(26, value.voucher, writeSignedVoucher)
}

/** Codec of {@link CloseChannelRequest}, at most `LIMITS.smallMessageBytes`. */
export const CloseChannelRequest: Codec<CloseChannelRequest> = /* @__PURE__ */ messageCodec('CloseChannelRequest', LIMITS.smallMessageBytes, readCloseChannelRequest, writeCloseChannelRequest)

/** The channel is being closed. */
export interface CloseChannelResponse {
  /** The transaction that closes it. */
  readonly transaction: Uint8Array
}

export function readCloseChannelResponse(reader: WireReader): CloseChannelResponse {
  let transaction: Uint8Array = new Uint8Array(0)
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        transaction = reader.copy('CloseChannelResponse.transaction', LIMITS.hashBytes)
        break
      default:
        reader.skip(tag)
    }
  }
  checkLength(transaction, 'CloseChannelResponse.transaction', LIMITS.hashBytes)
  return { transaction }
}

export function writeCloseChannelResponse(writer: WireWriter, value: CloseChannelResponse): void {
  checkLength(value.transaction, 'CloseChannelResponse.transaction', LIMITS.hashBytes)
  if (value.transaction.length > 0) writer.copy(10, value.transaction, 'CloseChannelResponse.transaction', LIMITS.hashBytes)
}

/** Codec of {@link CloseChannelResponse}, at most `LIMITS.smallMessageBytes`. */
export const CloseChannelResponse: Codec<CloseChannelResponse> = /* @__PURE__ */ messageCodec('CloseChannelResponse', LIMITS.smallMessageBytes, readCloseChannelResponse, writeCloseChannelResponse)

/** What a node keeps of one channel on disk: each record replaces the one before it. */
export interface TillRecord {
  /** The channel. */
  readonly channel: Uint8Array
  /** The latest voucher. */
  readonly voucher?: SignedVoucher | undefined
  /**
   * All that was charged, requests under way included, and what the latest voucher pays ahead while the node runs: it is
   * written once for all requests that this voucher pays.
   */
  readonly spent: bigint
  /** Whether the channel is gone from the ledger. */
  readonly closed: boolean
  /** The part of `spent` that was not answered yet: it is given back when the process ends before it is. */
  readonly underWay: bigint
}

export function readTillRecord(reader: WireReader): TillRecord {
  let channel: Uint8Array = new Uint8Array(0)
  let voucher: SignedVoucher | undefined
  let spent: bigint = 0n
  let closed: boolean = false
  let underWay: bigint = 0n
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        channel = reader.copy('TillRecord.channel', LIMITS.hashBytes)
        break
      case 18:
        voucher = reader.nested('TillRecord.voucher', readSignedVoucher)
        break
      case 24:
        spent = reader.amount('TillRecord.spent')
        break
      case 32:
        closed = reader.bool('TillRecord.closed')
        break
      case 40:
        underWay = reader.amount('TillRecord.underWay')
        break
      default:
        reader.skip(tag)
    }
  }
  checkLength(channel, 'TillRecord.channel', LIMITS.hashBytes)
  return { channel, voucher, spent, closed, underWay }
}

export function writeTillRecord(writer: WireWriter, value: TillRecord): void {
  checkLength(value.channel, 'TillRecord.channel', LIMITS.hashBytes)
  if (value.channel.length > 0) writer.copy(10, value.channel, 'TillRecord.channel', LIMITS.hashBytes)
  if (value.voucher !== undefined) writer.nested(18, value.voucher, writeSignedVoucher)
  if (value.spent !== 0n) writer.amount(24, value.spent, 'TillRecord.spent')
  if (value.closed) writer.uint(32, value.closed ? 1 : 0, 'TillRecord.closed', 1)
  if (value.underWay !== 0n) writer.amount(40, value.underWay, 'TillRecord.underWay')
}

/** Codec of {@link TillRecord}, at most `LIMITS.tillRecordBytes`. */
export const TillRecord: Codec<TillRecord> = /* @__PURE__ */ messageCodec('TillRecord', LIMITS.tillRecordBytes, readTillRecord, writeTillRecord)

/** Answers a client about the channels that it pays this node by. */
export const PaymentService = {
  name: 'payment',
  version: '1.0.0',
  methods: {
    /** Tells the payer of a channel what the node holds of it and what it has charged. */
    Statement: {
      name: 'Statement',
      kind: 'unary',
      request: StatementRequest,
      response: Statement,
      maxAttachmentBytes: 0,
    },
    /** Has the node redeem what it holds and close the channel, so that the rest goes back to the payer at once. */
    Close: {
      name: 'Close',
      kind: 'unary',
      request: CloseChannelRequest,
      response: CloseChannelResponse,
      maxAttachmentBytes: 0,
    },
  },
} as const satisfies ServiceDefinition
