// Generated from proto/neurovoyance/ledger/v1/applied.proto by `pnpm generate`: edit that file, not this one.
import { checkLength } from '../ids/checks.js'
import { LIMITS } from '../limits.js'
import type { Codec } from '../rpc/service.js'
import { messageCodec } from '../wire/codec.js'
import type { WireReader } from '../wire/reader.js'
import type { WireWriter } from '../wire/writer.js'
import { readConsensusBeginning, type ConsensusBeginning, writeConsensusBeginning } from './ledger-consensus-log.js'

/** The chain up to a block: what the next one goes on from. */
export interface AppliedHead {
  /** Height of the block; 0 for the genesis. */
  readonly height: number
  /** The ledger's time. */
  readonly timeMs: number
  /** Id of the block; zeros for the genesis. */
  readonly block: Uint8Array
  /** Root of its receipts; zeros for the genesis. */
  readonly receiptsRoot: Uint8Array
  /** What consensus begins the next height with. */
  readonly beginning?: ConsensusBeginning | undefined
}

export function readAppliedHead(reader: WireReader): AppliedHead {
  let height: number = 0
  let timeMs: number = 0
  let block: Uint8Array = new Uint8Array(0)
  let receiptsRoot: Uint8Array = new Uint8Array(0)
  let beginning: ConsensusBeginning | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        height = reader.varint('AppliedHead.height')
        break
      case 16:
        timeMs = reader.varint('AppliedHead.timeMs')
        break
      case 26:
        block = reader.copy('AppliedHead.block', LIMITS.hashBytes)
        break
      case 34:
        receiptsRoot = reader.copy('AppliedHead.receiptsRoot', LIMITS.hashBytes)
        break
      case 42:
        beginning = reader.nested('AppliedHead.beginning', readConsensusBeginning)
        break
      default:
        reader.skip(tag)
    }
  }
  checkLength(block, 'AppliedHead.block', LIMITS.hashBytes)
  checkLength(receiptsRoot, 'AppliedHead.receiptsRoot', LIMITS.hashBytes)
  return { height, timeMs, block, receiptsRoot, beginning }
}

export function writeAppliedHead(writer: WireWriter, value: AppliedHead): void {
  if (value.height !== 0) writer.uint(8, value.height, 'AppliedHead.height', Number.MAX_SAFE_INTEGER)
  if (value.timeMs !== 0) writer.uint(16, value.timeMs, 'AppliedHead.timeMs', Number.MAX_SAFE_INTEGER)
  checkLength(value.block, 'AppliedHead.block', LIMITS.hashBytes)
  if (value.block.length > 0) writer.copy(26, value.block, 'AppliedHead.block', LIMITS.hashBytes)
  checkLength(value.receiptsRoot, 'AppliedHead.receiptsRoot', LIMITS.hashBytes)
  if (value.receiptsRoot.length > 0) writer.copy(34, value.receiptsRoot, 'AppliedHead.receiptsRoot', LIMITS.hashBytes)
  if (value.beginning !== undefined) writer.nested(42, value.beginning, writeConsensusBeginning)
}

/** Codec of {@link AppliedHead}, at most `LIMITS.appliedHeadBytes`. */
export const AppliedHead: Codec<AppliedHead> = /* @__PURE__ */ messageCodec('AppliedHead', LIMITS.appliedHeadBytes, readAppliedHead, writeAppliedHead)

/** Faults of validators that no block has yet. */
export interface KeptEvidence {
  /** Each an encoded Evidence. */
  readonly pieces: readonly Uint8Array[]
}

export function readKeptEvidence(reader: WireReader): KeptEvidence {
  const pieces: Uint8Array[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        reader.room('KeptEvidence.pieces', pieces.length, LIMITS.blockEvidence)
        pieces.push(reader.copy('KeptEvidence.pieces', LIMITS.evidenceBytes))
        break
      default:
        reader.skip(tag)
    }
  }
  return { pieces }
}

export function writeKeptEvidence(writer: WireWriter, value: KeptEvidence): void {
  writer.items('KeptEvidence.pieces', value.pieces.length, LIMITS.blockEvidence)
  for (const item of value.pieces) writer.copy(10, item, 'KeptEvidence.pieces', LIMITS.evidenceBytes)
}

/** Codec of {@link KeptEvidence}, at most `LIMITS.keptEvidenceBytes`. */
export const KeptEvidence: Codec<KeptEvidence> = /* @__PURE__ */ messageCodec('KeptEvidence', LIMITS.keptEvidenceBytes, readKeptEvidence, writeKeptEvidence)

/** What a block did. */
export interface BlockResults {
  /** One for each transaction, in their order. */
  readonly transactions: readonly TransactionResultRecord[]
  /** Of the rules before and after the transactions. */
  readonly events: readonly EventRecord[]
  /** Root of the state after it. */
  readonly stateRoot: Uint8Array
  /** Root over the block's parts. */
  readonly partsRoot: Uint8Array
  /** How many parts it has. */
  readonly parts: number
  /** From the block's time to its decision here, by this machine's clock, in milliseconds. */
  readonly finalityMs: number
}

export function readBlockResults(reader: WireReader): BlockResults {
  const transactions: TransactionResultRecord[] = []
  const events: EventRecord[] = []
  let stateRoot: Uint8Array = new Uint8Array(0)
  let partsRoot: Uint8Array = new Uint8Array(0)
  let parts: number = 0
  let finalityMs: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        reader.room('BlockResults.transactions', transactions.length, LIMITS.blockTransactions)
        transactions.push(reader.nested('BlockResults.transactions', readTransactionResultRecord))
        break
      case 18:
        reader.room('BlockResults.events', events.length, LIMITS.blockEvents)
        events.push(reader.nested('BlockResults.events', readEventRecord))
        break
      case 26:
        stateRoot = reader.copy('BlockResults.stateRoot', LIMITS.hashBytes)
        break
      case 34:
        partsRoot = reader.copy('BlockResults.partsRoot', LIMITS.hashBytes)
        break
      case 40:
        parts = reader.uint32('BlockResults.parts')
        break
      case 48:
        finalityMs = reader.varint('BlockResults.finalityMs')
        break
      default:
        reader.skip(tag)
    }
  }
  checkLength(stateRoot, 'BlockResults.stateRoot', LIMITS.hashBytes)
  checkLength(partsRoot, 'BlockResults.partsRoot', LIMITS.hashBytes)
  return { transactions, events, stateRoot, partsRoot, parts, finalityMs }
}

export function writeBlockResults(writer: WireWriter, value: BlockResults): void {
  writer.items('BlockResults.transactions', value.transactions.length, LIMITS.blockTransactions)
  for (const item of value.transactions) writer.nested(10, item, writeTransactionResultRecord)
  writer.items('BlockResults.events', value.events.length, LIMITS.blockEvents)
  for (const item of value.events) writer.nested(18, item, writeEventRecord)
  checkLength(value.stateRoot, 'BlockResults.stateRoot', LIMITS.hashBytes)
  if (value.stateRoot.length > 0) writer.copy(26, value.stateRoot, 'BlockResults.stateRoot', LIMITS.hashBytes)
  checkLength(value.partsRoot, 'BlockResults.partsRoot', LIMITS.hashBytes)
  if (value.partsRoot.length > 0) writer.copy(34, value.partsRoot, 'BlockResults.partsRoot', LIMITS.hashBytes)
  if (value.parts !== 0) writer.uint(40, value.parts, 'BlockResults.parts', 0xffff_ffff)
  if (value.finalityMs !== 0) writer.uint(48, value.finalityMs, 'BlockResults.finalityMs', Number.MAX_SAFE_INTEGER)
}

/** Codec of {@link BlockResults}, at most `LIMITS.blockResultsBytes`. */
export const BlockResults: Codec<BlockResults> = /* @__PURE__ */ messageCodec('BlockResults', LIMITS.blockResultsBytes, readBlockResults, writeBlockResults)

/** What became of a transaction. */
export interface TransactionResultRecord {
  /** SHA-256 of its body. */
  readonly id: Uint8Array
  /** Why it had no effect but its fee; empty where it had. */
  readonly code: string
  /** The same for a person. */
  readonly message: string
  /** What it paid, tip included. */
  readonly fee: bigint
  /** What it did. */
  readonly events: readonly EventRecord[]
  /** What it weighed: the receipt that validators agreed on has it. */
  readonly weight: number
}

export function readTransactionResultRecord(reader: WireReader): TransactionResultRecord {
  let id: Uint8Array = new Uint8Array(0)
  let code: string = ''
  let message: string = ''
  let fee: bigint = 0n
  const events: EventRecord[] = []
  let weight: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        id = reader.copy('TransactionResultRecord.id', LIMITS.hashBytes)
        break
      case 18:
        code = reader.string('TransactionResultRecord.code', LIMITS.nameBytes)
        break
      case 26:
        message = reader.string('TransactionResultRecord.message', LIMITS.textBytes)
        break
      case 32:
        fee = reader.amount('TransactionResultRecord.fee')
        break
      case 42:
        reader.room('TransactionResultRecord.events', events.length, LIMITS.transactionEvents)
        events.push(reader.nested('TransactionResultRecord.events', readEventRecord))
        break
      case 48:
        weight = reader.varint('TransactionResultRecord.weight')
        break
      default:
        reader.skip(tag)
    }
  }
  checkLength(id, 'TransactionResultRecord.id', LIMITS.hashBytes)
  return { id, code, message, fee, events, weight }
}

export function writeTransactionResultRecord(writer: WireWriter, value: TransactionResultRecord): void {
  checkLength(value.id, 'TransactionResultRecord.id', LIMITS.hashBytes)
  if (value.id.length > 0) writer.copy(10, value.id, 'TransactionResultRecord.id', LIMITS.hashBytes)
  if (value.code !== '') writer.string(18, value.code, 'TransactionResultRecord.code', LIMITS.nameBytes)
  if (value.message !== '') writer.string(26, value.message, 'TransactionResultRecord.message', LIMITS.textBytes)
  if (value.fee !== 0n) writer.amount(32, value.fee, 'TransactionResultRecord.fee')
  writer.items('TransactionResultRecord.events', value.events.length, LIMITS.transactionEvents)
  for (const item of value.events) writer.nested(42, item, writeEventRecord)
  if (value.weight !== 0) writer.uint(48, value.weight, 'TransactionResultRecord.weight', Number.MAX_SAFE_INTEGER)
}

/** Something that happened. */
export interface EventRecord {
  /** Module and event: `accounts/transferred`. */
  readonly kind: string
  /** Accounts that it is about. */
  readonly accounts: readonly Uint8Array[]
  /** What happened. */
  readonly fields: readonly EventField[]
}

export function readEventRecord(reader: WireReader): EventRecord {
  let kind: string = ''
  const accounts: Uint8Array[] = []
  const fields: EventField[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        kind = reader.string('EventRecord.kind', LIMITS.actionKindBytes)
        break
      case 18:
        reader.room('EventRecord.accounts', accounts.length, LIMITS.eventAccounts)
        accounts.push(reader.copy('EventRecord.accounts', LIMITS.hashBytes))
        break
      case 26:
        reader.room('EventRecord.fields', fields.length, LIMITS.eventFields)
        fields.push(reader.nested('EventRecord.fields', readEventField))
        break
      default:
        reader.skip(tag)
    }
  }
  for (const item of accounts) checkLength(item, 'EventRecord.accounts', LIMITS.hashBytes)
  return { kind, accounts, fields }
}

export function writeEventRecord(writer: WireWriter, value: EventRecord): void {
  if (value.kind !== '') writer.string(10, value.kind, 'EventRecord.kind', LIMITS.actionKindBytes)
  for (const item of value.accounts) checkLength(item, 'EventRecord.accounts', LIMITS.hashBytes)
  writer.items('EventRecord.accounts', value.accounts.length, LIMITS.eventAccounts)
  for (const item of value.accounts) writer.copy(18, item, 'EventRecord.accounts', LIMITS.hashBytes)
  writer.items('EventRecord.fields', value.fields.length, LIMITS.eventFields)
  for (const item of value.fields) writer.nested(26, item, writeEventField)
}

/** A detail of an event. Exactly one of the values is there. */
export interface EventField {
  /** Its name. */
  readonly name: string
  /** A text. */
  readonly text?: string | undefined
  /** A whole number. */
  readonly number?: number | undefined
  /** Base units. */
  readonly amount?: bigint | undefined
}

export function readEventField(reader: WireReader): EventField {
  let name: string = ''
  let text: string | undefined
  let number: number | undefined
  let amount: bigint | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        name = reader.string('EventField.name', LIMITS.nameBytes)
        break
      case 18:
        text = reader.string('EventField.text', LIMITS.textBytes)
        break
      case 24:
        number = reader.varint('EventField.number')
        break
      case 32:
        amount = reader.amount('EventField.amount')
        break
      default:
        reader.skip(tag)
    }
  }
  return { name, text, number, amount }
}

export function writeEventField(writer: WireWriter, value: EventField): void {
  if (value.name !== '') writer.string(10, value.name, 'EventField.name', LIMITS.nameBytes)
  if (value.text !== undefined) writer.string(18, value.text, 'EventField.text', LIMITS.textBytes)
  if (value.number !== undefined) writer.uint(24, value.number, 'EventField.number', Number.MAX_SAFE_INTEGER)
  if (value.amount !== undefined) writer.amount(32, value.amount, 'EventField.amount')
}
