// Generated from proto/neurovoyance/ledger/v1/evidence.proto by `pnpm generate`: edit that file, not this one.
import { checkLength } from '../ids/checks.js'
import { LIMITS } from '../limits.js'
import type { Codec } from '../rpc/service.js'
import { messageCodec } from '../wire/codec.js'
import type { WireReader } from '../wire/reader.js'
import type { WireWriter } from '../wire/writer.js'
import { readSignedVote, type SignedVote, writeSignedVote } from './ledger-consensus.js'
import { readCommit, readHeader, type Commit, type Header, writeCommit, writeHeader } from './ledger-block.js'

/** A fault of one validator that anybody can check. Exactly one of the fields is there. */
export interface Evidence {
  /** It voted twice. */
  readonly doubleVote?: DoubleVote | undefined
  /** It forgot a lock. */
  readonly amnesia?: Amnesia | undefined
  /** It signed a block that cannot be. */
  readonly lunatic?: Lunatic | undefined
  /** The engine that decides the blocks has found it guilty; only ledgers whose engine does that accept this. */
  readonly reported?: ReportedFault | undefined
}

export function readEvidence(reader: WireReader): Evidence {
  let doubleVote: DoubleVote | undefined
  let amnesia: Amnesia | undefined
  let lunatic: Lunatic | undefined
  let reported: ReportedFault | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        doubleVote = reader.nested('Evidence.doubleVote', readDoubleVote)
        break
      case 18:
        amnesia = reader.nested('Evidence.amnesia', readAmnesia)
        break
      case 26:
        lunatic = reader.nested('Evidence.lunatic', readLunatic)
        break
      case 34:
        reported = reader.nested('Evidence.reported', readReportedFault)
        break
      default:
        reader.refuse(tag)
    }
  }
  return { doubleVote, amnesia, lunatic, reported }
}

export function writeEvidence(writer: WireWriter, value: Evidence): void {
  if (value.doubleVote !== undefined) writer.nested(10, value.doubleVote, writeDoubleVote)
  if (value.amnesia !== undefined) writer.nested(18, value.amnesia, writeAmnesia)
  if (value.lunatic !== undefined) writer.nested(26, value.lunatic, writeLunatic)
  if (value.reported !== undefined) writer.nested(34, value.reported, writeReportedFault)
}

/** Codec of {@link Evidence}, at most `LIMITS.evidenceBytes`. */
export const Evidence: Codec<Evidence> = /* @__PURE__ */ messageCodec('Evidence', LIMITS.evidenceBytes, readEvidence, writeEvidence)

/**
 * Two votes of one validator, of one type, height and round, that do not say the same. Prevotes that differ in nothing
 * but their valid round are two.
 */
export interface DoubleVote {
  /** One vote. */
  readonly first?: SignedVote | undefined
  /** The other. */
  readonly second?: SignedVote | undefined
}

export function readDoubleVote(reader: WireReader): DoubleVote {
  let first: SignedVote | undefined
  let second: SignedVote | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        first = reader.nested('DoubleVote.first', readSignedVote)
        break
      case 18:
        second = reader.nested('DoubleVote.second', readSignedVote)
        break
      default:
        reader.refuse(tag)
    }
  }
  return { first, second }
}

export function writeDoubleVote(writer: WireWriter, value: DoubleVote): void {
  if (value.first !== undefined) writer.nested(10, value.first, writeSignedVote)
  if (value.second !== undefined) writer.nested(18, value.second, writeSignedVote)
}

/**
 * A precommit for a block, and a prevote of a later round of the height for another block, that names no quorum of
 * prevotes for it in the round of the precommit or later.
 */
export interface Amnesia {
  /** The precommit. */
  readonly precommit?: SignedVote | undefined
  /** The prevote. */
  readonly prevote?: SignedVote | undefined
}

export function readAmnesia(reader: WireReader): Amnesia {
  let precommit: SignedVote | undefined
  let prevote: SignedVote | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        precommit = reader.nested('Amnesia.precommit', readSignedVote)
        break
      case 18:
        prevote = reader.nested('Amnesia.prevote', readSignedVote)
        break
      default:
        reader.refuse(tag)
    }
  }
  return { precommit, prevote }
}

export function writeAmnesia(writer: WireWriter, value: Amnesia): void {
  if (value.precommit !== undefined) writer.nested(10, value.precommit, writeSignedVote)
  if (value.prevote !== undefined) writer.nested(18, value.prevote, writeSignedVote)
}

/** A precommit for a block whose header contradicts the chain before it, and the header that was decided. */
export interface Lunatic {
  /** The precommit. */
  readonly precommit?: SignedVote | undefined
  /** The header that it is for. */
  readonly header?: Header | undefined
  /** The root of that block's parts. */
  readonly partsRoot: Uint8Array
  /** The header that was decided. */
  readonly real?: Header | undefined
  /** The root of its block's parts. */
  readonly realPartsRoot: Uint8Array
  /** The commit that decided it. */
  readonly commit?: Commit | undefined
  /** How many parts the block of the precommit has. */
  readonly parts: number
  /** How many parts the block has that was decided. */
  readonly realParts: number
}

export function readLunatic(reader: WireReader): Lunatic {
  let precommit: SignedVote | undefined
  let header: Header | undefined
  let partsRoot: Uint8Array = new Uint8Array(0)
  let real: Header | undefined
  let realPartsRoot: Uint8Array = new Uint8Array(0)
  let commit: Commit | undefined
  let parts: number = 0
  let realParts: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        precommit = reader.nested('Lunatic.precommit', readSignedVote)
        break
      case 18:
        header = reader.nested('Lunatic.header', readHeader)
        break
      case 26:
        partsRoot = reader.copy('Lunatic.partsRoot', LIMITS.hashBytes)
        break
      case 34:
        real = reader.nested('Lunatic.real', readHeader)
        break
      case 42:
        realPartsRoot = reader.copy('Lunatic.realPartsRoot', LIMITS.hashBytes)
        break
      case 50:
        commit = reader.nested('Lunatic.commit', readCommit)
        break
      case 56:
        parts = reader.uint32('Lunatic.parts')
        break
      case 64:
        realParts = reader.uint32('Lunatic.realParts')
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(partsRoot, 'Lunatic.partsRoot', LIMITS.hashBytes)
  checkLength(realPartsRoot, 'Lunatic.realPartsRoot', LIMITS.hashBytes)
  return { precommit, header, partsRoot, real, realPartsRoot, commit, parts, realParts }
}

export function writeLunatic(writer: WireWriter, value: Lunatic): void {
  if (value.precommit !== undefined) writer.nested(10, value.precommit, writeSignedVote)
  if (value.header !== undefined) writer.nested(18, value.header, writeHeader)
  checkLength(value.partsRoot, 'Lunatic.partsRoot', LIMITS.hashBytes)
  if (value.partsRoot.length > 0) writer.copy(26, value.partsRoot, 'Lunatic.partsRoot', LIMITS.hashBytes)
  if (value.real !== undefined) writer.nested(34, value.real, writeHeader)
  checkLength(value.realPartsRoot, 'Lunatic.realPartsRoot', LIMITS.hashBytes)
  if (value.realPartsRoot.length > 0) writer.copy(42, value.realPartsRoot, 'Lunatic.realPartsRoot', LIMITS.hashBytes)
  if (value.commit !== undefined) writer.nested(50, value.commit, writeCommit)
  if (value.parts !== 0) writer.uint(56, value.parts, 'Lunatic.parts', 0xffff_ffff)
  if (value.realParts !== 0) writer.uint(64, value.realParts, 'Lunatic.realParts', 0xffff_ffff)
}

/** A fault that an engine reports, without the votes. */
export interface ReportedFault {
  /** The validator's key. */
  readonly validator: Uint8Array
  /** The height at which it was made. */
  readonly height: number
  /** Whether it was a lunatic header rather than a double vote. */
  readonly lunatic: boolean
}

export function readReportedFault(reader: WireReader): ReportedFault {
  let validator: Uint8Array = new Uint8Array(0)
  let height: number = 0
  let lunatic: boolean = false
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        validator = reader.copy('ReportedFault.validator', LIMITS.publicKeyBytes)
        break
      case 16:
        height = reader.varint('ReportedFault.height')
        break
      case 24:
        lunatic = reader.bool('ReportedFault.lunatic')
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(validator, 'ReportedFault.validator', LIMITS.publicKeyBytes)
  return { validator, height, lunatic }
}

export function writeReportedFault(writer: WireWriter, value: ReportedFault): void {
  checkLength(value.validator, 'ReportedFault.validator', LIMITS.publicKeyBytes)
  if (value.validator.length > 0) writer.copy(10, value.validator, 'ReportedFault.validator', LIMITS.publicKeyBytes)
  if (value.height !== 0) writer.uint(16, value.height, 'ReportedFault.height', Number.MAX_SAFE_INTEGER)
  if (value.lunatic) writer.uint(24, value.lunatic ? 1 : 0, 'ReportedFault.lunatic', 1)
}
