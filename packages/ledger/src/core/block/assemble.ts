import { Block, type Commit, type Header, type ValidatorSet } from '@neurovoyance/protocol'
import type { OpenTransaction } from '../machine/transaction.js'
import {
  commitHashOf,
  evidenceRootOf,
  headerHashOf,
  NO_HASH,
  transactionsRootOf,
  validatorsHashOf,
} from './hashes.js'

/** Version of the rules that this software's `NETWORK_MODULES` are: what a chain begins with. */
export const APPLICATION_VERSION = 1

/** The chain up to some block: all that the next one refers to. */
export interface ChainHead {
  /** 0 before the first block. */
  readonly height: number
  /** The ledger's time. */
  readonly timeMs: number
  /** Id of the block; zeros before the first. */
  readonly blockId: Uint8Array
  /** Root of the state after it. */
  readonly stateRoot: Uint8Array
  /** Root of its receipts; zeros before the first block. */
  readonly receiptsRoot: Uint8Array
  /** Who decides the next block. */
  readonly validators: ValidatorSet
  /** Who decides the one after it. */
  readonly nextValidators: ValidatorSet
  /** Version of the rules that apply the next block (`applicationVersion`); the first one's when left out. */
  readonly version?: number
}

/** What a block is put together from. */
export interface BlockContent {
  readonly chainId: string
  readonly timeMs: number
  readonly proposer: Uint8Array
  readonly transactions: readonly { readonly transaction: OpenTransaction; readonly bytes: Uint8Array }[]
  readonly evidence: readonly Uint8Array[]
  /** The commit of the head; absent for the first block. */
  readonly lastCommit: Commit | undefined
}

/** A block as it is proposed. */
export interface AssembledBlock {
  readonly header: Header
  readonly headerHash: Uint8Array
  readonly bytes: Uint8Array
}

/** The next block after `head`. */
export function assembleBlock(head: ChainHead, content: BlockContent): AssembledBlock {
  const { transactions, evidence, lastCommit } = content
  const header: Header = {
    ...linksOf(head),
    chainId: content.chainId,
    timeMs: content.timeMs,
    proposer: content.proposer,
    transactionsRoot: transactionsRootOf(transactions.map(({ transaction }) => transaction.id)),
    evidenceRoot: evidenceRootOf(evidence),
    lastCommitHash: commitHashOf(lastCommit),
  }
  const bytes = Block.encode({
    header,
    transactions: transactions.map(item => item.bytes),
    evidence,
    lastCommit,
  })
  return { header, headerHash: headerHashOf(header), bytes }
}

/** What the header of the block after `head` says of the chain before it. */
export function linksOf(head: ChainHead) {
  return {
    version: head.version ?? APPLICATION_VERSION,
    height: head.height + 1,
    previousBlock: head.blockId,
    stateRoot: head.stateRoot,
    receiptsRoot: head.height === 0 ? NO_HASH : head.receiptsRoot,
    validatorsHash: validatorsHashOf(head.validators),
    nextValidatorsHash: validatorsHashOf(head.nextValidators),
  }
}
