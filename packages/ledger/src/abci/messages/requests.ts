import { LIMITS } from '@neurovoyance/protocol'
import { ABCI_LIMITS } from '../limits.js'
import {
  bytes,
  choice,
  flag,
  message,
  part,
  parts,
  strangersBytes,
  strangersPiece,
  text,
  type ValueOf,
  whole,
} from '../wire/message.js'
import { Misbehavior, Snapshot, Timestamp, ValidatorUpdate } from './common.js'

const { textBytes } = ABCI_LIMITS
const TRANSACTION = LIMITS.transactionBytes
const UINT32 = 2 ** 32 - 1
const TYPE = ['new', 'recheck'] as const

/** What a block is, whether it is proposed, judged or decided. */
const block = {
  misbehavior: parts(3, Misbehavior, ABCI_LIMITS.misbehaviors),
  hash: bytes(4, LIMITS.hashBytes),
  height: whole(5),
  time: part(6, Timestamp),
  proposerAddress: bytes(8, LIMITS.hashBytes),
}
const decided = { txs: strangersBytes(1, TRANSACTION, LIMITS.blockTransactions), ...block }

/** The requests by their names in ABCI 0.38, each with its number in `tendermint.abci.Request`. */
export const REQUESTS = {
  echo: { number: 1, type: message('RequestEcho', { message: text(1, textBytes) }) },
  flush: { number: 2, type: message('RequestFlush', {}) },
  info: {
    number: 3,
    type: message('RequestInfo', { version: text(1, textBytes), abciVersion: text(4, textBytes) }),
  },
  initChain: {
    number: 5,
    type: message('RequestInitChain', {
      time: part(1, Timestamp),
      chainId: text(2, textBytes),
      validators: parts(4, ValidatorUpdate, ABCI_LIMITS.validators),
      appStateBytes: bytes(5, ABCI_LIMITS.frameBytes),
      initialHeight: whole(6),
    }),
  },
  query: {
    number: 6,
    type: message('RequestQuery', {
      data: strangersPiece(1, textBytes),
      /** Bytes: CometBFT passes on what its users send, UTF-8 or not. */
      path: strangersPiece(2, textBytes),
      height: whole(3),
      prove: flag(4),
    }),
  },
  checkTx: {
    number: 8,
    type: message('RequestCheckTx', { tx: strangersPiece(1, TRANSACTION), type: choice(2, TYPE) }),
  },
  commit: { number: 11, type: message('RequestCommit', {}) },
  listSnapshots: { number: 12, type: message('RequestListSnapshots', {}) },
  offerSnapshot: {
    number: 13,
    type: message('RequestOfferSnapshot', {
      snapshot: part(1, Snapshot),
      appHash: bytes(2, LIMITS.hashBytes),
    }),
  },
  loadSnapshotChunk: {
    number: 14,
    type: message('RequestLoadSnapshotChunk', {
      height: whole(1),
      format: whole(2, UINT32),
      chunk: whole(3, UINT32),
    }),
  },
  applySnapshotChunk: {
    number: 15,
    type: message('RequestApplySnapshotChunk', {
      index: whole(1, UINT32),
      chunk: bytes(2, ABCI_LIMITS.chunkBytes),
      sender: text(3, textBytes),
    }),
  },
  prepareProposal: {
    number: 16,
    type: message('RequestPrepareProposal', {
      maxTxBytes: whole(1),
      txs: strangersBytes(2, TRANSACTION, ABCI_LIMITS.offeredTransactions),
      misbehavior: parts(4, Misbehavior, ABCI_LIMITS.misbehaviors),
      height: whole(5),
      time: part(6, Timestamp),
      proposerAddress: bytes(8, LIMITS.hashBytes),
    }),
  },
  processProposal: { number: 17, type: message('RequestProcessProposal', decided) },
  extendVote: { number: 18, type: message('RequestExtendVote', { height: whole(2) }) },
  verifyVoteExtension: {
    number: 19,
    type: message('RequestVerifyVoteExtension', {
      height: whole(3),
      voteExtension: strangersPiece(4, ABCI_LIMITS.metadataBytes),
    }),
  },
  finalizeBlock: { number: 20, type: message('RequestFinalizeBlock', decided) },
} as const

export type RequestKind = keyof typeof REQUESTS
/** What a request of a kind says. */
export type RequestOf<Kind extends RequestKind> = ValueOf<(typeof REQUESTS)[Kind]['type']>
