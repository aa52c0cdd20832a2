// Generated from proto/neurovoyance/ledger/v1/jobs.proto by `pnpm generate`: edit that file, not this one.
import { checkLength } from '../ids/checks.js'
import { LIMITS } from '../limits.js'
import type { Codec } from '../rpc/service.js'
import { messageCodec } from '../wire/codec.js'
import type { WireReader } from '../wire/reader.js'
import type { WireWriter } from '../wire/writer.js'
import { readPurse, type Purse, writePurse } from './ledger-accounts.js'

/**
 * A job as the ledger keeps it, under `jobs/<id in hexadecimal>`. The id is made like a channel's, of
 * `neurovoyance/job/1` and the poster's address.
 */
export interface JobRecord {
  /** The account that pays. */
  readonly poster: Uint8Array
  /** The account that accepts work. */
  readonly acceptor: Uint8Array
  /** Hash of the job's description. */
  readonly description: Uint8Array
  /** What is left of the budget, by kind. */
  readonly budget?: Purse | undefined
  /** What has been released. */
  readonly released: bigint
  /** Rounds of the job. */
  readonly rounds: number
  /** The latest round of which work was accepted; 0 before the first. */
  readonly round: number
  /** Ledger time after which the poster may have the rest back. */
  readonly deadlineMs: number
}

export function readJobRecord(reader: WireReader): JobRecord {
  let poster: Uint8Array = new Uint8Array(0)
  let acceptor: Uint8Array = new Uint8Array(0)
  let description: Uint8Array = new Uint8Array(0)
  let budget: Purse | undefined
  let released: bigint = 0n
  let rounds: number = 0
  let round: number = 0
  let deadlineMs: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        poster = reader.copy('JobRecord.poster', LIMITS.hashBytes)
        break
      case 18:
        acceptor = reader.copy('JobRecord.acceptor', LIMITS.hashBytes)
        break
      case 26:
        description = reader.copy('JobRecord.description', LIMITS.hashBytes)
        break
      case 34:
        budget = reader.nested('JobRecord.budget', readPurse)
        break
      case 40:
        released = reader.amount('JobRecord.released')
        break
      case 48:
        rounds = reader.uint32('JobRecord.rounds')
        break
      case 56:
        round = reader.uint32('JobRecord.round')
        break
      case 64:
        deadlineMs = reader.varint('JobRecord.deadlineMs')
        break
      default:
        reader.skip(tag)
    }
  }
  checkLength(poster, 'JobRecord.poster', LIMITS.hashBytes)
  checkLength(acceptor, 'JobRecord.acceptor', LIMITS.hashBytes)
  checkLength(description, 'JobRecord.description', LIMITS.hashBytes)
  return { poster, acceptor, description, budget, released, rounds, round, deadlineMs }
}

export function writeJobRecord(writer: WireWriter, value: JobRecord): void {
  checkLength(value.poster, 'JobRecord.poster', LIMITS.hashBytes)
  if (value.poster.length > 0) writer.copy(10, value.poster, 'JobRecord.poster', LIMITS.hashBytes)
  checkLength(value.acceptor, 'JobRecord.acceptor', LIMITS.hashBytes)
  if (value.acceptor.length > 0) writer.copy(18, value.acceptor, 'JobRecord.acceptor', LIMITS.hashBytes)
  checkLength(value.description, 'JobRecord.description', LIMITS.hashBytes)
  if (value.description.length > 0) writer.copy(26, value.description, 'JobRecord.description', LIMITS.hashBytes)
  if (value.budget !== undefined) writer.nested(34, value.budget, writePurse)
  if (value.released !== 0n) writer.amount(40, value.released, 'JobRecord.released')
  if (value.rounds !== 0) writer.uint(48, value.rounds, 'JobRecord.rounds', 0xffff_ffff)
  if (value.round !== 0) writer.uint(56, value.round, 'JobRecord.round', 0xffff_ffff)
  if (value.deadlineMs !== 0) writer.uint(64, value.deadlineMs, 'JobRecord.deadlineMs', Number.MAX_SAFE_INTEGER)
}

/** Codec of {@link JobRecord}, at most `LIMITS.escrowBytes`. */
export const JobRecord: Codec<JobRecord> = /* @__PURE__ */ messageCodec('JobRecord', LIMITS.escrowBytes, readJobRecord, writeJobRecord)

/** Posts a job and puts its budget aside. Kind `jobs/post`. */
export interface JobsPost {
  /** SHA-256 of the job's description. */
  readonly description: Uint8Array
  /** Base units that are put aside: granted coins first, then earned, then liquid ones. */
  readonly budget: bigint
  /** Rounds that it is for; by the end of round n no more than n / rounds of the budget is released. */
  readonly rounds: number
  /** Ledger time after which the poster may have the rest back. */
  readonly deadlineMs: number
  /** The account that accepts work; the poster when left out. */
  readonly acceptor?: Uint8Array | undefined
  /** Tells jobs apart that one transaction posts. */
  readonly index: number
}

export function readJobsPost(reader: WireReader): JobsPost {
  let description: Uint8Array = new Uint8Array(0)
  let budget: bigint = 0n
  let rounds: number = 0
  let deadlineMs: number = 0
  let acceptor: Uint8Array | undefined
  let index: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        description = reader.copy('JobsPost.description', LIMITS.hashBytes)
        break
      case 16:
        budget = reader.amount('JobsPost.budget')
        break
      case 24:
        rounds = reader.uint32('JobsPost.rounds')
        break
      case 32:
        deadlineMs = reader.varint('JobsPost.deadlineMs')
        break
      case 42:
        acceptor = reader.copy('JobsPost.acceptor', LIMITS.hashBytes)
        break
      case 48:
        index = reader.uint32('JobsPost.index')
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(description, 'JobsPost.description', LIMITS.hashBytes)
  if (acceptor !== undefined) checkLength(acceptor, 'JobsPost.acceptor', LIMITS.hashBytes)
  return { description, budget, rounds, deadlineMs, acceptor, index }
}

export function writeJobsPost(writer: WireWriter, value: JobsPost): void {
  checkLength(value.description, 'JobsPost.description', LIMITS.hashBytes)
  if (value.description.length > 0) writer.copy(10, value.description, 'JobsPost.description', LIMITS.hashBytes)
  if (value.budget !== 0n) writer.amount(16, value.budget, 'JobsPost.budget')
  if (value.rounds !== 0) writer.uint(24, value.rounds, 'JobsPost.rounds', 0xffff_ffff)
  if (value.deadlineMs !== 0) writer.uint(32, value.deadlineMs, 'JobsPost.deadlineMs', Number.MAX_SAFE_INTEGER)
  if (value.acceptor !== undefined) checkLength(value.acceptor, 'JobsPost.acceptor', LIMITS.hashBytes)
  if (value.acceptor !== undefined) writer.copy(42, value.acceptor, 'JobsPost.acceptor', LIMITS.hashBytes)
  if (value.index !== 0) writer.uint(48, value.index, 'JobsPost.index', 0xffff_ffff)
}

/** Codec of {@link JobsPost}, at most `LIMITS.actionBytes`. */
export const JobsPost: Codec<JobsPost> = /* @__PURE__ */ messageCodec('JobsPost', LIMITS.actionBytes, readJobsPost, writeJobsPost)

/** Accepts a worker's share in a round, and pays it. Kind `jobs/accept`. */
export interface JobsAccept {
  /** The job; its acceptor asks. */
  readonly job: Uint8Array
  /** The round, from 1: the latest one, or the one after it. */
  readonly round: number
  /** The account that is paid. */
  readonly worker: Uint8Array
  /** Base units of the budget. */
  readonly amount: bigint
  /** Hash of the work. */
  readonly result: Uint8Array
}

export function readJobsAccept(reader: WireReader): JobsAccept {
  let job: Uint8Array = new Uint8Array(0)
  let round: number = 0
  let worker: Uint8Array = new Uint8Array(0)
  let amount: bigint = 0n
  let result: Uint8Array = new Uint8Array(0)
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        job = reader.copy('JobsAccept.job', LIMITS.hashBytes)
        break
      case 16:
        round = reader.uint32('JobsAccept.round')
        break
      case 26:
        worker = reader.copy('JobsAccept.worker', LIMITS.hashBytes)
        break
      case 32:
        amount = reader.amount('JobsAccept.amount')
        break
      case 42:
        result = reader.copy('JobsAccept.result', LIMITS.hashBytes)
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(job, 'JobsAccept.job', LIMITS.hashBytes)
  checkLength(worker, 'JobsAccept.worker', LIMITS.hashBytes)
  checkLength(result, 'JobsAccept.result', LIMITS.hashBytes)
  return { job, round, worker, amount, result }
}

export function writeJobsAccept(writer: WireWriter, value: JobsAccept): void {
  checkLength(value.job, 'JobsAccept.job', LIMITS.hashBytes)
  if (value.job.length > 0) writer.copy(10, value.job, 'JobsAccept.job', LIMITS.hashBytes)
  if (value.round !== 0) writer.uint(16, value.round, 'JobsAccept.round', 0xffff_ffff)
  checkLength(value.worker, 'JobsAccept.worker', LIMITS.hashBytes)
  if (value.worker.length > 0) writer.copy(26, value.worker, 'JobsAccept.worker', LIMITS.hashBytes)
  if (value.amount !== 0n) writer.amount(32, value.amount, 'JobsAccept.amount')
  checkLength(value.result, 'JobsAccept.result', LIMITS.hashBytes)
  if (value.result.length > 0) writer.copy(42, value.result, 'JobsAccept.result', LIMITS.hashBytes)
}

/** Codec of {@link JobsAccept}, at most `LIMITS.actionBytes`. */
export const JobsAccept: Codec<JobsAccept> = /* @__PURE__ */ messageCodec('JobsAccept', LIMITS.actionBytes, readJobsAccept, writeJobsAccept)

/** Gives the rest of a budget back to the poster, who asks, after the deadline. Kind `jobs/refund`. */
export interface JobsRefund {
  /** The job. */
  readonly job: Uint8Array
}

export function readJobsRefund(reader: WireReader): JobsRefund {
  let job: Uint8Array = new Uint8Array(0)
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        job = reader.copy('JobsRefund.job', LIMITS.hashBytes)
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(job, 'JobsRefund.job', LIMITS.hashBytes)
  return { job }
}

export function writeJobsRefund(writer: WireWriter, value: JobsRefund): void {
  checkLength(value.job, 'JobsRefund.job', LIMITS.hashBytes)
  if (value.job.length > 0) writer.copy(10, value.job, 'JobsRefund.job', LIMITS.hashBytes)
}

/** Codec of {@link JobsRefund}, at most `LIMITS.actionBytes`. */
export const JobsRefund: Codec<JobsRefund> = /* @__PURE__ */ messageCodec('JobsRefund', LIMITS.actionBytes, readJobsRefund, writeJobsRefund)
