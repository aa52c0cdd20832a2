// Generated from proto/neurovoyance/ledger/v1/exit.proto by `pnpm generate`: edit that file, not this one.
import { checkLength } from '../ids/checks.js'
import { LIMITS } from '../limits.js'
import type { Codec } from '../rpc/service.js'
import { messageCodec } from '../wire/codec.js'
import type { WireReader } from '../wire/reader.js'
import type { WireWriter } from '../wire/writer.js'
import { readLot, type Lot, writeLot } from './ledger-accounts.js'

/** Puts earned coins into the exit queue, the oldest first. Kind `exit/request`. */
export interface ExitRequest {
  /** How many: a multiple of 10^6 base units. */
  readonly amount: bigint
}

export function readExitRequest(reader: WireReader): ExitRequest {
  let amount: bigint = 0n
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        amount = reader.amount('ExitRequest.amount')
        break
      default:
        reader.refuse(tag)
    }
  }
  return { amount }
}

export function writeExitRequest(writer: WireWriter, value: ExitRequest): void {
  if (value.amount !== 0n) writer.amount(8, value.amount, 'ExitRequest.amount')
}

/** Codec of {@link ExitRequest}, at most `LIMITS.actionBytes`. */
export const ExitRequest: Codec<ExitRequest> = /* @__PURE__ */ messageCodec('ExitRequest', LIMITS.actionBytes, readExitRequest, writeExitRequest)

/** Makes what the queue has released of the sender's coins liquid; what finishes does so by itself. Kind `exit/claim`. */

export type ExitClaim = Record<never, never>

export function readExitClaim(reader: WireReader): ExitClaim {
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      default:
        reader.refuse(tag)
    }
  }
  return {  }
}

export function writeExitClaim(_writer: WireWriter, _value: ExitClaim): void {

}

/** Codec of {@link ExitClaim}, at most `LIMITS.actionBytes`. */
export const ExitClaim: Codec<ExitClaim> = /* @__PURE__ */ messageCodec('ExitClaim', LIMITS.actionBytes, readExitClaim, writeExitClaim)

/** Takes back what the queue has not released of one request: it is earned again, as old as it was. Kind `exit/cancel`. */
export interface ExitCancel {
  /** Cohort of the request. */
  readonly cohort: number
}

export function readExitCancel(reader: WireReader): ExitCancel {
  let cohort: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        cohort = reader.varint('ExitCancel.cohort')
        break
      default:
        reader.refuse(tag)
    }
  }
  return { cohort }
}

export function writeExitCancel(writer: WireWriter, value: ExitCancel): void {
  if (value.cohort !== 0) writer.uint(8, value.cohort, 'ExitCancel.cohort', Number.MAX_SAFE_INTEGER)
}

/** Codec of {@link ExitCancel}, at most `LIMITS.actionBytes`. */
export const ExitCancel: Codec<ExitCancel> = /* @__PURE__ */ messageCodec('ExitCancel', LIMITS.actionBytes, readExitCancel, writeExitCancel)

/** The queue, under `exit/queue`. */
export interface ExitQueue {
  /**
   * Share of its original amount that a request of the very beginning would have been released, in millionths;
   * a request of any time is released by what the index has grown since.
   */
  readonly index: number
  /** Original amounts of all requests that are not released whole. */
  readonly total: bigint
  /** The first cohort that is not released whole. */
  readonly oldest: number
  /** The cohort that requests of this epoch join. */
  readonly open: number
  /** The cohort whose members are being paid out, at most `oldest`. */
  readonly finishing: number
  /** The next one of its members. */
  readonly member: number
}

export function readExitQueue(reader: WireReader): ExitQueue {
  let index: number = 0
  let total: bigint = 0n
  let oldest: number = 0
  let open: number = 0
  let finishing: number = 0
  let member: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        index = reader.varint('ExitQueue.index')
        break
      case 16:
        total = reader.amount('ExitQueue.total')
        break
      case 24:
        oldest = reader.varint('ExitQueue.oldest')
        break
      case 32:
        open = reader.varint('ExitQueue.open')
        break
      case 40:
        finishing = reader.varint('ExitQueue.finishing')
        break
      case 48:
        member = reader.uint32('ExitQueue.member')
        break
      default:
        reader.skip(tag)
    }
  }
  return { index, total, oldest, open, finishing, member }
}

export function writeExitQueue(writer: WireWriter, value: ExitQueue): void {
  if (value.index !== 0) writer.uint(8, value.index, 'ExitQueue.index', Number.MAX_SAFE_INTEGER)
  if (value.total !== 0n) writer.amount(16, value.total, 'ExitQueue.total')
  if (value.oldest !== 0) writer.uint(24, value.oldest, 'ExitQueue.oldest', Number.MAX_SAFE_INTEGER)
  if (value.open !== 0) writer.uint(32, value.open, 'ExitQueue.open', Number.MAX_SAFE_INTEGER)
  if (value.finishing !== 0) writer.uint(40, value.finishing, 'ExitQueue.finishing', Number.MAX_SAFE_INTEGER)
  if (value.member !== 0) writer.uint(48, value.member, 'ExitQueue.member', 0xffff_ffff)
}

/** Codec of {@link ExitQueue}, at most `LIMITS.stakingSmallBytes`. */
export const ExitQueue: Codec<ExitQueue> = /* @__PURE__ */ messageCodec('ExitQueue', LIMITS.stakingSmallBytes, readExitQueue, writeExitQueue)

/** Requests of one epoch, which are released at the same pace, under `exit/cohorts/<number>`. */
export interface ExitCohort {
  /** The queue's index when they joined. */
  readonly start: number
  /** Their original amounts. */
  readonly total: bigint
  /** How many accounts. */
  readonly members: number
}

export function readExitCohort(reader: WireReader): ExitCohort {
  let start: number = 0
  let total: bigint = 0n
  let members: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        start = reader.varint('ExitCohort.start')
        break
      case 16:
        total = reader.amount('ExitCohort.total')
        break
      case 24:
        members = reader.uint32('ExitCohort.members')
        break
      default:
        reader.skip(tag)
    }
  }
  return { start, total, members }
}

export function writeExitCohort(writer: WireWriter, value: ExitCohort): void {
  if (value.start !== 0) writer.uint(8, value.start, 'ExitCohort.start', Number.MAX_SAFE_INTEGER)
  if (value.total !== 0n) writer.amount(16, value.total, 'ExitCohort.total')
  if (value.members !== 0) writer.uint(24, value.members, 'ExitCohort.members', 0xffff_ffff)
}

/** Codec of {@link ExitCohort}, at most `LIMITS.stakingSmallBytes`. */
export const ExitCohort: Codec<ExitCohort> = /* @__PURE__ */ messageCodec('ExitCohort', LIMITS.stakingSmallBytes, readExitCohort, writeExitCohort)

/** An account in a cohort, under `exit/members/<cohort>-<number>`, so that it is paid out without being asked. */
export interface ExitMember {
  /** Its address. */
  readonly account: Uint8Array
}

export function readExitMember(reader: WireReader): ExitMember {
  let account: Uint8Array = new Uint8Array(0)
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        account = reader.copy('ExitMember.account', LIMITS.hashBytes)
        break
      default:
        reader.skip(tag)
    }
  }
  checkLength(account, 'ExitMember.account', LIMITS.hashBytes)
  return { account }
}

export function writeExitMember(writer: WireWriter, value: ExitMember): void {
  checkLength(value.account, 'ExitMember.account', LIMITS.hashBytes)
  if (value.account.length > 0) writer.copy(10, value.account, 'ExitMember.account', LIMITS.hashBytes)
}

/** Codec of {@link ExitMember}, at most `LIMITS.stakingSmallBytes`. */
export const ExitMember: Codec<ExitMember> = /* @__PURE__ */ messageCodec('ExitMember', LIMITS.stakingSmallBytes, readExitMember, writeExitMember)

/** What an account has in the queue, under `exit/accounts/<address in hexadecimal>`. */
export interface ExitAccount {
  /** Requests, oldest first, one a cohort. */
  readonly positions: readonly ExitPosition[]
}

export function readExitAccount(reader: WireReader): ExitAccount {
  const positions: ExitPosition[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        reader.room('ExitAccount.positions', positions.length, LIMITS.exitPositions)
        positions.push(reader.nested('ExitAccount.positions', readExitPosition))
        break
      default:
        reader.skip(tag)
    }
  }
  return { positions }
}

export function writeExitAccount(writer: WireWriter, value: ExitAccount): void {
  writer.items('ExitAccount.positions', value.positions.length, LIMITS.exitPositions)
  for (const item of value.positions) writer.nested(10, item, writeExitPosition)
}

/** Codec of {@link ExitAccount}, at most `LIMITS.exitAccountBytes`. */
export const ExitAccount: Codec<ExitAccount> = /* @__PURE__ */ messageCodec('ExitAccount', LIMITS.exitAccountBytes, readExitAccount, writeExitAccount)

/** One account's request in one cohort. */
export interface ExitPosition {
  /** The cohort. */
  readonly cohort: number
  /** The queue's index when it joined. */
  readonly start: number
  /** The coins as they came in. */
  readonly lots: readonly Lot[]
  /** What is burnt of them, by their age when they came in. */
  readonly tribute: bigint
  /** The part of the coins that has left the queue, what was burnt of it included. */
  readonly paid: bigint
}

export function readExitPosition(reader: WireReader): ExitPosition {
  let cohort: number = 0
  let start: number = 0
  const lots: Lot[] = []
  let tribute: bigint = 0n
  let paid: bigint = 0n
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        cohort = reader.varint('ExitPosition.cohort')
        break
      case 16:
        start = reader.varint('ExitPosition.start')
        break
      case 26:
        reader.room('ExitPosition.lots', lots.length, LIMITS.lots)
        lots.push(reader.nested('ExitPosition.lots', readLot))
        break
      case 32:
        tribute = reader.amount('ExitPosition.tribute')
        break
      case 40:
        paid = reader.amount('ExitPosition.paid')
        break
      default:
        reader.skip(tag)
    }
  }
  return { cohort, start, lots, tribute, paid }
}

export function writeExitPosition(writer: WireWriter, value: ExitPosition): void {
  if (value.cohort !== 0) writer.uint(8, value.cohort, 'ExitPosition.cohort', Number.MAX_SAFE_INTEGER)
  if (value.start !== 0) writer.uint(16, value.start, 'ExitPosition.start', Number.MAX_SAFE_INTEGER)
  writer.items('ExitPosition.lots', value.lots.length, LIMITS.lots)
  for (const item of value.lots) writer.nested(26, item, writeLot)
  if (value.tribute !== 0n) writer.amount(32, value.tribute, 'ExitPosition.tribute')
  if (value.paid !== 0n) writer.amount(40, value.paid, 'ExitPosition.paid')
}
