// Generated from proto/neurovoyance/ledger/v1/application.proto by `pnpm generate`: edit that file, not this one.
import { LIMITS } from '../limits.js'
import type { Codec } from '../rpc/service.js'
import { messageCodec } from '../wire/codec.js'
import type { WireReader } from '../wire/reader.js'
import type { WireWriter } from '../wire/writer.js'

/** The version of the rules, under `application`; absent while it is 1 and no other is planned. */
export interface ApplicationRecord {
  /** Of the rules that applied the last block. */
  readonly version: number
  /** What comes next. */
  readonly planned?: PlannedUpgrade | undefined
}

export function readApplicationRecord(reader: WireReader): ApplicationRecord {
  let version: number = 0
  let planned: PlannedUpgrade | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        version = reader.uint32('ApplicationRecord.version')
        break
      case 18:
        planned = reader.nested('ApplicationRecord.planned', readPlannedUpgrade)
        break
      default:
        reader.skip(tag)
    }
  }
  return { version, planned }
}

export function writeApplicationRecord(writer: WireWriter, value: ApplicationRecord): void {
  if (value.version !== 0) writer.uint(8, value.version, 'ApplicationRecord.version', 0xffff_ffff)
  if (value.planned !== undefined) writer.nested(18, value.planned, writePlannedUpgrade)
}

/** Codec of {@link ApplicationRecord}, at most `LIMITS.smallMessageBytes`. */
export const ApplicationRecord: Codec<ApplicationRecord> = /* @__PURE__ */ messageCodec('ApplicationRecord', LIMITS.smallMessageBytes, readApplicationRecord, writeApplicationRecord)

/** Other rules, from some block on. */
export interface PlannedUpgrade {
  /** Their version. */
  readonly version: number
  /** The first block that they apply. */
  readonly height: number
}

export function readPlannedUpgrade(reader: WireReader): PlannedUpgrade {
  let version: number = 0
  let height: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        version = reader.uint32('PlannedUpgrade.version')
        break
      case 16:
        height = reader.varint('PlannedUpgrade.height')
        break
      default:
        reader.skip(tag)
    }
  }
  return { version, height }
}

export function writePlannedUpgrade(writer: WireWriter, value: PlannedUpgrade): void {
  if (value.version !== 0) writer.uint(8, value.version, 'PlannedUpgrade.version', 0xffff_ffff)
  if (value.height !== 0) writer.uint(16, value.height, 'PlannedUpgrade.height', Number.MAX_SAFE_INTEGER)
}
