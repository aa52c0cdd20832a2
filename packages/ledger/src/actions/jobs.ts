import { type Action, JobsAccept, JobsPost, JobsRefund } from '@neurovoyance/protocol'
import { type AccountName, accountBytes } from './account-name.js'

/** A job with its budget. */
export interface JobPosting {
  /** SHA-256 of the job's description. */
  readonly description: Uint8Array
  readonly budget: bigint
  readonly rounds: number
  /** Ledger time after which the poster may have the rest back. */
  readonly deadlineMs: number
  /** The account that accepts work; the poster when left out. */
  readonly acceptor?: AccountName
  /** Tells jobs apart that one transaction posts; 0 when left out. */
  readonly index?: number
}

/** Posts a job and puts its budget aside. */
export const postJob = ({ acceptor, index = 0, ...posting }: JobPosting): Action => ({
  kind: 'jobs/post',
  payload: JobsPost.encode({
    ...posting,
    index,
    acceptor: acceptor === undefined ? undefined : accountBytes(acceptor),
  }),
})

/** A worker's share in a round of a job. */
export interface JobAcceptance {
  readonly job: Uint8Array
  /** From 1: the latest round, or the one after it. */
  readonly round: number
  readonly worker: AccountName
  readonly amount: bigint
  /** Hash of the work. */
  readonly result: Uint8Array
}

/** Accepts work, and pays it. */
export const acceptWork = ({ worker, ...acceptance }: JobAcceptance): Action => ({
  kind: 'jobs/accept',
  payload: JobsAccept.encode({ ...acceptance, worker: accountBytes(worker) }),
})

/** Gives the rest of a budget back to the poster after the deadline. */
export const refundJob = (job: Uint8Array): Action => ({
  kind: 'jobs/refund',
  payload: JobsRefund.encode({ job }),
})
