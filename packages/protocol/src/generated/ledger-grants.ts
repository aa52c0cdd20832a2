// Generated from proto/neurovoyance/ledger/v1/grants.proto by `pnpm generate`: edit that file, not this one.
import { checkLength } from '../ids/checks.js'
import { LIMITS } from '../limits.js'
import type { Codec } from '../rpc/service.js'
import { messageCodec } from '../wire/codec.js'
import type { WireReader } from '../wire/reader.js'
import type { WireWriter } from '../wire/writer.js'

/** A sponsor, under `grants/sponsors/<address in hexadecimal>`. The genesis names them. */
export interface SponsorRecord {
  /** What he can still give. */
  readonly budget: bigint
  /** The latest epoch in which he gave something. */
  readonly epoch: number
  /** What he gave in it. */
  readonly given: bigint
}

export function readSponsorRecord(reader: WireReader): SponsorRecord {
  let budget: bigint = 0n
  let epoch: number = 0
  let given: bigint = 0n
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        budget = reader.amount('SponsorRecord.budget')
        break
      case 16:
        epoch = reader.varint('SponsorRecord.epoch')
        break
      case 24:
        given = reader.amount('SponsorRecord.given')
        break
      default:
        reader.skip(tag)
    }
  }
  return { budget, epoch, given }
}

export function writeSponsorRecord(writer: WireWriter, value: SponsorRecord): void {
  if (value.budget !== 0n) writer.amount(8, value.budget, 'SponsorRecord.budget')
  if (value.epoch !== 0) writer.uint(16, value.epoch, 'SponsorRecord.epoch', Number.MAX_SAFE_INTEGER)
  if (value.given !== 0n) writer.amount(24, value.given, 'SponsorRecord.given')
}

/** Codec of {@link SponsorRecord}, at most `LIMITS.escrowBytes`. */
export const SponsorRecord: Codec<SponsorRecord> = /* @__PURE__ */ messageCodec('SponsorRecord', LIMITS.escrowBytes, readSponsorRecord, writeSponsorRecord)

/** A newcomer, under `grants/guests/<address in hexadecimal>`. */
export interface GuestRecord {
  /** What all sponsors together gave him. */
  readonly received: bigint
}

export function readGuestRecord(reader: WireReader): GuestRecord {
  let received: bigint = 0n
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        received = reader.amount('GuestRecord.received')
        break
      default:
        reader.skip(tag)
    }
  }
  return { received }
}

export function writeGuestRecord(writer: WireWriter, value: GuestRecord): void {
  if (value.received !== 0n) writer.amount(8, value.received, 'GuestRecord.received')
}

/** Codec of {@link GuestRecord}, at most `LIMITS.escrowBytes`. */
export const GuestRecord: Codec<GuestRecord> = /* @__PURE__ */ messageCodec('GuestRecord', LIMITS.escrowBytes, readGuestRecord, writeGuestRecord)

/** Gives granted coins to a newcomer, out of the budget of the sender, a sponsor. Kind `grants/give`. */
export interface GrantsGive {
  /** Who gets them. */
  readonly guest: Uint8Array
  /** How many. */
  readonly amount: bigint
}

export function readGrantsGive(reader: WireReader): GrantsGive {
  let guest: Uint8Array = new Uint8Array(0)
  let amount: bigint = 0n
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        guest = reader.copy('GrantsGive.guest', LIMITS.hashBytes)
        break
      case 16:
        amount = reader.amount('GrantsGive.amount')
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(guest, 'GrantsGive.guest', LIMITS.hashBytes)
  return { guest, amount }
}

export function writeGrantsGive(writer: WireWriter, value: GrantsGive): void {
  checkLength(value.guest, 'GrantsGive.guest', LIMITS.hashBytes)
  if (value.guest.length > 0) writer.copy(10, value.guest, 'GrantsGive.guest', LIMITS.hashBytes)
  if (value.amount !== 0n) writer.amount(16, value.amount, 'GrantsGive.amount')
}

/** Codec of {@link GrantsGive}, at most `LIMITS.actionBytes`. */
export const GrantsGive: Codec<GrantsGive> = /* @__PURE__ */ messageCodec('GrantsGive', LIMITS.actionBytes, readGrantsGive, writeGrantsGive)
