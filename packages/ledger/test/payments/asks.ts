import {
  ChannelsClose,
  ChannelsOpen,
  ChannelsRequestClose,
  ChannelsSettle,
  ChannelsTopUp,
  ChannelsWithdraw,
  GrantsGive,
  JobsAccept,
  JobsPost,
  JobsRefund,
  RewardsClaim,
  type SignedVoucher,
} from '@neurovoyance/protocol'
import { bytesOf, type Id } from '../../src/index.js'
import type { Ask } from '../machine/chain.js'

/** Hashes of things that the ledger does not look into. */
export const SOME_HASH = new Uint8Array(32).fill(7)

/** What people ask of the modules about payments. */
export const asks = {
  open: (payee: Id, signer: Uint8Array, deposit: bigint, index = 0): Ask => ({
    kind: 'channels/open',
    payload: ChannelsOpen.encode({ payee: bytesOf(payee), signer, deposit, index }),
  }),
  topUp: (channel: Id, amount: bigint): Ask => ({
    kind: 'channels/topUp',
    payload: ChannelsTopUp.encode({ channel: bytesOf(channel), amount }),
  }),
  settle: (voucher: SignedVoucher): Ask => ({
    kind: 'channels/settle',
    payload: ChannelsSettle.encode({ voucher }),
  }),
  close: (channel: Id, voucher?: SignedVoucher): Ask => ({
    kind: 'channels/close',
    payload: ChannelsClose.encode({ channel: bytesOf(channel), ...(voucher && { voucher }) }),
  }),
  requestClose: (channel: Id): Ask => ({
    kind: 'channels/requestClose',
    payload: ChannelsRequestClose.encode({ channel: bytesOf(channel) }),
  }),
  withdraw: (channel: Id): Ask => ({
    kind: 'channels/withdraw',
    payload: ChannelsWithdraw.encode({ channel: bytesOf(channel) }),
  }),
  post: (
    posting: Omit<JobsPost, 'acceptor' | 'description' | 'index'> & { acceptor?: Id; index?: number },
  ): Ask => {
    const { acceptor, index = 0, ...rest } = posting
    const payload = {
      ...rest,
      index,
      description: SOME_HASH,
      ...(acceptor && { acceptor: bytesOf(acceptor) }),
    }
    return { kind: 'jobs/post', payload: JobsPost.encode(payload) }
  },
  accept: (job: Id, round: number, worker: Id, amount: bigint): Ask => ({
    kind: 'jobs/accept',
    payload: JobsAccept.encode({
      job: bytesOf(job),
      round,
      worker: bytesOf(worker),
      amount,
      result: SOME_HASH,
    }),
  }),
  refund: (job: Id): Ask => ({ kind: 'jobs/refund', payload: JobsRefund.encode({ job: bytesOf(job) }) }),
  claim: (worker: Id): Ask => ({
    kind: 'rewards/claim',
    payload: RewardsClaim.encode({ worker: bytesOf(worker) }),
  }),
  give: (guest: Id, amount: bigint): Ask => ({
    kind: 'grants/give',
    payload: GrantsGive.encode({ guest: bytesOf(guest), amount }),
  }),
}
