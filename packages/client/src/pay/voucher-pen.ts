import { bytesOf, sealVoucher } from '@neurovoyance/ledger'
import type { Charge, SignedVoucher } from '@neurovoyance/protocol'
import { sha256 } from '@noble/hashes/sha2.js'
import { concatBytes } from '@noble/hashes/utils.js'
import type { PayingAccount } from './teller.js'

/** Signs the vouchers of one channel. */
export interface VoucherPen {
  /** A voucher that is worth so much in all. */
  sign(cumulative: bigint): SignedVoucher
  /** Takes an answer into the transcript that the next voucher names. */
  note(charge: Charge): void
}

/** Charges that are hashed together: one by one they would be in the way of the answers. */
const NOTED_AT_ONCE = 64

/** Signs vouchers of a channel with the account's key; the transcript is a chain of hashes over all charges. */
export function createVoucherPen(
  chainId: string,
  channel: string,
  account: Pick<PayingAccount, 'sign'>,
): VoucherPen {
  const channelId = bytesOf(channel)
  let transcriptRoot = sha256(channelId)
  let noted: Charge[] = []
  let jobs = 0

  function hashNoted(): void {
    for (const { units, amount } of noted) {
      transcriptRoot = sha256(concatBytes(transcriptRoot, numbers(units, amount)))
    }
    noted = []
  }

  return {
    sign(cumulative) {
      hashNoted()
      const jobId = sha256(concatBytes(channelId, numbers(BigInt(jobs++), cumulative)))
      const voucher = { chainId, channelId, cumulative, jobId, transcriptRoot }
      return sealVoucher(voucher, message => account.sign(message) as Uint8Array)
    },
    note(charge) {
      noted.push(charge)
      if (noted.length >= NOTED_AT_ONCE) hashNoted()
    },
  }
}

function numbers(first: bigint, second: bigint): Uint8Array {
  const view = new DataView(new ArrayBuffer(16))
  view.setBigUint64(0, first)
  view.setBigUint64(8, second)
  return new Uint8Array(view.buffer)
}
