// Generated from proto/neurovoyance/ledger/v1/snapshot.proto by `pnpm generate`: edit that file, not this one.
import { LIMITS } from '../limits.js'
import type { Codec } from '../rpc/service.js'
import { messageCodec } from '../wire/codec.js'
import type { WireReader } from '../wire/reader.js'
import type { WireWriter } from '../wire/writer.js'
import { readRotationEntry, type RotationEntry, writeRotationEntry } from './ledger-consensus-log.js'

/**
 * Whose turn it is after the block of a snapshot. Keys and powers are those that headers name; priorities are checked
 * by who proposed the blocks that followed.
 */
export interface SnapshotRotation {
  /** The block after which the state was. */
  readonly height: number
  /** Who decides the next block, before its first turn. */
  readonly validators: readonly RotationEntry[]
  /** Who decides the one after that, before its first turn. */
  readonly nextValidators: readonly RotationEntry[]
}

export function readSnapshotRotation(reader: WireReader): SnapshotRotation {
  let height: number = 0
  const validators: RotationEntry[] = []
  const nextValidators: RotationEntry[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        height = reader.varint('SnapshotRotation.height')
        break
      case 18:
        reader.room('SnapshotRotation.validators', validators.length, LIMITS.validators)
        validators.push(reader.nested('SnapshotRotation.validators', readRotationEntry))
        break
      case 26:
        reader.room('SnapshotRotation.nextValidators', nextValidators.length, LIMITS.validators)
        nextValidators.push(reader.nested('SnapshotRotation.nextValidators', readRotationEntry))
        break
      default:
        reader.refuse(tag)
    }
  }
  return { height, validators, nextValidators }
}

export function writeSnapshotRotation(writer: WireWriter, value: SnapshotRotation): void {
  if (value.height !== 0) writer.uint(8, value.height, 'SnapshotRotation.height', Number.MAX_SAFE_INTEGER)
  writer.items('SnapshotRotation.validators', value.validators.length, LIMITS.validators)
  for (const item of value.validators) writer.nested(18, item, writeRotationEntry)
  writer.items('SnapshotRotation.nextValidators', value.nextValidators.length, LIMITS.validators)
  for (const item of value.nextValidators) writer.nested(26, item, writeRotationEntry)
}

/** Codec of {@link SnapshotRotation}, at most `LIMITS.consensusRecordBytes`. */
export const SnapshotRotation: Codec<SnapshotRotation> = /* @__PURE__ */ messageCodec('SnapshotRotation', LIMITS.consensusRecordBytes, readSnapshotRotation, writeSnapshotRotation)
