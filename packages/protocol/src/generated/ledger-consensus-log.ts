// Generated from proto/neurovoyance/ledger/v1/consensus-log.proto by `pnpm generate`: edit that file, not this one.
import { checkLength } from '../ids/checks.js'
import { LIMITS } from '../limits.js'
import type { Codec } from '../rpc/service.js'
import { messageCodec } from '../wire/codec.js'
import type { WireReader } from '../wire/reader.js'
import type { WireWriter } from '../wire/writer.js'
import { readConsensusMessage, readSignedProposal, readSignedVote, type ConsensusMessage, type SignedProposal, type SignedVote, writeConsensusMessage, writeSignedProposal, writeSignedVote } from './ledger-consensus.js'

export const TIMEOUT_KINDS = ['unspecified', 'propose', 'prevote', 'precommit', 'commit', 'heartbeat'] as const
/**
 * What a timeout is for.
 *
 * - `unspecified`: not told, or told by a newer version
 * - `propose`: not told, or told by a newer version
 * - `prevote`: not told, or told by a newer version
 * - `precommit`: not told, or told by a newer version
 * - `commit`: not told, or told by a newer version
 * - `heartbeat`: not told, or told by a newer version
 */

export type TimeoutKind = (typeof TIMEOUT_KINDS)[number]

/** One entry of the log. Exactly one of the fields is there; a log begins with a beginning. */
export interface ConsensusRecord {
  /** What the height began with. */
  readonly beginning?: ConsensusBeginning | undefined
  /** A message, of its own or of another validator. */
  readonly message?: ConsensusMessage | undefined
  /** A time ran out. */
  readonly timeout?: ConsensusTimeout | undefined
  /** Transactions wait. */
  readonly transactions: boolean
  /** A block was built. */
  readonly built?: ConsensusBuilt | undefined
  /** A block was checked. */
  readonly checked?: ConsensusChecked | undefined
  /** A message was signed. */
  readonly persisted?: ConsensusPersisted | undefined
  /** A message was not signed: its place, `12/0/prevote`. */
  readonly refused?: string | undefined
  /** A block was applied. */
  readonly applied?: ConsensusApplied | undefined
  /** A block came from another node. */
  readonly synced?: ConsensusSynced | undefined
  /** The signer told what it signed last. */
  readonly restored?: SignerRecord | undefined
}

export function readConsensusRecord(reader: WireReader): ConsensusRecord {
  let beginning: ConsensusBeginning | undefined
  let message: ConsensusMessage | undefined
  let timeout: ConsensusTimeout | undefined
  let transactions: boolean = false
  let built: ConsensusBuilt | undefined
  let checked: ConsensusChecked | undefined
  let persisted: ConsensusPersisted | undefined
  let refused: string | undefined
  let applied: ConsensusApplied | undefined
  let synced: ConsensusSynced | undefined
  let restored: SignerRecord | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        beginning = reader.nested('ConsensusRecord.beginning', readConsensusBeginning)
        break
      case 18:
        message = reader.nested('ConsensusRecord.message', readConsensusMessage)
        break
      case 26:
        timeout = reader.nested('ConsensusRecord.timeout', readConsensusTimeout)
        break
      case 32:
        transactions = reader.bool('ConsensusRecord.transactions')
        break
      case 42:
        built = reader.nested('ConsensusRecord.built', readConsensusBuilt)
        break
      case 50:
        checked = reader.nested('ConsensusRecord.checked', readConsensusChecked)
        break
      case 58:
        persisted = reader.nested('ConsensusRecord.persisted', readConsensusPersisted)
        break
      case 66:
        refused = reader.string('ConsensusRecord.refused', LIMITS.nameBytes)
        break
      case 74:
        applied = reader.nested('ConsensusRecord.applied', readConsensusApplied)
        break
      case 82:
        synced = reader.nested('ConsensusRecord.synced', readConsensusSynced)
        break
      case 90:
        restored = reader.nested('ConsensusRecord.restored', readSignerRecord)
        break
      default:
        reader.refuse(tag)
    }
  }
  return { beginning, message, timeout, transactions, built, checked, persisted, refused, applied, synced, restored }
}

export function writeConsensusRecord(writer: WireWriter, value: ConsensusRecord): void {
  if (value.beginning !== undefined) writer.nested(10, value.beginning, writeConsensusBeginning)
  if (value.message !== undefined) writer.nested(18, value.message, writeConsensusMessage)
  if (value.timeout !== undefined) writer.nested(26, value.timeout, writeConsensusTimeout)
  if (value.transactions) writer.uint(32, value.transactions ? 1 : 0, 'ConsensusRecord.transactions', 1)
  if (value.built !== undefined) writer.nested(42, value.built, writeConsensusBuilt)
  if (value.checked !== undefined) writer.nested(50, value.checked, writeConsensusChecked)
  if (value.persisted !== undefined) writer.nested(58, value.persisted, writeConsensusPersisted)
  if (value.refused !== undefined) writer.string(66, value.refused, 'ConsensusRecord.refused', LIMITS.nameBytes)
  if (value.applied !== undefined) writer.nested(74, value.applied, writeConsensusApplied)
  if (value.synced !== undefined) writer.nested(82, value.synced, writeConsensusSynced)
  if (value.restored !== undefined) writer.nested(90, value.restored, writeSignerRecord)
}

/** Codec of {@link ConsensusRecord}, at most `LIMITS.consensusRecordBytes`. */
export const ConsensusRecord: Codec<ConsensusRecord> = /* @__PURE__ */ messageCodec('ConsensusRecord', LIMITS.consensusRecordBytes, readConsensusRecord, writeConsensusRecord)

/** What a height began with. */
export interface ConsensusBeginning {
  /** The height. */
  readonly height: number
  /** Who decides it. */
  readonly validators: readonly RotationEntry[]
  /** Who decides the next one. */
  readonly nextValidators: readonly RotationEntry[]
  /** Who decided the one before; empty at the first height. */
  readonly lastValidators: readonly RotationEntry[]
  /** The precommits that decided the one before. */
  readonly lastPrecommits: readonly SignedVote[]
  /** Whether a block is due at once. */
  readonly wanted: boolean
}

export function readConsensusBeginning(reader: WireReader): ConsensusBeginning {
  let height: number = 0
  const validators: RotationEntry[] = []
  const nextValidators: RotationEntry[] = []
  const lastValidators: RotationEntry[] = []
  const lastPrecommits: SignedVote[] = []
  let wanted: boolean = false
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        height = reader.varint('ConsensusBeginning.height')
        break
      case 18:
        reader.room('ConsensusBeginning.validators', validators.length, LIMITS.validators)
        validators.push(reader.nested('ConsensusBeginning.validators', readRotationEntry))
        break
      case 26:
        reader.room('ConsensusBeginning.nextValidators', nextValidators.length, LIMITS.validators)
        nextValidators.push(reader.nested('ConsensusBeginning.nextValidators', readRotationEntry))
        break
      case 34:
        reader.room('ConsensusBeginning.lastValidators', lastValidators.length, LIMITS.validators)
        lastValidators.push(reader.nested('ConsensusBeginning.lastValidators', readRotationEntry))
        break
      case 42:
        reader.room('ConsensusBeginning.lastPrecommits', lastPrecommits.length, LIMITS.validators)
        lastPrecommits.push(reader.nested('ConsensusBeginning.lastPrecommits', readSignedVote))
        break
      case 48:
        wanted = reader.bool('ConsensusBeginning.wanted')
        break
      default:
        reader.refuse(tag)
    }
  }
  return { height, validators, nextValidators, lastValidators, lastPrecommits, wanted }
}

export function writeConsensusBeginning(writer: WireWriter, value: ConsensusBeginning): void {
  if (value.height !== 0) writer.uint(8, value.height, 'ConsensusBeginning.height', Number.MAX_SAFE_INTEGER)
  writer.items('ConsensusBeginning.validators', value.validators.length, LIMITS.validators)
  for (const item of value.validators) writer.nested(18, item, writeRotationEntry)
  writer.items('ConsensusBeginning.nextValidators', value.nextValidators.length, LIMITS.validators)
  for (const item of value.nextValidators) writer.nested(26, item, writeRotationEntry)
  writer.items('ConsensusBeginning.lastValidators', value.lastValidators.length, LIMITS.validators)
  for (const item of value.lastValidators) writer.nested(34, item, writeRotationEntry)
  writer.items('ConsensusBeginning.lastPrecommits', value.lastPrecommits.length, LIMITS.validators)
  for (const item of value.lastPrecommits) writer.nested(42, item, writeSignedVote)
  if (value.wanted) writer.uint(48, value.wanted ? 1 : 0, 'ConsensusBeginning.wanted', 1)
}

/** A validator in the rotation of proposers. */
export interface RotationEntry {
  /** Its key. */
  readonly validator: Uint8Array
  /** Its voting power. */
  readonly power: bigint
  /** How far above zero its priority is. */
  readonly ahead: bigint
  /** How far below zero its priority is. */
  readonly behind: bigint
}

export function readRotationEntry(reader: WireReader): RotationEntry {
  let validator: Uint8Array = new Uint8Array(0)
  let power: bigint = 0n
  let ahead: bigint = 0n
  let behind: bigint = 0n
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        validator = reader.copy('RotationEntry.validator', LIMITS.publicKeyBytes)
        break
      case 16:
        power = reader.amount('RotationEntry.power')
        break
      case 24:
        ahead = reader.amount('RotationEntry.ahead')
        break
      case 32:
        behind = reader.amount('RotationEntry.behind')
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(validator, 'RotationEntry.validator', LIMITS.publicKeyBytes)
  return { validator, power, ahead, behind }
}

export function writeRotationEntry(writer: WireWriter, value: RotationEntry): void {
  checkLength(value.validator, 'RotationEntry.validator', LIMITS.publicKeyBytes)
  if (value.validator.length > 0) writer.copy(10, value.validator, 'RotationEntry.validator', LIMITS.publicKeyBytes)
  if (value.power !== 0n) writer.amount(16, value.power, 'RotationEntry.power')
  if (value.ahead !== 0n) writer.amount(24, value.ahead, 'RotationEntry.ahead')
  if (value.behind !== 0n) writer.amount(32, value.behind, 'RotationEntry.behind')
}

/** A time that ran out. */
export interface ConsensusTimeout {
  /** What for. */
  readonly kind: TimeoutKind
  /** Height of the timeout. */
  readonly height: number
  /** Its round; absent between heights. */
  readonly round?: number | undefined
}

export function readConsensusTimeout(reader: WireReader): ConsensusTimeout {
  let kind: TimeoutKind = 'unspecified'
  let height: number = 0
  let round: number | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        kind = TIMEOUT_KINDS[reader.varint('ConsensusTimeout.kind')] ?? 'unspecified'
        break
      case 16:
        height = reader.varint('ConsensusTimeout.height')
        break
      case 24:
        round = reader.uint32('ConsensusTimeout.round')
        break
      default:
        reader.refuse(tag)
    }
  }
  return { kind, height, round }
}

export function writeConsensusTimeout(writer: WireWriter, value: ConsensusTimeout): void {
  if (value.kind !== 'unspecified') writer.uint(8, TIMEOUT_KINDS.indexOf(value.kind), 'ConsensusTimeout.kind', TIMEOUT_KINDS.length)
  if (value.height !== 0) writer.uint(16, value.height, 'ConsensusTimeout.height', Number.MAX_SAFE_INTEGER)
  if (value.round !== undefined) writer.uint(24, value.round, 'ConsensusTimeout.round', 0xffff_ffff)
}

/** A block that was built. */
export interface ConsensusBuilt {
  /** Height of the block. */
  readonly height: number
  /** The round that it was built for. */
  readonly round: number
  /** SHA-256 of its encoded header. */
  readonly headerHash: Uint8Array
  /** The block. */
  readonly block: Uint8Array
}

export function readConsensusBuilt(reader: WireReader): ConsensusBuilt {
  let height: number = 0
  let round: number = 0
  let headerHash: Uint8Array = new Uint8Array(0)
  let block: Uint8Array = new Uint8Array(0)
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        height = reader.varint('ConsensusBuilt.height')
        break
      case 16:
        round = reader.uint32('ConsensusBuilt.round')
        break
      case 26:
        headerHash = reader.copy('ConsensusBuilt.headerHash', LIMITS.hashBytes)
        break
      case 34:
        block = reader.copy('ConsensusBuilt.block', LIMITS.blockBytes)
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(headerHash, 'ConsensusBuilt.headerHash', LIMITS.hashBytes)
  return { height, round, headerHash, block }
}

export function writeConsensusBuilt(writer: WireWriter, value: ConsensusBuilt): void {
  if (value.height !== 0) writer.uint(8, value.height, 'ConsensusBuilt.height', Number.MAX_SAFE_INTEGER)
  if (value.round !== 0) writer.uint(16, value.round, 'ConsensusBuilt.round', 0xffff_ffff)
  checkLength(value.headerHash, 'ConsensusBuilt.headerHash', LIMITS.hashBytes)
  if (value.headerHash.length > 0) writer.copy(26, value.headerHash, 'ConsensusBuilt.headerHash', LIMITS.hashBytes)
  if (value.block.length > 0) writer.copy(34, value.block, 'ConsensusBuilt.block', LIMITS.blockBytes)
}

/** What the application thinks of a block. */
export interface ConsensusChecked {
  /** Height of the block. */
  readonly height: number
  /** Its id. */
  readonly block: Uint8Array
  /** Whether it may be decided. */
  readonly valid: boolean
  /** Whether its stamp is near the clock. */
  readonly timely: boolean
}

export function readConsensusChecked(reader: WireReader): ConsensusChecked {
  let height: number = 0
  let block: Uint8Array = new Uint8Array(0)
  let valid: boolean = false
  let timely: boolean = false
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        height = reader.varint('ConsensusChecked.height')
        break
      case 18:
        block = reader.copy('ConsensusChecked.block', LIMITS.hashBytes)
        break
      case 24:
        valid = reader.bool('ConsensusChecked.valid')
        break
      case 32:
        timely = reader.bool('ConsensusChecked.timely')
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(block, 'ConsensusChecked.block', LIMITS.hashBytes)
  return { height, block, valid, timely }
}

export function writeConsensusChecked(writer: WireWriter, value: ConsensusChecked): void {
  if (value.height !== 0) writer.uint(8, value.height, 'ConsensusChecked.height', Number.MAX_SAFE_INTEGER)
  checkLength(value.block, 'ConsensusChecked.block', LIMITS.hashBytes)
  if (value.block.length > 0) writer.copy(18, value.block, 'ConsensusChecked.block', LIMITS.hashBytes)
  if (value.valid) writer.uint(24, value.valid ? 1 : 0, 'ConsensusChecked.valid', 1)
  if (value.timely) writer.uint(32, value.timely ? 1 : 0, 'ConsensusChecked.timely', 1)
}

/** A signature that is on disk. */
export interface ConsensusPersisted {
  /** The place of the message, `12/0/prevote`. */
  readonly id: string
  /** The signature. */
  readonly signature: Uint8Array
}

export function readConsensusPersisted(reader: WireReader): ConsensusPersisted {
  let id: string = ''
  let signature: Uint8Array = new Uint8Array(0)
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        id = reader.string('ConsensusPersisted.id', LIMITS.nameBytes)
        break
      case 18:
        signature = reader.copy('ConsensusPersisted.signature', LIMITS.signatureBytes)
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(signature, 'ConsensusPersisted.signature', LIMITS.signatureBytes)
  return { id, signature }
}

export function writeConsensusPersisted(writer: WireWriter, value: ConsensusPersisted): void {
  if (value.id !== '') writer.string(10, value.id, 'ConsensusPersisted.id', LIMITS.nameBytes)
  checkLength(value.signature, 'ConsensusPersisted.signature', LIMITS.signatureBytes)
  if (value.signature.length > 0) writer.copy(18, value.signature, 'ConsensusPersisted.signature', LIMITS.signatureBytes)
}

/** A block that was applied. */
export interface ConsensusApplied {
  /** Height of the block. */
  readonly height: number
  /** Validators whose power it changed; 0 removes one. */
  readonly updates: readonly RotationEntry[]
  /** Whether the next block is due at once. */
  readonly wanted: boolean
}

export function readConsensusApplied(reader: WireReader): ConsensusApplied {
  let height: number = 0
  const updates: RotationEntry[] = []
  let wanted: boolean = false
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        height = reader.varint('ConsensusApplied.height')
        break
      case 18:
        reader.room('ConsensusApplied.updates', updates.length, LIMITS.validatorUpdates)
        updates.push(reader.nested('ConsensusApplied.updates', readRotationEntry))
        break
      case 24:
        wanted = reader.bool('ConsensusApplied.wanted')
        break
      default:
        reader.refuse(tag)
    }
  }
  return { height, updates, wanted }
}

export function writeConsensusApplied(writer: WireWriter, value: ConsensusApplied): void {
  if (value.height !== 0) writer.uint(8, value.height, 'ConsensusApplied.height', Number.MAX_SAFE_INTEGER)
  writer.items('ConsensusApplied.updates', value.updates.length, LIMITS.validatorUpdates)
  for (const item of value.updates) writer.nested(18, item, writeRotationEntry)
  if (value.wanted) writer.uint(24, value.wanted ? 1 : 0, 'ConsensusApplied.wanted', 1)
}

/** A block that another node had decided. */
export interface ConsensusSynced {
  /** SHA-256 of its encoded header. */
  readonly headerHash: Uint8Array
  /** The block. */
  readonly block: Uint8Array
  /** The precommits that decided it. */
  readonly precommits: readonly SignedVote[]
}

export function readConsensusSynced(reader: WireReader): ConsensusSynced {
  let headerHash: Uint8Array = new Uint8Array(0)
  let block: Uint8Array = new Uint8Array(0)
  const precommits: SignedVote[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        headerHash = reader.copy('ConsensusSynced.headerHash', LIMITS.hashBytes)
        break
      case 18:
        block = reader.copy('ConsensusSynced.block', LIMITS.blockBytes)
        break
      case 26:
        reader.room('ConsensusSynced.precommits', precommits.length, LIMITS.validators)
        precommits.push(reader.nested('ConsensusSynced.precommits', readSignedVote))
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(headerHash, 'ConsensusSynced.headerHash', LIMITS.hashBytes)
  return { headerHash, block, precommits }
}

export function writeConsensusSynced(writer: WireWriter, value: ConsensusSynced): void {
  checkLength(value.headerHash, 'ConsensusSynced.headerHash', LIMITS.hashBytes)
  if (value.headerHash.length > 0) writer.copy(10, value.headerHash, 'ConsensusSynced.headerHash', LIMITS.hashBytes)
  if (value.block.length > 0) writer.copy(18, value.block, 'ConsensusSynced.block', LIMITS.blockBytes)
  writer.items('ConsensusSynced.precommits', value.precommits.length, LIMITS.validators)
  for (const item of value.precommits) writer.nested(26, item, writeSignedVote)
}

/** What a validator signed last, and what it has to know if its log is lost. */
export interface SignerRecord {
  /** The chain. */
  readonly chainId: string
  /** What was signed of late at this height, the last at the end; empty before the first. */
  readonly signed: readonly SignerMessage[]
  /** Round of the last precommit for a block at this height; absent for none. */
  readonly lockRound?: number | undefined
  /** The block of that precommit. */
  readonly lockBlock?: Uint8Array | undefined
}

export function readSignerRecord(reader: WireReader): SignerRecord {
  let chainId: string = ''
  const signed: SignerMessage[] = []
  let lockRound: number | undefined
  let lockBlock: Uint8Array | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        chainId = reader.string('SignerRecord.chainId', LIMITS.chainIdBytes)
        break
      case 18:
        reader.room('SignerRecord.signed', signed.length, LIMITS.signerMessages)
        signed.push(reader.nested('SignerRecord.signed', readSignerMessage))
        break
      case 24:
        lockRound = reader.uint32('SignerRecord.lockRound')
        break
      case 34:
        lockBlock = reader.copy('SignerRecord.lockBlock', LIMITS.hashBytes)
        break
      default:
        reader.refuse(tag)
    }
  }
  if (lockBlock !== undefined) checkLength(lockBlock, 'SignerRecord.lockBlock', LIMITS.hashBytes)
  return { chainId, signed, lockRound, lockBlock }
}

export function writeSignerRecord(writer: WireWriter, value: SignerRecord): void {
  if (value.chainId !== '') writer.string(10, value.chainId, 'SignerRecord.chainId', LIMITS.chainIdBytes)
  writer.items('SignerRecord.signed', value.signed.length, LIMITS.signerMessages)
  for (const item of value.signed) writer.nested(18, item, writeSignerMessage)
  if (value.lockRound !== undefined) writer.uint(24, value.lockRound, 'SignerRecord.lockRound', 0xffff_ffff)
  if (value.lockBlock !== undefined) checkLength(value.lockBlock, 'SignerRecord.lockBlock', LIMITS.hashBytes)
  if (value.lockBlock !== undefined) writer.copy(34, value.lockBlock, 'SignerRecord.lockBlock', LIMITS.hashBytes)
}

/** Codec of {@link SignerRecord}, at most `LIMITS.consensusMessageBytes`. */
export const SignerRecord: Codec<SignerRecord> = /* @__PURE__ */ messageCodec('SignerRecord', LIMITS.consensusMessageBytes, readSignerRecord, writeSignerRecord)

/** A message that was signed: one of the two. */
export interface SignerMessage {
  /** A vote. */
  readonly vote?: SignedVote | undefined
  /** A proposal. */
  readonly proposal?: SignedProposal | undefined
}

export function readSignerMessage(reader: WireReader): SignerMessage {
  let vote: SignedVote | undefined
  let proposal: SignedProposal | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        vote = reader.nested('SignerMessage.vote', readSignedVote)
        break
      case 18:
        proposal = reader.nested('SignerMessage.proposal', readSignedProposal)
        break
      default:
        reader.refuse(tag)
    }
  }
  return { vote, proposal }
}

export function writeSignerMessage(writer: WireWriter, value: SignerMessage): void {
  if (value.vote !== undefined) writer.nested(10, value.vote, writeSignedVote)
  if (value.proposal !== undefined) writer.nested(18, value.proposal, writeSignedProposal)
}
