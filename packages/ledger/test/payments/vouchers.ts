import { type SignedVoucher, Voucher } from '@neurovoyance/protocol'
import { ed25519 } from '@noble/curves/ed25519.js'
import { bytesOf, type Id, voucherMessage } from '../../src/index.js'
import { CHAIN, type Person } from '../machine/chain.js'
import { SOME_HASH } from './asks.js'

/** A voucher that somebody signs; `signedFor` is the chain of the signature, where it differs. */
export function voucherOf(
  signer: Pick<Person, 'secret'>,
  channel: Id,
  cumulative: bigint,
  { chainId = CHAIN, signedFor }: { chainId?: string; signedFor?: string } = {},
): SignedVoucher {
  const voucher = Voucher.encode({
    chainId,
    channelId: bytesOf(channel),
    cumulative,
    jobId: SOME_HASH,
    transcriptRoot: SOME_HASH,
  })
  return { voucher, signature: ed25519.sign(voucherMessage(signedFor ?? chainId, voucher), signer.secret) }
}
