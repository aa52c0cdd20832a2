import { LIMITS } from '@neurovoyance/protocol'
import { ABCI_LIMITS } from '../limits.js'
import {
  bytes,
  choice,
  manyBytes,
  manyTexts,
  manyWholes,
  message,
  part,
  parts,
  text,
  type ValueOf,
  whole,
} from '../wire/message.js'
import { ConsensusParams, Event, Snapshot, ValidatorUpdate } from './common.js'

const { textBytes } = LIMITS
const UINT32 = 2 ** 32 - 1

const ProofOp = message('ProofOp', {
  type: text(1, textBytes),
  key: bytes(2, LIMITS.stateKeyBytes),
  data: bytes(3, LIMITS.stateProofBytes),
})
const ProofOps = message('ProofOps', { ops: parts(1, ProofOp, 1) })

const result = {
  code: whole(1, UINT32),
  data: bytes(2, LIMITS.chainTransactionBytes),
  log: text(3, textBytes),
  info: text(4, textBytes),
  gasWanted: whole(5),
  gasUsed: whole(6),
  events: parts(7, Event, ABCI_LIMITS.events),
  codespace: text(8, textBytes),
}

/** What became of a transaction in a block. */
export const ExecTxResult = message('ExecTxResult', result)
export type ExecTxResult = ValueOf<typeof ExecTxResult>

/** The answers by their names in ABCI 0.38, each with its number in `tendermint.abci.Response`. */
export const RESPONSES = {
  exception: { number: 1, type: message('ResponseException', { error: text(1, textBytes) }) },
  echo: { number: 2, type: message('ResponseEcho', { message: text(1, ABCI_LIMITS.textBytes) }) },
  flush: { number: 3, type: message('ResponseFlush', {}) },
  info: {
    number: 4,
    type: message('ResponseInfo', {
      data: text(1, textBytes),
      version: text(2, textBytes),
      appVersion: whole(3),
      lastBlockHeight: whole(4),
      lastBlockAppHash: bytes(5, LIMITS.hashBytes),
    }),
  },
  initChain: {
    number: 6,
    type: message('ResponseInitChain', {
      consensusParams: part(1, ConsensusParams),
      validators: parts(2, ValidatorUpdate, ABCI_LIMITS.validators),
      appHash: bytes(3, LIMITS.hashBytes),
    }),
  },
  query: {
    number: 7,
    type: message('ResponseQuery', {
      code: whole(1, UINT32),
      log: text(3, textBytes),
      info: text(4, textBytes),
      index: whole(5),
      key: bytes(6, ABCI_LIMITS.textBytes),
      value: bytes(7, LIMITS.chainValuesBytes),
      proofOps: part(8, ProofOps),
      height: whole(9),
      codespace: text(10, textBytes),
    }),
  },
  checkTx: { number: 9, type: message('ResponseCheckTx', result) },
  commit: { number: 12, type: message('ResponseCommit', { retainHeight: whole(3) }) },
  listSnapshots: {
    number: 13,
    type: message('ResponseListSnapshots', { snapshots: parts(1, Snapshot, ABCI_LIMITS.snapshots) }),
  },
  offerSnapshot: {
    number: 14,
    type: message('ResponseOfferSnapshot', {
      result: choice(1, ['unknown', 'accept', 'abort', 'reject', 'rejectFormat', 'rejectSender']),
    }),
  },
  loadSnapshotChunk: {
    number: 15,
    type: message('ResponseLoadSnapshotChunk', { chunk: bytes(1, ABCI_LIMITS.chunkBytes) }),
  },
  applySnapshotChunk: {
    number: 16,
    type: message('ResponseApplySnapshotChunk', {
      result: choice(1, ['unknown', 'accept', 'abort', 'retry', 'retrySnapshot', 'rejectSnapshot']),
      refetchChunks: manyWholes(2, 1),
      rejectSenders: manyTexts(3, ABCI_LIMITS.textBytes, 1),
    }),
  },
  prepareProposal: {
    number: 17,
    type: message('ResponsePrepareProposal', {
      txs: manyBytes(1, LIMITS.transactionBytes, LIMITS.blockTransactions),
    }),
  },
  processProposal: {
    number: 18,
    type: message('ResponseProcessProposal', { status: choice(1, ['unknown', 'accept', 'reject']) }),
  },
  extendVote: {
    number: 19,
    type: message('ResponseExtendVote', { voteExtension: bytes(1, ABCI_LIMITS.textBytes) }),
  },
  verifyVoteExtension: {
    number: 20,
    type: message('ResponseVerifyVoteExtension', { status: choice(1, ['unknown', 'accept', 'reject']) }),
  },
  finalizeBlock: {
    number: 21,
    type: message('ResponseFinalizeBlock', {
      events: parts(1, Event, ABCI_LIMITS.events),
      txResults: parts(2, ExecTxResult, LIMITS.blockTransactions),
      validatorUpdates: parts(3, ValidatorUpdate, ABCI_LIMITS.validators),
      consensusParamUpdates: part(4, ConsensusParams),
      appHash: bytes(5, LIMITS.hashBytes),
    }),
  },
} as const

export type ResponseKind = keyof typeof RESPONSES
/** What an answer of a kind says; what is left out is empty. */
export type ResponseOf<Kind extends ResponseKind> = Partial<ValueOf<(typeof RESPONSES)[Kind]['type']>>
