// Generated from proto/neurovoyance/ledger/v1/chain.proto by `pnpm generate`: edit that file, not this one.
import { checkCid, checkLength } from '../ids/checks.js'
import { LIMITS } from '../limits.js'
import type { Codec, ServiceDefinition } from '../rpc/service.js'
import { messageCodec } from '../wire/codec.js'
import type { WireReader } from '../wire/reader.js'
import type { WireWriter } from '../wire/writer.js'
import { readConsensusMessage, readConsensusSummary, type ConsensusMessage, type ConsensusSummary, writeConsensusMessage, writeConsensusSummary } from './ledger-consensus.js'

/** Asks how far the chain is. */

export type ChainStatusRequest = Record<never, never>

export function readChainStatusRequest(reader: WireReader): ChainStatusRequest {
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      default:
        reader.skip(tag)
    }
  }
  return {  }
}

export function writeChainStatusRequest(_writer: WireWriter, _value: ChainStatusRequest): void {

}

/** Codec of {@link ChainStatusRequest}, at most `LIMITS.smallMessageBytes`. */
export const ChainStatusRequest: Codec<ChainStatusRequest> = /* @__PURE__ */ messageCodec('ChainStatusRequest', LIMITS.smallMessageBytes, readChainStatusRequest, writeChainStatusRequest)

/** How far the chain is at a node. */
export interface ChainStatus {
  /** The chain's name. */
  readonly chainId: string
  /** SHA-256 of the genesis: two chains may have one name. */
  readonly genesis: Uint8Array
  /** The newest block that was applied; 0 before the first. */
  readonly height: number
  /** Its id; zeros before the first. */
  readonly block: Uint8Array
  /** Its time by the ledger. */
  readonly timeMs: number
  /** The oldest block that is kept here; 0 where there is none. */
  readonly first: number
  /** Whether the node is behind others and catching up. */
  readonly catchingUp: boolean
  /** What a unit of weight costs in the next block: base units that are burnt. */
  readonly baseFee: bigint
}

export function readChainStatus(reader: WireReader): ChainStatus {
  let chainId: string = ''
  let genesis: Uint8Array = new Uint8Array(0)
  let height: number = 0
  let block: Uint8Array = new Uint8Array(0)
  let timeMs: number = 0
  let first: number = 0
  let catchingUp: boolean = false
  let baseFee: bigint = 0n
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        chainId = reader.string('ChainStatus.chainId', LIMITS.chainIdBytes)
        break
      case 18:
        genesis = reader.copy('ChainStatus.genesis', LIMITS.hashBytes)
        break
      case 24:
        height = reader.varint('ChainStatus.height')
        break
      case 34:
        block = reader.copy('ChainStatus.block', LIMITS.hashBytes)
        break
      case 40:
        timeMs = reader.varint('ChainStatus.timeMs')
        break
      case 48:
        first = reader.varint('ChainStatus.first')
        break
      case 56:
        catchingUp = reader.bool('ChainStatus.catchingUp')
        break
      case 64:
        baseFee = reader.amount('ChainStatus.baseFee')
        break
      default:
        reader.skip(tag)
    }
  }
  checkLength(genesis, 'ChainStatus.genesis', LIMITS.hashBytes)
  checkLength(block, 'ChainStatus.block', LIMITS.hashBytes)
  return { chainId, genesis, height, block, timeMs, first, catchingUp, baseFee }
}

export function writeChainStatus(writer: WireWriter, value: ChainStatus): void {
  if (value.chainId !== '') writer.string(10, value.chainId, 'ChainStatus.chainId', LIMITS.chainIdBytes)
  checkLength(value.genesis, 'ChainStatus.genesis', LIMITS.hashBytes)
  if (value.genesis.length > 0) writer.copy(18, value.genesis, 'ChainStatus.genesis', LIMITS.hashBytes)
  if (value.height !== 0) writer.uint(24, value.height, 'ChainStatus.height', Number.MAX_SAFE_INTEGER)
  checkLength(value.block, 'ChainStatus.block', LIMITS.hashBytes)
  if (value.block.length > 0) writer.copy(34, value.block, 'ChainStatus.block', LIMITS.hashBytes)
  if (value.timeMs !== 0) writer.uint(40, value.timeMs, 'ChainStatus.timeMs', Number.MAX_SAFE_INTEGER)
  if (value.first !== 0) writer.uint(48, value.first, 'ChainStatus.first', Number.MAX_SAFE_INTEGER)
  if (value.catchingUp) writer.uint(56, value.catchingUp ? 1 : 0, 'ChainStatus.catchingUp', 1)
  if (value.baseFee !== 0n) writer.amount(64, value.baseFee, 'ChainStatus.baseFee')
}

/** Codec of {@link ChainStatus}, at most `LIMITS.smallMessageBytes`. */
export const ChainStatus: Codec<ChainStatus> = /* @__PURE__ */ messageCodec('ChainStatus', LIMITS.smallMessageBytes, readChainStatus, writeChainStatus)

/** Something to hear of. Exactly one of the fields is there. */
export interface ChainGossip {
  /** Which chain this is about: the first message, and no other. */
  readonly hello?: ChainHello | undefined
  /** A proposal, part, vote or quorum. */
  readonly message?: ConsensusMessage | undefined
  /** What the sender has of the height that it decides: the other node sends what is missing. */
  readonly summary?: ConsensusSummary | undefined
  /** Transactions that wait, encoded. */
  readonly transactions?: WaitingTransactions | undefined
  /** The sender has a new block. */
  readonly head?: ChainHead | undefined
  /** Whom the sender hears itself: it takes the place of what was said of that before. */
  readonly sources?: ChainSources | undefined
}

export function readChainGossip(reader: WireReader): ChainGossip {
  let hello: ChainHello | undefined
  let message: ConsensusMessage | undefined
  let summary: ConsensusSummary | undefined
  let transactions: WaitingTransactions | undefined
  let head: ChainHead | undefined
  let sources: ChainSources | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        hello = reader.nested('ChainGossip.hello', readChainHello)
        break
      case 18:
        message = reader.nested('ChainGossip.message', readConsensusMessage)
        break
      case 26:
        summary = reader.nested('ChainGossip.summary', readConsensusSummary)
        break
      case 34:
        transactions = reader.nested('ChainGossip.transactions', readWaitingTransactions)
        break
      case 42:
        head = reader.nested('ChainGossip.head', readChainHead)
        break
      case 50:
        sources = reader.nested('ChainGossip.sources', readChainSources)
        break
      default:
        reader.skip(tag)
    }
  }
  return { hello, message, summary, transactions, head, sources }
}

export function writeChainGossip(writer: WireWriter, value: ChainGossip): void {
  if (value.hello !== undefined) writer.nested(10, value.hello, writeChainHello)
  if (value.message !== undefined) writer.nested(18, value.message, writeConsensusMessage)
  if (value.summary !== undefined) writer.nested(26, value.summary, writeConsensusSummary)
  if (value.transactions !== undefined) writer.nested(34, value.transactions, writeWaitingTransactions)
  if (value.head !== undefined) writer.nested(42, value.head, writeChainHead)
  if (value.sources !== undefined) writer.nested(50, value.sources, writeChainSources)
}

/** Codec of {@link ChainGossip}, at most `LIMITS.chainGossipBytes`. */
export const ChainGossip: Codec<ChainGossip> = /* @__PURE__ */ messageCodec('ChainGossip', LIMITS.chainGossipBytes, readChainGossip, writeChainGossip)

/** The beginning of a stream of gossip. */
export interface ChainHello {
  /** The chain's name. */
  readonly chainId: string
  /** SHA-256 of the genesis. */
  readonly genesis: Uint8Array
}

export function readChainHello(reader: WireReader): ChainHello {
  let chainId: string = ''
  let genesis: Uint8Array = new Uint8Array(0)
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        chainId = reader.string('ChainHello.chainId', LIMITS.chainIdBytes)
        break
      case 18:
        genesis = reader.copy('ChainHello.genesis', LIMITS.hashBytes)
        break
      default:
        reader.skip(tag)
    }
  }
  checkLength(genesis, 'ChainHello.genesis', LIMITS.hashBytes)
  return { chainId, genesis }
}

export function writeChainHello(writer: WireWriter, value: ChainHello): void {
  if (value.chainId !== '') writer.string(10, value.chainId, 'ChainHello.chainId', LIMITS.chainIdBytes)
  checkLength(value.genesis, 'ChainHello.genesis', LIMITS.hashBytes)
  if (value.genesis.length > 0) writer.copy(18, value.genesis, 'ChainHello.genesis', LIMITS.hashBytes)
}

/** Transactions that wait. */
export interface WaitingTransactions {
  /** Each encoded. */
  readonly transactions: readonly Uint8Array[]
}

export function readWaitingTransactions(reader: WireReader): WaitingTransactions {
  const transactions: Uint8Array[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        reader.room('WaitingTransactions.transactions', transactions.length, LIMITS.gossipTransactions)
        transactions.push(reader.copy('WaitingTransactions.transactions', LIMITS.transactionBytes))
        break
      default:
        reader.skip(tag)
    }
  }
  return { transactions }
}

export function writeWaitingTransactions(writer: WireWriter, value: WaitingTransactions): void {
  writer.items('WaitingTransactions.transactions', value.transactions.length, LIMITS.gossipTransactions)
  for (const item of value.transactions) writer.copy(10, item, 'WaitingTransactions.transactions', LIMITS.transactionBytes)
}

/** How far a node is. */
export interface ChainHead {
  /** The newest block that was applied; 0 before the first. */
  readonly height: number
  /** The oldest block that is kept; 0 where there is none. */
  readonly first: number
}

export function readChainHead(reader: WireReader): ChainHead {
  let height: number = 0
  let first: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        height = reader.varint('ChainHead.height')
        break
      case 16:
        first = reader.varint('ChainHead.first')
        break
      default:
        reader.skip(tag)
    }
  }
  return { height, first }
}

export function writeChainHead(writer: WireWriter, value: ChainHead): void {
  if (value.height !== 0) writer.uint(8, value.height, 'ChainHead.height', Number.MAX_SAFE_INTEGER)
  if (value.first !== 0) writer.uint(16, value.first, 'ChainHead.first', Number.MAX_SAFE_INTEGER)
}

/**
 * Whose streams of gossip reach the sender. What a node has from one of them it need not pass on to the sender: they
 * tell it themselves. So nothing travels twice where everyone is connected with everyone.
 */
export interface ChainSources {
  /** Their PeerIds. */
  readonly peers: readonly string[]
}

export function readChainSources(reader: WireReader): ChainSources {
  const peers: string[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        reader.room('ChainSources.peers', peers.length, LIMITS.chainSources)
        peers.push(reader.string('ChainSources.peers', LIMITS.idBytes))
        break
      default:
        reader.skip(tag)
    }
  }
  return { peers }
}

export function writeChainSources(writer: WireWriter, value: ChainSources): void {
  writer.items('ChainSources.peers', value.peers.length, LIMITS.chainSources)
  for (const item of value.peers) writer.string(10, item, 'ChainSources.peers', LIMITS.idBytes)
}

/** Ends a stream of gossip. */

export type ChainGossipEnd = Record<never, never>

export function readChainGossipEnd(reader: WireReader): ChainGossipEnd {
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      default:
        reader.skip(tag)
    }
  }
  return {  }
}

export function writeChainGossipEnd(_writer: WireWriter, _value: ChainGossipEnd): void {

}

/** Codec of {@link ChainGossipEnd}, at most `LIMITS.smallMessageBytes`. */
export const ChainGossipEnd: Codec<ChainGossipEnd> = /* @__PURE__ */ messageCodec('ChainGossipEnd', LIMITS.smallMessageBytes, readChainGossipEnd, writeChainGossipEnd)

/** Asks for blocks. */
export interface BlocksRequest {
  /** Height of the first. */
  readonly first: number
  /** The most blocks to give; fewer come where they are large or not there. */
  readonly limit: number
}

export function readBlocksRequest(reader: WireReader): BlocksRequest {
  let first: number = 0
  let limit: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        first = reader.varint('BlocksRequest.first')
        break
      case 16:
        limit = reader.uint32('BlocksRequest.limit')
        break
      default:
        reader.skip(tag)
    }
  }
  return { first, limit }
}

export function writeBlocksRequest(writer: WireWriter, value: BlocksRequest): void {
  if (value.first !== 0) writer.uint(8, value.first, 'BlocksRequest.first', Number.MAX_SAFE_INTEGER)
  if (value.limit !== 0) writer.uint(16, value.limit, 'BlocksRequest.limit', 0xffff_ffff)
}

/** Codec of {@link BlocksRequest}, at most `LIMITS.smallMessageBytes`. */
export const BlocksRequest: Codec<BlocksRequest> = /* @__PURE__ */ messageCodec('BlocksRequest', LIMITS.smallMessageBytes, readBlocksRequest, writeBlocksRequest)

/** Blocks are in the attachments. */
export interface BlocksResponse {
  /** Height of the first. */
  readonly first: number
}

export function readBlocksResponse(reader: WireReader): BlocksResponse {
  let first: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        first = reader.varint('BlocksResponse.first')
        break
      default:
        reader.skip(tag)
    }
  }
  return { first }
}

export function writeBlocksResponse(writer: WireWriter, value: BlocksResponse): void {
  if (value.first !== 0) writer.uint(8, value.first, 'BlocksResponse.first', Number.MAX_SAFE_INTEGER)
}

/** Codec of {@link BlocksResponse}, at most `LIMITS.smallMessageBytes`. */
export const BlocksResponse: Codec<BlocksResponse> = /* @__PURE__ */ messageCodec('BlocksResponse', LIMITS.smallMessageBytes, readBlocksResponse, writeBlocksResponse)

/** Asks for a light block. */
export interface LightBlockRequest {
  /** Its height; the newest one's where it is absent. */
  readonly height?: number | undefined
}

export function readLightBlockRequest(reader: WireReader): LightBlockRequest {
  let height: number | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        height = reader.varint('LightBlockRequest.height')
        break
      default:
        reader.skip(tag)
    }
  }
  return { height }
}

export function writeLightBlockRequest(writer: WireWriter, value: LightBlockRequest): void {
  if (value.height !== undefined) writer.uint(8, value.height, 'LightBlockRequest.height', Number.MAX_SAFE_INTEGER)
}

/** Codec of {@link LightBlockRequest}, at most `LIMITS.smallMessageBytes`. */
export const LightBlockRequest: Codec<LightBlockRequest> = /* @__PURE__ */ messageCodec('LightBlockRequest', LIMITS.smallMessageBytes, readLightBlockRequest, writeLightBlockRequest)

/** The light block is in the attachment. */
export interface LightBlockResponse {
  /** Its height. */
  readonly height: number
}

export function readLightBlockResponse(reader: WireReader): LightBlockResponse {
  let height: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        height = reader.varint('LightBlockResponse.height')
        break
      default:
        reader.skip(tag)
    }
  }
  return { height }
}

export function writeLightBlockResponse(writer: WireWriter, value: LightBlockResponse): void {
  if (value.height !== 0) writer.uint(8, value.height, 'LightBlockResponse.height', Number.MAX_SAFE_INTEGER)
}

/** Codec of {@link LightBlockResponse}, at most `LIMITS.smallMessageBytes`. */
export const LightBlockResponse: Codec<LightBlockResponse> = /* @__PURE__ */ messageCodec('LightBlockResponse', LIMITS.smallMessageBytes, readLightBlockResponse, writeLightBlockResponse)

/** The transaction is in the attachment. */

export type SubmitTransactionRequest = Record<never, never>

export function readSubmitTransactionRequest(reader: WireReader): SubmitTransactionRequest {
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      default:
        reader.skip(tag)
    }
  }
  return {  }
}

export function writeSubmitTransactionRequest(_writer: WireWriter, _value: SubmitTransactionRequest): void {

}

/** Codec of {@link SubmitTransactionRequest}, at most `LIMITS.smallMessageBytes`. */
export const SubmitTransactionRequest: Codec<SubmitTransactionRequest> = /* @__PURE__ */ messageCodec('SubmitTransactionRequest', LIMITS.smallMessageBytes, readSubmitTransactionRequest, writeSubmitTransactionRequest)

/** The transaction waits for a block now. */
export interface SubmitTransactionResponse {
  /** Its id. */
  readonly id: Uint8Array
}

export function readSubmitTransactionResponse(reader: WireReader): SubmitTransactionResponse {
  let id: Uint8Array = new Uint8Array(0)
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        id = reader.copy('SubmitTransactionResponse.id', LIMITS.hashBytes)
        break
      default:
        reader.skip(tag)
    }
  }
  checkLength(id, 'SubmitTransactionResponse.id', LIMITS.hashBytes)
  return { id }
}

export function writeSubmitTransactionResponse(writer: WireWriter, value: SubmitTransactionResponse): void {
  checkLength(value.id, 'SubmitTransactionResponse.id', LIMITS.hashBytes)
  if (value.id.length > 0) writer.copy(10, value.id, 'SubmitTransactionResponse.id', LIMITS.hashBytes)
}

/** Codec of {@link SubmitTransactionResponse}, at most `LIMITS.smallMessageBytes`. */
export const SubmitTransactionResponse: Codec<SubmitTransactionResponse> = /* @__PURE__ */ messageCodec('SubmitTransactionResponse', LIMITS.smallMessageBytes, readSubmitTransactionResponse, writeSubmitTransactionResponse)

/** Asks for a transaction. */
export interface TransactionRequest {
  /** Its id. */
  readonly id: Uint8Array
  /** How long the answer may wait for it to be in a block, in milliseconds. */
  readonly waitMs: number
  /**
   * Whether the answer is to have a proof, where it is in a block. The header after its block shows what became of it,
   * and follows at once: the answer waits for that.
   */
  readonly prove: boolean
}

export function readTransactionRequest(reader: WireReader): TransactionRequest {
  let id: Uint8Array = new Uint8Array(0)
  let waitMs: number = 0
  let prove: boolean = false
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        id = reader.copy('TransactionRequest.id', LIMITS.hashBytes)
        break
      case 16:
        waitMs = reader.uint32('TransactionRequest.waitMs')
        break
      case 24:
        prove = reader.bool('TransactionRequest.prove')
        break
      default:
        reader.skip(tag)
    }
  }
  checkLength(id, 'TransactionRequest.id', LIMITS.hashBytes)
  return { id, waitMs, prove }
}

export function writeTransactionRequest(writer: WireWriter, value: TransactionRequest): void {
  checkLength(value.id, 'TransactionRequest.id', LIMITS.hashBytes)
  if (value.id.length > 0) writer.copy(10, value.id, 'TransactionRequest.id', LIMITS.hashBytes)
  if (value.waitMs !== 0) writer.uint(16, value.waitMs, 'TransactionRequest.waitMs', 0xffff_ffff)
  if (value.prove) writer.uint(24, value.prove ? 1 : 0, 'TransactionRequest.prove', 1)
}

/** Codec of {@link TransactionRequest}, at most `LIMITS.smallMessageBytes`. */
export const TransactionRequest: Codec<TransactionRequest> = /* @__PURE__ */ messageCodec('TransactionRequest', LIMITS.smallMessageBytes, readTransactionRequest, writeTransactionRequest)

/** What became of a transaction. */
export interface TransactionResponse {
  /** Whether the node knows it at all, in a block or waiting. */
  readonly known: boolean
  /** The block that it is in; 0 while it waits. */
  readonly height: number
  /** Its place in the block, from 0. */
  readonly index: number
  /** Why it had no effect but its fee; empty where it had. */
  readonly code: string
  /** The same for a person. */
  readonly message: string
  /** What it paid, tip included. */
  readonly fee: bigint
  /** The transaction, encoded; empty where the node knows only that it was. */
  readonly transaction: Uint8Array
  /** What shows height, index, code and fee; absent where it was not asked for, or cannot be shown yet. */
  readonly proof?: TransactionProof | undefined
}

export function readTransactionResponse(reader: WireReader): TransactionResponse {
  let known: boolean = false
  let height: number = 0
  let index: number = 0
  let code: string = ''
  let message: string = ''
  let fee: bigint = 0n
  let transaction: Uint8Array = new Uint8Array(0)
  let proof: TransactionProof | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        known = reader.bool('TransactionResponse.known')
        break
      case 16:
        height = reader.varint('TransactionResponse.height')
        break
      case 24:
        index = reader.uint32('TransactionResponse.index')
        break
      case 34:
        code = reader.string('TransactionResponse.code', LIMITS.nameBytes)
        break
      case 42:
        message = reader.string('TransactionResponse.message', LIMITS.textBytes)
        break
      case 48:
        fee = reader.amount('TransactionResponse.fee')
        break
      case 58:
        transaction = reader.copy('TransactionResponse.transaction', LIMITS.transactionBytes)
        break
      case 66:
        proof = reader.nested('TransactionResponse.proof', readTransactionProof)
        break
      default:
        reader.skip(tag)
    }
  }
  return { known, height, index, code, message, fee, transaction, proof }
}

export function writeTransactionResponse(writer: WireWriter, value: TransactionResponse): void {
  if (value.known) writer.uint(8, value.known ? 1 : 0, 'TransactionResponse.known', 1)
  if (value.height !== 0) writer.uint(16, value.height, 'TransactionResponse.height', Number.MAX_SAFE_INTEGER)
  if (value.index !== 0) writer.uint(24, value.index, 'TransactionResponse.index', 0xffff_ffff)
  if (value.code !== '') writer.string(34, value.code, 'TransactionResponse.code', LIMITS.nameBytes)
  if (value.message !== '') writer.string(42, value.message, 'TransactionResponse.message', LIMITS.textBytes)
  if (value.fee !== 0n) writer.amount(48, value.fee, 'TransactionResponse.fee')
  if (value.transaction.length > 0) writer.copy(58, value.transaction, 'TransactionResponse.transaction', LIMITS.transactionBytes)
  if (value.proof !== undefined) writer.nested(66, value.proof, writeTransactionProof)
}

/** Codec of {@link TransactionResponse}, at most `LIMITS.chainTransactionBytes`. */
export const TransactionResponse: Codec<TransactionResponse> = /* @__PURE__ */ messageCodec('TransactionResponse', LIMITS.chainTransactionBytes, readTransactionResponse, writeTransactionResponse)

/**
 * Shows what became of a transaction to who has the headers of its block and of the next one: its id is under
 * transactions_root of the first, its receipt under receipts_root of the second, both at the same place. Both are trees
 * of RFC 6962; siblings go from the leaf up. Which of them are to the left follows from the place: docs/ledger.md.
 */
export interface TransactionProof {
  /** The ReceiptRecord, encoded: the leaf as validators hashed it. */
  readonly receipt: Uint8Array
  /** Hashes beside the way from the receipt to the receipts' root. */
  readonly receiptSiblings: readonly Uint8Array[]
  /** Hashes beside the way from the id to the transactions' root. */
  readonly transactionSiblings: readonly Uint8Array[]
}

export function readTransactionProof(reader: WireReader): TransactionProof {
  let receipt: Uint8Array = new Uint8Array(0)
  const receiptSiblings: Uint8Array[] = []
  const transactionSiblings: Uint8Array[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        receipt = reader.copy('TransactionProof.receipt', LIMITS.receiptRecordBytes)
        break
      case 18:
        reader.room('TransactionProof.receiptSiblings', receiptSiblings.length, LIMITS.merkleSteps)
        receiptSiblings.push(reader.copy('TransactionProof.receiptSiblings', LIMITS.hashBytes))
        break
      case 26:
        reader.room('TransactionProof.transactionSiblings', transactionSiblings.length, LIMITS.merkleSteps)
        transactionSiblings.push(reader.copy('TransactionProof.transactionSiblings', LIMITS.hashBytes))
        break
      default:
        reader.skip(tag)
    }
  }
  for (const item of receiptSiblings) checkLength(item, 'TransactionProof.receiptSiblings', LIMITS.hashBytes)
  for (const item of transactionSiblings) checkLength(item, 'TransactionProof.transactionSiblings', LIMITS.hashBytes)
  return { receipt, receiptSiblings, transactionSiblings }
}

export function writeTransactionProof(writer: WireWriter, value: TransactionProof): void {
  if (value.receipt.length > 0) writer.copy(10, value.receipt, 'TransactionProof.receipt', LIMITS.receiptRecordBytes)
  for (const item of value.receiptSiblings) checkLength(item, 'TransactionProof.receiptSiblings', LIMITS.hashBytes)
  writer.items('TransactionProof.receiptSiblings', value.receiptSiblings.length, LIMITS.merkleSteps)
  for (const item of value.receiptSiblings) writer.copy(18, item, 'TransactionProof.receiptSiblings', LIMITS.hashBytes)
  for (const item of value.transactionSiblings) checkLength(item, 'TransactionProof.transactionSiblings', LIMITS.hashBytes)
  writer.items('TransactionProof.transactionSiblings', value.transactionSiblings.length, LIMITS.merkleSteps)
  for (const item of value.transactionSiblings) writer.copy(26, item, 'TransactionProof.transactionSiblings', LIMITS.hashBytes)
}

/** Asks for values of the state. */
export interface ValuesRequest {
  /** Their keys: `accounts/…`. */
  readonly keys: readonly string[]
}

export function readValuesRequest(reader: WireReader): ValuesRequest {
  const keys: string[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        reader.room('ValuesRequest.keys', keys.length, LIMITS.chainValues)
        keys.push(reader.string('ValuesRequest.keys', LIMITS.stateKeyBytes))
        break
      default:
        reader.skip(tag)
    }
  }
  return { keys }
}

export function writeValuesRequest(writer: WireWriter, value: ValuesRequest): void {
  writer.items('ValuesRequest.keys', value.keys.length, LIMITS.chainValues)
  for (const item of value.keys) writer.string(10, item, 'ValuesRequest.keys', LIMITS.stateKeyBytes)
}

/** Codec of {@link ValuesRequest}, at most `LIMITS.chainValuesRequestBytes`. */
export const ValuesRequest: Codec<ValuesRequest> = /* @__PURE__ */ messageCodec('ValuesRequest', LIMITS.chainValuesRequestBytes, readValuesRequest, writeValuesRequest)

/**
 * Values of the state. Attachment 2i is the value of the request's keys[i], empty where it is absent; attachment 2i + 1
 * is its proof, which shows presence or absence under the header's state_root: how the walk along the key's path ends
 * (0 at the key's own pair, 1 at an empty place, 2 at another pair), the number of steps, that other pair's path and
 * value hash where there is one, and for each step from the root a mask of children that are not empty and the hashes
 * of those beside the path. A proof is at most stateProofBytes long, one for one key; docs/ledger.md has each byte.
 */
export interface ValuesResponse {
  /** The height whose header has the root that the proofs lead to. */
  readonly height: number
  /** One for each key. */
  readonly values: readonly ChainValue[]
}

export function readValuesResponse(reader: WireReader): ValuesResponse {
  let height: number = 0
  const values: ChainValue[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        height = reader.varint('ValuesResponse.height')
        break
      case 18:
        reader.room('ValuesResponse.values', values.length, LIMITS.chainValues)
        values.push(reader.nested('ValuesResponse.values', readChainValue))
        break
      default:
        reader.skip(tag)
    }
  }
  return { height, values }
}

export function writeValuesResponse(writer: WireWriter, value: ValuesResponse): void {
  if (value.height !== 0) writer.uint(8, value.height, 'ValuesResponse.height', Number.MAX_SAFE_INTEGER)
  writer.items('ValuesResponse.values', value.values.length, LIMITS.chainValues)
  for (const item of value.values) writer.nested(18, item, writeChainValue)
}

/** Codec of {@link ValuesResponse}, at most `LIMITS.smallMessageBytes`. */
export const ValuesResponse: Codec<ValuesResponse> = /* @__PURE__ */ messageCodec('ValuesResponse', LIMITS.smallMessageBytes, readValuesResponse, writeValuesResponse)

/** What is under a key. */
export interface ChainValue {
  /** Whether there is anything. */
  readonly present: boolean
}

export function readChainValue(reader: WireReader): ChainValue {
  let present: boolean = false
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        present = reader.bool('ChainValue.present')
        break
      default:
        reader.skip(tag)
    }
  }
  return { present }
}

export function writeChainValue(writer: WireWriter, value: ChainValue): void {
  if (value.present) writer.uint(8, value.present ? 1 : 0, 'ChainValue.present', 1)
}

/** Asks for an account's transactions. */
export interface HistoryRequest {
  /** The account. */
  readonly account: Uint8Array
  /** The most to give. */
  readonly limit: number
  /** Only what was before this place; absent from the newest on. */
  readonly before?: HistoryEntry | undefined
}

export function readHistoryRequest(reader: WireReader): HistoryRequest {
  let account: Uint8Array = new Uint8Array(0)
  let limit: number = 0
  let before: HistoryEntry | undefined
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        account = reader.copy('HistoryRequest.account', LIMITS.hashBytes)
        break
      case 16:
        limit = reader.uint32('HistoryRequest.limit')
        break
      case 26:
        before = reader.nested('HistoryRequest.before', readHistoryEntry)
        break
      default:
        reader.skip(tag)
    }
  }
  checkLength(account, 'HistoryRequest.account', LIMITS.hashBytes)
  return { account, limit, before }
}

export function writeHistoryRequest(writer: WireWriter, value: HistoryRequest): void {
  checkLength(value.account, 'HistoryRequest.account', LIMITS.hashBytes)
  if (value.account.length > 0) writer.copy(10, value.account, 'HistoryRequest.account', LIMITS.hashBytes)
  if (value.limit !== 0) writer.uint(16, value.limit, 'HistoryRequest.limit', 0xffff_ffff)
  if (value.before !== undefined) writer.nested(26, value.before, writeHistoryEntry)
}

/** Codec of {@link HistoryRequest}, at most `LIMITS.smallMessageBytes`. */
export const HistoryRequest: Codec<HistoryRequest> = /* @__PURE__ */ messageCodec('HistoryRequest', LIMITS.smallMessageBytes, readHistoryRequest, writeHistoryRequest)

/** An account's transactions, newest first. */
export interface HistoryResponse {
  /** A line for each. */
  readonly entries: readonly HistoryEntry[]
}

export function readHistoryResponse(reader: WireReader): HistoryResponse {
  const entries: HistoryEntry[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        reader.room('HistoryResponse.entries', entries.length, LIMITS.chainHistory)
        entries.push(reader.nested('HistoryResponse.entries', readHistoryEntry))
        break
      default:
        reader.skip(tag)
    }
  }
  return { entries }
}

export function writeHistoryResponse(writer: WireWriter, value: HistoryResponse): void {
  writer.items('HistoryResponse.entries', value.entries.length, LIMITS.chainHistory)
  for (const item of value.entries) writer.nested(10, item, writeHistoryEntry)
}

/** Codec of {@link HistoryResponse}, at most `LIMITS.chainHistoryBytes`. */
export const HistoryResponse: Codec<HistoryResponse> = /* @__PURE__ */ messageCodec('HistoryResponse', LIMITS.chainHistoryBytes, readHistoryResponse, writeHistoryResponse)

/** A transaction's place. */
export interface HistoryEntry {
  /** Its block. */
  readonly height: number
  /** Its place in the block, from 0. */
  readonly index: number
  /** Its id. */
  readonly id: Uint8Array
}

export function readHistoryEntry(reader: WireReader): HistoryEntry {
  let height: number = 0
  let index: number = 0
  let id: Uint8Array = new Uint8Array(0)
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        height = reader.varint('HistoryEntry.height')
        break
      case 16:
        index = reader.uint32('HistoryEntry.index')
        break
      case 26:
        id = reader.copy('HistoryEntry.id', LIMITS.hashBytes)
        break
      default:
        reader.skip(tag)
    }
  }
  checkLength(id, 'HistoryEntry.id', LIMITS.hashBytes)
  return { height, index, id }
}

export function writeHistoryEntry(writer: WireWriter, value: HistoryEntry): void {
  if (value.height !== 0) writer.uint(8, value.height, 'HistoryEntry.height', Number.MAX_SAFE_INTEGER)
  if (value.index !== 0) writer.uint(16, value.index, 'HistoryEntry.index', 0xffff_ffff)
  checkLength(value.id, 'HistoryEntry.id', LIMITS.hashBytes)
  if (value.id.length > 0) writer.copy(26, value.id, 'HistoryEntry.id', LIMITS.hashBytes)
}

/** Asks for snapshots. */

export type SnapshotsRequest = Record<never, never>

export function readSnapshotsRequest(reader: WireReader): SnapshotsRequest {
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      default:
        reader.skip(tag)
    }
  }
  return {  }
}

export function writeSnapshotsRequest(_writer: WireWriter, _value: SnapshotsRequest): void {

}

/** Codec of {@link SnapshotsRequest}, at most `LIMITS.smallMessageBytes`. */
export const SnapshotsRequest: Codec<SnapshotsRequest> = /* @__PURE__ */ messageCodec('SnapshotsRequest', LIMITS.smallMessageBytes, readSnapshotsRequest, writeSnapshotsRequest)

/** Snapshots that this node has. */
export interface SnapshotsResponse {
  /** The newest first. */
  readonly snapshots: readonly ChainSnapshot[]
}

export function readSnapshotsResponse(reader: WireReader): SnapshotsResponse {
  const snapshots: ChainSnapshot[] = []
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 10:
        reader.room('SnapshotsResponse.snapshots', snapshots.length, LIMITS.chainSnapshots)
        snapshots.push(reader.nested('SnapshotsResponse.snapshots', readChainSnapshot))
        break
      default:
        reader.skip(tag)
    }
  }
  return { snapshots }
}

export function writeSnapshotsResponse(writer: WireWriter, value: SnapshotsResponse): void {
  writer.items('SnapshotsResponse.snapshots', value.snapshots.length, LIMITS.chainSnapshots)
  for (const item of value.snapshots) writer.nested(10, item, writeChainSnapshot)
}

/** Codec of {@link SnapshotsResponse}, at most `LIMITS.chainHistoryBytes`. */
export const SnapshotsResponse: Codec<SnapshotsResponse> = /* @__PURE__ */ messageCodec('SnapshotsResponse', LIMITS.chainHistoryBytes, readSnapshotsResponse, writeSnapshotsResponse)

/** A snapshot of the state. */
export interface ChainSnapshot {
  /** After this block. */
  readonly height: number
  /** The folder of its files. */
  readonly cid: string
  /** Their size. */
  readonly bytes: number
}

export function readChainSnapshot(reader: WireReader): ChainSnapshot {
  let height: number = 0
  let cid: string = ''
  let bytes: number = 0
  while (reader.position < reader.end) {
    const tag = reader.tag()
    switch (tag) {
      case 8:
        height = reader.varint('ChainSnapshot.height')
        break
      case 18:
        cid = reader.string('ChainSnapshot.cid', LIMITS.idBytes)
        break
      case 24:
        bytes = reader.varint('ChainSnapshot.bytes')
        break
      default:
        reader.skip(tag)
    }
  }
  checkCid(cid, 'ChainSnapshot.cid')
  return { height, cid, bytes }
}

export function writeChainSnapshot(writer: WireWriter, value: ChainSnapshot): void {
  if (value.height !== 0) writer.uint(8, value.height, 'ChainSnapshot.height', Number.MAX_SAFE_INTEGER)
  checkCid(value.cid, 'ChainSnapshot.cid')
  if (value.cid !== '') writer.string(18, value.cid, 'ChainSnapshot.cid', LIMITS.idBytes)
  if (value.bytes !== 0) writer.uint(24, value.bytes, 'ChainSnapshot.bytes', Number.MAX_SAFE_INTEGER)
}

/** Serves a chain: to other nodes of it, and to light clients. What it answers is checked by who asks. */
export const ChainService = {
  name: 'chain',
  version: '1.0.0',
  methods: {
    /** Tells how far the chain is here. */
    Status: {
      name: 'Status',
      kind: 'unary',
      request: ChainStatusRequest,
      response: ChainStatus,
      maxAttachmentBytes: 0,
    },
    /**
     * Tells the other node what it should hear of: one stream for each direction, opened by who speaks. The first
     * message is a hello. The other end answers nothing but the end.
     */
    Gossip: {
      name: 'Gossip',
      kind: 'duplex',
      request: ChainGossip,
      response: ChainGossipEnd,
      maxAttachmentBytes: 0,
    },
    /** Gives decided blocks: attachment 2i is block `first` + i as it travelled, attachment 2i + 1 its commit, encoded. */
    Blocks: {
      name: 'Blocks',
      kind: 'unary',
      request: BlocksRequest,
      response: BlocksResponse,
      maxAttachmentBytes: LIMITS.chainBlocksBytes,
    },
    /** Gives a light block, encoded, as the one attachment. */
    LightBlock: {
      name: 'LightBlock',
      kind: 'unary',
      request: LightBlockRequest,
      response: LightBlockResponse,
      maxAttachmentBytes: LIMITS.consensusMessageBytes,
    },
    /** Takes a transaction in, if it may happen. */
    Submit: {
      name: 'Submit',
      kind: 'unary',
      request: SubmitTransactionRequest,
      response: SubmitTransactionResponse,
      maxAttachmentBytes: LIMITS.transactionBytes,
    },
    /** Tells what became of a transaction; waits for it where it is asked to. */
    Transaction: {
      name: 'Transaction',
      kind: 'unary',
      request: TransactionRequest,
      response: TransactionResponse,
      maxAttachmentBytes: 0,
    },
    /** Gives values of the state with proofs, all after one block. */
    Values: {
      name: 'Values',
      kind: 'unary',
      request: ValuesRequest,
      response: ValuesResponse,
      maxAttachmentBytes: LIMITS.chainValuesBytes,
    },
    /** Lists an account's transactions, newest first. */
    History: {
      name: 'History',
      kind: 'unary',
      request: HistoryRequest,
      response: HistoryResponse,
      maxAttachmentBytes: 0,
    },
    /** Lists snapshots of the state that this node has, newest first. */
    Snapshots: {
      name: 'Snapshots',
      kind: 'unary',
      request: SnapshotsRequest,
      response: SnapshotsResponse,
      maxAttachmentBytes: 0,
    },
  },
} as const satisfies ServiceDefinition
