// Generated from proto/neurovoyance/ledger/v1/channels.proto by `pnpm generate`: edit that file, not this one.
import { checkLength } from '../ids/checks.js'
import { LIMITS } from '../limits.js'
import type { Codec } from '../rpc/service.js'
import { messageCodec } from '../wire/codec.js'
import type { WireReader } from '../wire/reader.js'
import type { WireWriter } from '../wire/writer.js'
import { readPurse, type Purse, writePurse } from './ledger-accounts.js'

/**
 * What a client owes a worker in all, up to and with the work that it names. Each voucher of a channel replaces the
 * one before it.
 */
export interface Voucher {
  /** The chain that it can be redeemed on. */
  readonly chainId: string
  /** The channel that it is paid from. */
  readonly channelId: Uint8Array
  /** Base units owed since the channel was opened. */
  readonly cumulative: bigint
  /** The job or request that it pays last. */
  readonly jobId: Uint8Array
  /** Root of the transcript of what was delivered: the payment is evidence of it. */
  readonly transcriptRoot: Uint8Array
}

export function readVoucher(reader: WireReader): Voucher {
  let chainId: string = ''
  let channelId: Uint8Array = new Uint8Array(0)
  let cumulative: bigint = 0n
  let jobId: Uint8Array = new Uint8Array(0)
  let transcriptRoot: Uint8Array = new Uint8Array(0)
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        chainId = reader.string('Voucher.chainId', LIMITS.chainIdBytes)
        break
      case 18:
        channelId = reader.copy('Voucher.channelId', LIMITS.hashBytes)
        break
      case 24:
        cumulative = reader.amount('Voucher.cumulative')
        break
      case 34:
        jobId = reader.copy('Voucher.jobId', LIMITS.hashBytes)
        break
      case 42:
        transcriptRoot = reader.copy('Voucher.transcriptRoot', LIMITS.hashBytes)
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(channelId, 'Voucher.channelId', LIMITS.hashBytes)
  checkLength(jobId, 'Voucher.jobId', LIMITS.hashBytes)
  checkLength(transcriptRoot, 'Voucher.transcriptRoot', LIMITS.hashBytes)
  return { chainId, channelId, cumulative, jobId, transcriptRoot }
}

export function writeVoucher(writer: WireWriter, value: Voucher): void {
  if (value.chainId !== '') writer.string(10, value.chainId, 'Voucher.chainId', LIMITS.chainIdBytes)
  checkLength(value.channelId, 'Voucher.channelId', LIMITS.hashBytes)
  if (value.channelId.length > 0) writer.copy(18, value.channelId, 'Voucher.channelId', LIMITS.hashBytes)
  if (value.cumulative !== 0n) writer.amount(24, value.cumulative, 'Voucher.cumulative')
  checkLength(value.jobId, 'Voucher.jobId', LIMITS.hashBytes)
  if (value.jobId.length > 0) writer.copy(34, value.jobId, 'Voucher.jobId', LIMITS.hashBytes)
  checkLength(value.transcriptRoot, 'Voucher.transcriptRoot', LIMITS.hashBytes)
  if (value.transcriptRoot.length > 0) writer.copy(42, value.transcriptRoot, 'Voucher.transcriptRoot', LIMITS.hashBytes)
}

/** Codec of {@link Voucher}, at most `LIMITS.voucherBytes`. */
export const Voucher: Codec<Voucher> = /* @__PURE__ */ messageCodec('Voucher', LIMITS.voucherBytes, readVoucher, writeVoucher)

/**
 * A voucher as it travels. The signature is of `neurovoyance/voucher/1`, a zero byte, the length of the chain's id
 * (one byte), the id, and `voucher`, by the channel's signer.
 */
export interface SignedVoucher {
  /** An encoded Voucher; these bytes are what is signed. */
  readonly voucher: Uint8Array
  /** The signature (RFC 8032). */
  readonly signature: Uint8Array
}

export function readSignedVoucher(reader: WireReader): SignedVoucher {
  let voucher: Uint8Array = new Uint8Array(0)
  let signature: Uint8Array = new Uint8Array(0)
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        voucher = reader.copy('SignedVoucher.voucher', LIMITS.voucherBytes)
        break
      case 18:
        signature = reader.copy('SignedVoucher.signature', LIMITS.signatureBytes)
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(signature, 'SignedVoucher.signature', LIMITS.signatureBytes)
  return { voucher, signature }
}

export function writeSignedVoucher(writer: WireWriter, value: SignedVoucher): void {
  if (value.voucher.length > 0) writer.copy(10, value.voucher, 'SignedVoucher.voucher', LIMITS.voucherBytes)
  checkLength(value.signature, 'SignedVoucher.signature', LIMITS.signatureBytes)
  if (value.signature.length > 0) writer.copy(18, value.signature, 'SignedVoucher.signature', LIMITS.signatureBytes)
}

/** Codec of {@link SignedVoucher}, at most `LIMITS.signedVoucherBytes`. */
export const SignedVoucher: Codec<SignedVoucher> = /* @__PURE__ */ messageCodec('SignedVoucher', LIMITS.signedVoucherBytes, readSignedVoucher, writeSignedVoucher)

/**
 * An open channel as the ledger keeps it, under `channels/<id in hexadecimal>`. The id is the SHA-256 of
 * `neurovoyance/channel/1`, a zero byte, the length of the chain's id (one byte), the id, the payer's address, the
 * nonce of the transaction that opened it (8 bytes, the highest first) and the opening's index (4 bytes).
 */
export interface ChannelRecord {
  /** The account that pays. */
  readonly payer: Uint8Array
  /** The account that is paid. */
  readonly payee: Uint8Array
  /** The key that signs vouchers. */
  readonly signer: Uint8Array
  /** What is left of the deposit, by kind. */
  readonly deposit?: Purse | undefined
  /** What has been paid out of it. */
  readonly settled: bigint
  /** Ledger time at which the payer asked for the end; absent while nobody did. */
  readonly closeRequestedAtMs?: number | undefined
}

export function readChannelRecord(reader: WireReader): ChannelRecord {
  let payer: Uint8Array = new Uint8Array(0)
  let payee: Uint8Array = new Uint8Array(0)
  let signer: Uint8Array = new Uint8Array(0)
  let deposit: Purse | undefined
  let settled: bigint = 0n
  let closeRequestedAtMs: number | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        payer = reader.copy('ChannelRecord.payer', LIMITS.hashBytes)
        break
      case 18:
        payee = reader.copy('ChannelRecord.payee', LIMITS.hashBytes)
        break
      case 26:
        signer = reader.copy('ChannelRecord.signer', LIMITS.publicKeyBytes)
        break
      case 34:
        deposit = reader.nested('ChannelRecord.deposit', readPurse)
        break
      case 40:
        settled = reader.amount('ChannelRecord.settled')
        break
      case 48:
        closeRequestedAtMs = reader.varint('ChannelRecord.closeRequestedAtMs')
        break
      default:
        reader.skip(tag)
    }
  }
  checkLength(payer, 'ChannelRecord.payer', LIMITS.hashBytes)
  checkLength(payee, 'ChannelRecord.payee', LIMITS.hashBytes)
  checkLength(signer, 'ChannelRecord.signer', LIMITS.publicKeyBytes)
  return { payer, payee, signer, deposit, settled, closeRequestedAtMs }
}

export function writeChannelRecord(writer: WireWriter, value: ChannelRecord): void {
  checkLength(value.payer, 'ChannelRecord.payer', LIMITS.hashBytes)
  if (value.payer.length > 0) writer.copy(10, value.payer, 'ChannelRecord.payer', LIMITS.hashBytes)
  checkLength(value.payee, 'ChannelRecord.payee', LIMITS.hashBytes)
  if (value.payee.length > 0) writer.copy(18, value.payee, 'ChannelRecord.payee', LIMITS.hashBytes)
  checkLength(value.signer, 'ChannelRecord.signer', LIMITS.publicKeyBytes)
  if (value.signer.length > 0) writer.copy(26, value.signer, 'ChannelRecord.signer', LIMITS.publicKeyBytes)
  if (value.deposit !== undefined) writer.nested(34, value.deposit, writePurse)
  if (value.settled !== 0n) writer.amount(40, value.settled, 'ChannelRecord.settled')
  if (value.closeRequestedAtMs !== undefined) writer.uint(48, value.closeRequestedAtMs, 'ChannelRecord.closeRequestedAtMs', Number.MAX_SAFE_INTEGER)
}

/** Codec of {@link ChannelRecord}, at most `LIMITS.escrowBytes`. */
export const ChannelRecord: Codec<ChannelRecord> = /* @__PURE__ */ messageCodec('ChannelRecord', LIMITS.escrowBytes, readChannelRecord, writeChannelRecord)

/** Opens a channel from the sender to a worker. Kind `channels/open`. */
export interface ChannelsOpen {
  /** The account that will be paid. */
  readonly payee: Uint8Array
  /** The key that will sign vouchers: a hot one of the payer's. */
  readonly signer: Uint8Array
  /** Base units that are put aside: granted coins first, then earned, then liquid ones. */
  readonly deposit: bigint
  /** Tells channels apart that one transaction opens. */
  readonly index: number
}

export function readChannelsOpen(reader: WireReader): ChannelsOpen {
  let payee: Uint8Array = new Uint8Array(0)
  let signer: Uint8Array = new Uint8Array(0)
  let deposit: bigint = 0n
  let index: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        payee = reader.copy('ChannelsOpen.payee', LIMITS.hashBytes)
        break
      case 18:
        signer = reader.copy('ChannelsOpen.signer', LIMITS.publicKeyBytes)
        break
      case 24:
        deposit = reader.amount('ChannelsOpen.deposit')
        break
      case 32:
        index = reader.uint32('ChannelsOpen.index')
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(payee, 'ChannelsOpen.payee', LIMITS.hashBytes)
  checkLength(signer, 'ChannelsOpen.signer', LIMITS.publicKeyBytes)
  return { payee, signer, deposit, index }
}

export function writeChannelsOpen(writer: WireWriter, value: ChannelsOpen): void {
  checkLength(value.payee, 'ChannelsOpen.payee', LIMITS.hashBytes)
  if (value.payee.length > 0) writer.copy(10, value.payee, 'ChannelsOpen.payee', LIMITS.hashBytes)
  checkLength(value.signer, 'ChannelsOpen.signer', LIMITS.publicKeyBytes)
  if (value.signer.length > 0) writer.copy(18, value.signer, 'ChannelsOpen.signer', LIMITS.publicKeyBytes)
  if (value.deposit !== 0n) writer.amount(24, value.deposit, 'ChannelsOpen.deposit')
  if (value.index !== 0) writer.uint(32, value.index, 'ChannelsOpen.index', 0xffff_ffff)
}

/** Codec of {@link ChannelsOpen}, at most `LIMITS.actionBytes`. */
export const ChannelsOpen: Codec<ChannelsOpen> = /* @__PURE__ */ messageCodec('ChannelsOpen', LIMITS.actionBytes, readChannelsOpen, writeChannelsOpen)

/** Adds to a deposit; whoever had asked for the channel's end wants it open again. Kind `channels/topUp`. */
export interface ChannelsTopUp {
  /** The channel; its payer asks. */
  readonly channel: Uint8Array
  /** Base units more. */
  readonly amount: bigint
}

export function readChannelsTopUp(reader: WireReader): ChannelsTopUp {
  let channel: Uint8Array = new Uint8Array(0)
  let amount: bigint = 0n
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        channel = reader.copy('ChannelsTopUp.channel', LIMITS.hashBytes)
        break
      case 16:
        amount = reader.amount('ChannelsTopUp.amount')
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(channel, 'ChannelsTopUp.channel', LIMITS.hashBytes)
  return { channel, amount }
}

export function writeChannelsTopUp(writer: WireWriter, value: ChannelsTopUp): void {
  checkLength(value.channel, 'ChannelsTopUp.channel', LIMITS.hashBytes)
  if (value.channel.length > 0) writer.copy(10, value.channel, 'ChannelsTopUp.channel', LIMITS.hashBytes)
  if (value.amount !== 0n) writer.amount(16, value.amount, 'ChannelsTopUp.amount')
}

/** Codec of {@link ChannelsTopUp}, at most `LIMITS.actionBytes`. */
export const ChannelsTopUp: Codec<ChannelsTopUp> = /* @__PURE__ */ messageCodec('ChannelsTopUp', LIMITS.actionBytes, readChannelsTopUp, writeChannelsTopUp)

/** Pays out what a voucher is worth beyond what was paid before. Anybody may ask. Kind `channels/settle`. */
export interface ChannelsSettle {
  /** The latest voucher. */
  readonly voucher?: SignedVoucher | undefined
}

export function readChannelsSettle(reader: WireReader): ChannelsSettle {
  let voucher: SignedVoucher | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        voucher = reader.nested('ChannelsSettle.voucher', readSignedVoucher)
        break
      default:
        reader.refuse(tag)
    }
  }
  return { voucher }
}

export function writeChannelsSettle(writer: WireWriter, value: ChannelsSettle): void {
  if (value.voucher !== undefined) writer.nested(10, value.voucher, writeSignedVoucher)
}

/** Codec of {@link ChannelsSettle}, at most `LIMITS.actionBytes`. */
export const ChannelsSettle: Codec<ChannelsSettle> = /* @__PURE__ */ messageCodec('ChannelsSettle', LIMITS.actionBytes, readChannelsSettle, writeChannelsSettle)

/** Ends a channel at once, by its payee: the rest goes back to the payer. Kind `channels/close`. */
export interface ChannelsClose {
  /** The channel. */
  readonly channel: Uint8Array
  /** A last voucher to be paid first. */
  readonly voucher?: SignedVoucher | undefined
}

export function readChannelsClose(reader: WireReader): ChannelsClose {
  let channel: Uint8Array = new Uint8Array(0)
  let voucher: SignedVoucher | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        channel = reader.copy('ChannelsClose.channel', LIMITS.hashBytes)
        break
      case 18:
        voucher = reader.nested('ChannelsClose.voucher', readSignedVoucher)
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(channel, 'ChannelsClose.channel', LIMITS.hashBytes)
  return { channel, voucher }
}

export function writeChannelsClose(writer: WireWriter, value: ChannelsClose): void {
  checkLength(value.channel, 'ChannelsClose.channel', LIMITS.hashBytes)
  if (value.channel.length > 0) writer.copy(10, value.channel, 'ChannelsClose.channel', LIMITS.hashBytes)
  if (value.voucher !== undefined) writer.nested(18, value.voucher, writeSignedVoucher)
}

/** Codec of {@link ChannelsClose}, at most `LIMITS.actionBytes`. */
export const ChannelsClose: Codec<ChannelsClose> = /* @__PURE__ */ messageCodec('ChannelsClose', LIMITS.actionBytes, readChannelsClose, writeChannelsClose)

/** Asks for the end of a channel, by its payer: the payee has the grace time to settle. Kind `channels/requestClose`. */
export interface ChannelsRequestClose {
  /** The channel. */
  readonly channel: Uint8Array
}

export function readChannelsRequestClose(reader: WireReader): ChannelsRequestClose {
  let channel: Uint8Array = new Uint8Array(0)
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        channel = reader.copy('ChannelsRequestClose.channel', LIMITS.hashBytes)
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(channel, 'ChannelsRequestClose.channel', LIMITS.hashBytes)
  return { channel }
}

export function writeChannelsRequestClose(writer: WireWriter, value: ChannelsRequestClose): void {
  checkLength(value.channel, 'ChannelsRequestClose.channel', LIMITS.hashBytes)
  if (value.channel.length > 0) writer.copy(10, value.channel, 'ChannelsRequestClose.channel', LIMITS.hashBytes)
}

/** Codec of {@link ChannelsRequestClose}, at most `LIMITS.actionBytes`. */
export const ChannelsRequestClose: Codec<ChannelsRequestClose> = /* @__PURE__ */ messageCodec('ChannelsRequestClose', LIMITS.actionBytes, readChannelsRequestClose, writeChannelsRequestClose)

/** Takes the rest of a deposit back, by the payer, when the grace time is over. Kind `channels/withdraw`. */
export interface ChannelsWithdraw {
  /** The channel. */
  readonly channel: Uint8Array
}

export function readChannelsWithdraw(reader: WireReader): ChannelsWithdraw {
  let channel: Uint8Array = new Uint8Array(0)
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        channel = reader.copy('ChannelsWithdraw.channel', LIMITS.hashBytes)
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(channel, 'ChannelsWithdraw.channel', LIMITS.hashBytes)
  return { channel }
}

export function writeChannelsWithdraw(writer: WireWriter, value: ChannelsWithdraw): void {
  checkLength(value.channel, 'ChannelsWithdraw.channel', LIMITS.hashBytes)
  if (value.channel.length > 0) writer.copy(10, value.channel, 'ChannelsWithdraw.channel', LIMITS.hashBytes)
}

/** Codec of {@link ChannelsWithdraw}, at most `LIMITS.actionBytes`. */
export const ChannelsWithdraw: Codec<ChannelsWithdraw> = /* @__PURE__ */ messageCodec('ChannelsWithdraw', LIMITS.actionBytes, readChannelsWithdraw, writeChannelsWithdraw)
