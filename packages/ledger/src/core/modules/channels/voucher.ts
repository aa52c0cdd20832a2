import { type ChannelRecord, type SignedVoucher, Voucher } from '@neurovoyance/protocol'
import type { LedgerErrorCode } from '../../../errors.js'
import { sameBytes } from '../../block/merkle.js'
import { signingPrefix } from '../../crypto/domains.js'
import type { Verify } from '../../crypto/zip215.js'
import { bytesOf, type Id } from '../../hex.js'
import type { SignatureCheck } from '../../machine/transaction.js'
import { totalOf } from '../accounts/purse.js'
import { escrowOf } from '../escrow/escrow.js'

/** A voucher that was read. */
export interface OpenVoucher {
  readonly voucher: Voucher
  /** The bytes that travelled: they are what is signed. */
  readonly bytes: Uint8Array
  readonly signature: Uint8Array
}

/** What a voucher is checked against: the channel on the ledger, or what its payee knows beyond that. */
export interface VoucherChannel {
  readonly chainId: string
  readonly channelId: Uint8Array
  /** The key that signs its vouchers. */
  readonly signer: Uint8Array
  /** What was settled; on the payee's side, what the latest voucher is worth. */
  readonly cumulative: bigint
  /** All that was put in since the channel was opened. */
  readonly deposited: bigint
}

/** A channel of the ledger, to check vouchers against. A payee who holds a later voucher puts that one's amount. */
export const voucherChannel = (chainId: string, id: Id, record: ChannelRecord): VoucherChannel => ({
  chainId,
  channelId: bytesOf(id),
  signer: record.signer,
  cumulative: record.settled,
  deposited: record.settled + totalOf(escrowOf(record.deposit)),
})

/** How a voucher is checked. */
export interface VoucherRules {
  /** The ledger's `channels/leastStep`. */
  readonly leastStep: bigint
  readonly verify: Verify
}

/** Why a voucher is worth nothing more. */
export type VoucherProblem = Extract<
  LedgerErrorCode,
  | 'LEDGER_WRONG_CHAIN'
  | 'LEDGER_WRONG_CHANNEL'
  | 'LEDGER_STALE_VOUCHER'
  | 'LEDGER_OVER_DEPOSIT'
  | 'LEDGER_TOO_SMALL'
  | 'LEDGER_BAD_SIGNATURE'
>

/**
 * Reads a voucher.
 *
 * @throws ProtocolError `PROTOCOL_MALFORMED`, `PROTOCOL_TOO_LARGE`
 */
export const openVoucher = ({ voucher, signature }: SignedVoucher): OpenVoucher => ({
  voucher: Voucher.decode(voucher),
  bytes: voucher,
  signature,
})

/** Signs a voucher, with the key that the channel names. */
export function sealVoucher(voucher: Voucher, sign: (message: Uint8Array) => Uint8Array): SignedVoucher {
  const bytes = Voucher.encode(voucher)
  return { voucher: bytes, signature: sign(voucherMessage(voucher.chainId, bytes)) }
}

/** The bytes that are signed for a voucher. */
export function voucherMessage(chainId: string, bytes: Uint8Array): Uint8Array {
  const prefix = signingPrefix('neurovoyance/voucher/1', chainId)
  const message = new Uint8Array(prefix.length + bytes.length)
  message.set(prefix)
  message.set(bytes, prefix.length)
  return message
}

/**
 * What is wrong with a voucher; `undefined` where it can be redeemed. The cheap questions come first: the signature
 * is looked at only when the amount is right. The ledger and the payee ask the same.
 */
export function checkVoucher(
  channel: VoucherChannel,
  { voucher, bytes, signature }: OpenVoucher,
  { leastStep, verify }: VoucherRules,
): VoucherProblem | undefined {
  const step = voucher.cumulative - channel.cumulative
  if (voucher.chainId !== channel.chainId) return 'LEDGER_WRONG_CHAIN'
  if (!sameBytes(voucher.channelId, channel.channelId)) return 'LEDGER_WRONG_CHANNEL'
  if (step <= 0n) return 'LEDGER_STALE_VOUCHER'
  if (voucher.cumulative > channel.deposited) return 'LEDGER_OVER_DEPOSIT'
  if (step < leastStep && voucher.cumulative < channel.deposited) return 'LEDGER_TOO_SMALL'
  const signed = voucherSignature(channel, { bytes, signature })
  return verify(signed.publicKey, signed.message, signed.signature) ? undefined : 'LEDGER_BAD_SIGNATURE'
}

/** What has to hold for a voucher to be one of its channel. */
export const voucherSignature = (
  { chainId, signer }: Pick<VoucherChannel, 'chainId' | 'signer'>,
  { bytes, signature }: Pick<OpenVoucher, 'bytes' | 'signature'>,
): SignatureCheck => ({ publicKey: signer, message: voucherMessage(chainId, bytes), signature })
