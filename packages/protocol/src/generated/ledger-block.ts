// Generated from proto/neurovoyance/ledger/v1/block.proto by `pnpm generate`: edit that file, not this one.
import { checkLength } from '../ids/checks.js'
import { LIMITS } from '../limits.js'
import type { Codec } from '../rpc/service.js'
import { messageCodec } from '../wire/codec.js'
import type { WireReader } from '../wire/reader.js'
import type { WireWriter } from '../wire/writer.js'

/**
 * What a block says of itself and of the chain before it. A block's id is the SHA-256 of the
 * header's hash, the number of the block's parts and their root.
 */
export interface Header {
  /** Version of the state machine that applies the block. */
  readonly version: number
  /** The chain's name. */
  readonly chainId: string
  /** 1 for the first block. */
  readonly height: number
  /** The ledger's time: milliseconds since the Unix epoch, by the proposer's clock within bounds. */
  readonly timeMs: number
  /** Id of the block before; zeros at height 1. */
  readonly previousBlock: Uint8Array
  /** Root of the state after the block before. */
  readonly stateRoot: Uint8Array
  /** Root of the receipts of the block before. */
  readonly receiptsRoot: Uint8Array
  /** Root of the ids of this block's transactions. */
  readonly transactionsRoot: Uint8Array
  /** Hash of this block's evidence. */
  readonly evidenceRoot: Uint8Array
  /** Hash of the commit of the block before. */
  readonly lastCommitHash: Uint8Array
  /** Hash of the validators who decide this block. */
  readonly validatorsHash: Uint8Array
  /** Hash of the validators who decide the next block. */
  readonly nextValidatorsHash: Uint8Array
  /** Public key of the validator who proposed it. */
  readonly proposer: Uint8Array
}

export function readHeader(reader: WireReader): Header {
  let version: number = 0
  let chainId: string = ''
  let height: number = 0
  let timeMs: number = 0
  let previousBlock: Uint8Array = new Uint8Array(0)
  let stateRoot: Uint8Array = new Uint8Array(0)
  let receiptsRoot: Uint8Array = new Uint8Array(0)
  let transactionsRoot: Uint8Array = new Uint8Array(0)
  let evidenceRoot: Uint8Array = new Uint8Array(0)
  let lastCommitHash: Uint8Array = new Uint8Array(0)
  let validatorsHash: Uint8Array = new Uint8Array(0)
  let nextValidatorsHash: Uint8Array = new Uint8Array(0)
  let proposer: Uint8Array = new Uint8Array(0)
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        version = reader.uint32('Header.version')
        break
      case 18:
        chainId = reader.string('Header.chainId', LIMITS.chainIdBytes)
        break
      case 24:
        height = reader.varint('Header.height')
        break
      case 32:
        timeMs = reader.varint('Header.timeMs')
        break
      case 42:
        previousBlock = reader.copy('Header.previousBlock', LIMITS.hashBytes)
        break
      case 50:
        stateRoot = reader.copy('Header.stateRoot', LIMITS.hashBytes)
        break
      case 58:
        receiptsRoot = reader.copy('Header.receiptsRoot', LIMITS.hashBytes)
        break
      case 66:
        transactionsRoot = reader.copy('Header.transactionsRoot', LIMITS.hashBytes)
        break
      case 74:
        evidenceRoot = reader.copy('Header.evidenceRoot', LIMITS.hashBytes)
        break
      case 82:
        lastCommitHash = reader.copy('Header.lastCommitHash', LIMITS.hashBytes)
        break
      case 90:
        validatorsHash = reader.copy('Header.validatorsHash', LIMITS.hashBytes)
        break
      case 98:
        nextValidatorsHash = reader.copy('Header.nextValidatorsHash', LIMITS.hashBytes)
        break
      case 106:
        proposer = reader.copy('Header.proposer', LIMITS.publicKeyBytes)
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(previousBlock, 'Header.previousBlock', LIMITS.hashBytes)
  checkLength(stateRoot, 'Header.stateRoot', LIMITS.hashBytes)
  checkLength(receiptsRoot, 'Header.receiptsRoot', LIMITS.hashBytes)
  checkLength(transactionsRoot, 'Header.transactionsRoot', LIMITS.hashBytes)
  checkLength(evidenceRoot, 'Header.evidenceRoot', LIMITS.hashBytes)
  checkLength(lastCommitHash, 'Header.lastCommitHash', LIMITS.hashBytes)
  checkLength(validatorsHash, 'Header.validatorsHash', LIMITS.hashBytes)
  checkLength(nextValidatorsHash, 'Header.nextValidatorsHash', LIMITS.hashBytes)
  checkLength(proposer, 'Header.proposer', LIMITS.publicKeyBytes)
  return { version, chainId, height, timeMs, previousBlock, stateRoot, receiptsRoot, transactionsRoot, evidenceRoot, lastCommitHash, validatorsHash, nextValidatorsHash, proposer }
}

export function writeHeader(writer: WireWriter, value: Header): void {
  if (value.version !== 0) writer.uint(8, value.version, 'Header.version', 0xffff_ffff)
  if (value.chainId !== '') writer.string(18, value.chainId, 'Header.chainId', LIMITS.chainIdBytes)
  if (value.height !== 0) writer.uint(24, value.height, 'Header.height', Number.MAX_SAFE_INTEGER)
  if (value.timeMs !== 0) writer.uint(32, value.timeMs, 'Header.timeMs', Number.MAX_SAFE_INTEGER)
  checkLength(value.previousBlock, 'Header.previousBlock', LIMITS.hashBytes)
  if (value.previousBlock.length > 0) writer.copy(42, value.previousBlock, 'Header.previousBlock', LIMITS.hashBytes)
  checkLength(value.stateRoot, 'Header.stateRoot', LIMITS.hashBytes)
  if (value.stateRoot.length > 0) writer.copy(50, value.stateRoot, 'Header.stateRoot', LIMITS.hashBytes)
  checkLength(value.receiptsRoot, 'Header.receiptsRoot', LIMITS.hashBytes)
  if (value.receiptsRoot.length > 0) writer.copy(58, value.receiptsRoot, 'Header.receiptsRoot', LIMITS.hashBytes)
  checkLength(value.transactionsRoot, 'Header.transactionsRoot', LIMITS.hashBytes)
  if (value.transactionsRoot.length > 0) writer.copy(66, value.transactionsRoot, 'Header.transactionsRoot', LIMITS.hashBytes)
  checkLength(value.evidenceRoot, 'Header.evidenceRoot', LIMITS.hashBytes)
  if (value.evidenceRoot.length > 0) writer.copy(74, value.evidenceRoot, 'Header.evidenceRoot', LIMITS.hashBytes)
  checkLength(value.lastCommitHash, 'Header.lastCommitHash', LIMITS.hashBytes)
  if (value.lastCommitHash.length > 0) writer.copy(82, value.lastCommitHash, 'Header.lastCommitHash', LIMITS.hashBytes)
  checkLength(value.validatorsHash, 'Header.validatorsHash', LIMITS.hashBytes)
  if (value.validatorsHash.length > 0) writer.copy(90, value.validatorsHash, 'Header.validatorsHash', LIMITS.hashBytes)
  checkLength(value.nextValidatorsHash, 'Header.nextValidatorsHash', LIMITS.hashBytes)
  if (value.nextValidatorsHash.length > 0) writer.copy(98, value.nextValidatorsHash, 'Header.nextValidatorsHash', LIMITS.hashBytes)
  checkLength(value.proposer, 'Header.proposer', LIMITS.publicKeyBytes)
  if (value.proposer.length > 0) writer.copy(106, value.proposer, 'Header.proposer', LIMITS.publicKeyBytes)
}

/** Codec of {@link Header}, at most `LIMITS.consensusMessageBytes`. */
export const Header: Codec<Header> = /* @__PURE__ */ messageCodec('Header', LIMITS.consensusMessageBytes, readHeader, writeHeader)

/** A block whole. */
export interface Block {
  /** The header. */
  readonly header?: Header | undefined
  /** Encoded transactions. */
  readonly transactions: readonly Uint8Array[]
  /** Encoded evidence. */
  readonly evidence: readonly Uint8Array[]
  /** The commit of the block before; absent at height 1. */
  readonly lastCommit?: Commit | undefined
}

export function readBlock(reader: WireReader): Block {
  let header: Header | undefined
  const transactions: Uint8Array[] = []
  const evidence: Uint8Array[] = []
  let lastCommit: Commit | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        header = reader.nested('Block.header', readHeader)
        break
      case 18:
        reader.room('Block.transactions', transactions.length, LIMITS.blockTransactions)
        transactions.push(reader.copy('Block.transactions', LIMITS.transactionBytes))
        break
      case 26:
        reader.room('Block.evidence', evidence.length, LIMITS.blockEvidence)
        evidence.push(reader.copy('Block.evidence', LIMITS.evidenceBytes))
        break
      case 34:
        lastCommit = reader.nested('Block.lastCommit', readCommit)
        break
      default:
        reader.refuse(tag)
    }
  }
  return { header, transactions, evidence, lastCommit }
}

export function writeBlock(writer: WireWriter, value: Block): void {
  if (value.header !== undefined) writer.nested(10, value.header, writeHeader)
  writer.items('Block.transactions', value.transactions.length, LIMITS.blockTransactions)
  for (const item of value.transactions) writer.copy(18, item, 'Block.transactions', LIMITS.transactionBytes)
  writer.items('Block.evidence', value.evidence.length, LIMITS.blockEvidence)
  for (const item of value.evidence) writer.copy(26, item, 'Block.evidence', LIMITS.evidenceBytes)
  if (value.lastCommit !== undefined) writer.nested(34, value.lastCommit, writeCommit)
}

/** Codec of {@link Block}, at most `LIMITS.blockBytes`. */
export const Block: Codec<Block> = /* @__PURE__ */ messageCodec('Block', LIMITS.blockBytes, readBlock, writeBlock)

/** More than two thirds of the voting power signed precommits for a block. */
export interface Commit {
  /** Height of the block. */
  readonly height: number
  /** Round in which it was decided. */
  readonly round: number
  /** Id of the block. */
  readonly block: Uint8Array
  /** The precommits, in the order of the validators. */
  readonly signatures: readonly CommitSignature[]
}

export function readCommit(reader: WireReader): Commit {
  let height: number = 0
  let round: number = 0
  let block: Uint8Array = new Uint8Array(0)
  const signatures: CommitSignature[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        height = reader.varint('Commit.height')
        break
      case 16:
        round = reader.uint32('Commit.round')
        break
      case 26:
        block = reader.copy('Commit.block', LIMITS.hashBytes)
        break
      case 34:
        reader.room('Commit.signatures', signatures.length, LIMITS.validators)
        signatures.push(reader.nested('Commit.signatures', readCommitSignature))
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(block, 'Commit.block', LIMITS.hashBytes)
  return { height, round, block, signatures }
}

export function writeCommit(writer: WireWriter, value: Commit): void {
  if (value.height !== 0) writer.uint(8, value.height, 'Commit.height', Number.MAX_SAFE_INTEGER)
  if (value.round !== 0) writer.uint(16, value.round, 'Commit.round', 0xffff_ffff)
  checkLength(value.block, 'Commit.block', LIMITS.hashBytes)
  if (value.block.length > 0) writer.copy(26, value.block, 'Commit.block', LIMITS.hashBytes)
  writer.items('Commit.signatures', value.signatures.length, LIMITS.validators)
  for (const item of value.signatures) writer.nested(34, item, writeCommitSignature)
}

/** Codec of {@link Commit}, at most `LIMITS.consensusMessageBytes`. */
export const Commit: Codec<Commit> = /* @__PURE__ */ messageCodec('Commit', LIMITS.consensusMessageBytes, readCommit, writeCommit)

/** A precommit of a commit: what it says is in the commit. */
export interface CommitSignature {
  /** Index of the validator in the set of this height. */
  readonly validator: number
  /** The signature of the vote. */
  readonly signature: Uint8Array
}

export function readCommitSignature(reader: WireReader): CommitSignature {
  let validator: number = 0
  let signature: Uint8Array = new Uint8Array(0)
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        validator = reader.uint32('CommitSignature.validator')
        break
      case 18:
        signature = reader.copy('CommitSignature.signature', LIMITS.signatureBytes)
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(signature, 'CommitSignature.signature', LIMITS.signatureBytes)
  return { validator, signature }
}

export function writeCommitSignature(writer: WireWriter, value: CommitSignature): void {
  if (value.validator !== 0) writer.uint(8, value.validator, 'CommitSignature.validator', 0xffff_ffff)
  checkLength(value.signature, 'CommitSignature.signature', LIMITS.signatureBytes)
  if (value.signature.length > 0) writer.copy(18, value.signature, 'CommitSignature.signature', LIMITS.signatureBytes)
}

/** Validators with their voting power, sorted by public key; its SHA-256 is a header's validators_hash. */
export interface ValidatorSet {
  /** The validators. */
  readonly validators: readonly ValidatorPower[]
}

export function readValidatorSet(reader: WireReader): ValidatorSet {
  const validators: ValidatorPower[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        reader.room('ValidatorSet.validators', validators.length, LIMITS.validators)
        validators.push(reader.nested('ValidatorSet.validators', readValidatorPower))
        break
      default:
        reader.refuse(tag)
    }
  }
  return { validators }
}

export function writeValidatorSet(writer: WireWriter, value: ValidatorSet): void {
  writer.items('ValidatorSet.validators', value.validators.length, LIMITS.validators)
  for (const item of value.validators) writer.nested(10, item, writeValidatorPower)
}

/** Codec of {@link ValidatorSet}, at most `LIMITS.consensusMessageBytes`. */
export const ValidatorSet: Codec<ValidatorSet> = /* @__PURE__ */ messageCodec('ValidatorSet', LIMITS.consensusMessageBytes, readValidatorSet, writeValidatorSet)

/** A validator in a set. */
export interface ValidatorPower {
  /** The key that signs votes. */
  readonly publicKey: Uint8Array
  /** Its weight in votes. */
  readonly power: number
}

export function readValidatorPower(reader: WireReader): ValidatorPower {
  let publicKey: Uint8Array = new Uint8Array(0)
  let power: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        publicKey = reader.copy('ValidatorPower.publicKey', LIMITS.publicKeyBytes)
        break
      case 16:
        power = reader.varint('ValidatorPower.power')
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(publicKey, 'ValidatorPower.publicKey', LIMITS.publicKeyBytes)
  return { publicKey, power }
}

export function writeValidatorPower(writer: WireWriter, value: ValidatorPower): void {
  checkLength(value.publicKey, 'ValidatorPower.publicKey', LIMITS.publicKeyBytes)
  if (value.publicKey.length > 0) writer.copy(10, value.publicKey, 'ValidatorPower.publicKey', LIMITS.publicKeyBytes)
  if (value.power !== 0) writer.uint(16, value.power, 'ValidatorPower.power', Number.MAX_SAFE_INTEGER)
}

/** What became of a transaction, as validators agree on it; the leaves of a header's receipts_root. */
export interface ReceiptRecord {
  /** Id of the transaction. */
  readonly id: Uint8Array
  /** Why it had no effect but its fee; empty where it had. */
  readonly code: string
  /** What it paid, tip included. */
  readonly fee: bigint
  /** What it weighed. */
  readonly weight: number
  /** Its place in the block, from 0. */
  readonly index: number
}

export function readReceiptRecord(reader: WireReader): ReceiptRecord {
  let id: Uint8Array = new Uint8Array(0)
  let code: string = ''
  let fee: bigint = 0n
  let weight: number = 0
  let index: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        id = reader.copy('ReceiptRecord.id', LIMITS.hashBytes)
        break
      case 18:
        code = reader.string('ReceiptRecord.code', LIMITS.nameBytes)
        break
      case 24:
        fee = reader.amount('ReceiptRecord.fee')
        break
      case 32:
        weight = reader.varint('ReceiptRecord.weight')
        break
      case 40:
        index = reader.uint32('ReceiptRecord.index')
        break
      default:
        reader.refuse(tag)
    }
  }
  checkLength(id, 'ReceiptRecord.id', LIMITS.hashBytes)
  return { id, code, fee, weight, index }
}

export function writeReceiptRecord(writer: WireWriter, value: ReceiptRecord): void {
  checkLength(value.id, 'ReceiptRecord.id', LIMITS.hashBytes)
  if (value.id.length > 0) writer.copy(10, value.id, 'ReceiptRecord.id', LIMITS.hashBytes)
  if (value.code !== '') writer.string(18, value.code, 'ReceiptRecord.code', LIMITS.nameBytes)
  if (value.fee !== 0n) writer.amount(24, value.fee, 'ReceiptRecord.fee')
  if (value.weight !== 0) writer.uint(32, value.weight, 'ReceiptRecord.weight', Number.MAX_SAFE_INTEGER)
  if (value.index !== 0) writer.uint(40, value.index, 'ReceiptRecord.index', 0xffff_ffff)
}

/** Codec of {@link ReceiptRecord}, at most `LIMITS.consensusMessageBytes`. */
export const ReceiptRecord: Codec<ReceiptRecord> = /* @__PURE__ */ messageCodec('ReceiptRecord', LIMITS.consensusMessageBytes, readReceiptRecord, writeReceiptRecord)
