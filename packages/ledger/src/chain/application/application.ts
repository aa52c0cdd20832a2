import { NeurovoyanceError, type Commit as WireCommit } from '@neurovoyance/protocol'
import { PART_BYTES, type Vote, votesOf } from '../../consensus/core/index.js'
import type { Application } from '../../consensus/driver.js'
import { type OpenBlock, openBlock } from '../../core/block/check.js'
import { bytesOf, idOf } from '../../core/hex.js'
import { openTransaction } from '../../core/machine/transaction.js'
import { nativeSha256 } from '../../crypto/native-sha256.js'
import { ledgerError } from '../../errors.js'
import { StoreError } from '../../store/errors.js'
import type { Effects } from '../applied-chain.js'
import { chainError } from '../errors.js'
import type { OpenedTransactions } from '../pool/opened-transactions.js'
import { wireCommit } from '../record/commit.js'
import { wireValidators } from '../record/validators.js'
import { BlockPace } from './block-pace.js'
import { type Executed, KnownBlocks } from './executed.js'
import { checkFollows, checkOutcome } from './may-follow.js'
import { type ProposeInit, propose } from './propose.js'
import { isTimely } from './timely.js'

/** What the application is made from. */
export interface ApplicationInit extends ProposeInit {
  readonly opened: OpenedTransactions
  readonly clockSkewMs: number
  readonly proposalDelayMs: number
}

/** A block that was decided elsewhere, and how. */
export interface DecidedElsewhere {
  readonly id: Uint8Array
  readonly bytes: Uint8Array
  /** Read, its signatures checked. */
  readonly open: OpenBlock
  readonly partsRoot: Uint8Array
  readonly parts: number
  readonly commit: WireCommit
  readonly precommits: readonly Vote[]
}

type Decision = Parameters<Application['decide']>[0]

/** The ledger, as consensus asks it: makes blocks, judges them, and applies what was decided. */
export class LedgerApplication implements Application {
  readonly #init: ApplicationInit
  readonly #blocks = new KnownBlocks()
  readonly #pace: BlockPace
  #last: { height: number; answer: ReturnType<Application['decide']> } | undefined

  constructor(init: ApplicationInit) {
    this.#init = init
    this.#pace = new BlockPace(init.blockTransactions)
  }

  async build({ round, lastCommit }: Parameters<Application['build']>[0]) {
    const blockTransactions = this.#pace.transactions(round)
    const { headerHash, bytes, open, applied } = propose({ ...this.#init, blockTransactions }, lastCommit)
    this.#blocks.noteExecuted(bytes, { open, applied })
    return { headerHash: idOf(headerHash), bytes }
  }

  async check({ height, headerHash, bytes }: Parameters<Application['check']>[0]) {
    const { chain, logger } = this.#init
    if (this.#blocks.executed(bytes) !== undefined) return { valid: true, timely: true }
    try {
      const { open } = this.#judge(bytes)
      if (idOf(open.headerHash) !== headerHash) return { valid: false, timely: false }
      return { valid: true, timely: this.#isTimely(open) }
    } catch (error) {
      if (!(error instanceof NeurovoyanceError) || error instanceof StoreError) throw error
      logger.warn({ height, head: chain.head.height, error }, 'a proposal may not be')
      return { valid: false, timely: false }
    }
  }

  /** Of one height, whoever asks again gets the same answer. */
  decide(decision: Decision): ReturnType<Application['decide']> {
    const { height } = decision
    if (this.#last?.height !== height) this.#last = { height, answer: this.#decide(decision) }
    return this.#last.answer
  }

  /** Keeps what block sync read, for when consensus decides it. */
  noteOpened(bytes: Uint8Array, open: OpenBlock): void {
    this.#blocks.noteOpened(bytes, open)
  }

  /**
   * Applies a block that a quorum decided.
   *
   * @throws LedgerError `LEDGER_BAD_BLOCK` where it does not follow; nothing has happened then
   */
  async append(decided: DecidedElsewhere): Promise<Effects> {
    const { chain } = this.#init
    const applied = this.#execute(decided.open)
    return chain.append({ ...decided, applied })
  }

  async #decide({ height, round, blockId, bytes, partsRoot, commit }: Decision) {
    const { chain } = this.#init
    if (height !== chain.head.height + 1) {
      const problem = `block ${height} was decided after block ${chain.head.height}`
      throw chainError('LEDGER_CHAIN_DIVERGED', problem, { height })
    }
    const { open, applied } = this.#blocks.executed(bytes) ?? this.#whatOthersDecided(height, bytes)
    this.#pace.note(round, open.transactions.length)
    const set = chain.beginning.validators
    const { updates, isRootNew } = await chain.append({
      id: bytesOf(blockId),
      bytes,
      open,
      applied,
      partsRoot: bytesOf(partsRoot),
      parts: Math.max(1, Math.ceil(bytes.length / PART_BYTES)),
      commit: wireCommit(commit, set),
      precommits: votesOf(commit),
    })
    const { pool, evidence } = this.#init
    return { updates, wanted: isRootNew || evidence.size > 0 || pool.hasReady() }
  }

  /** @throws ChainError `LEDGER_CHAIN_DIVERGED` where a quorum decided what may not be by the rules of this node */
  #whatOthersDecided(height: number, bytes: Uint8Array): Executed {
    try {
      const open = this.#blocks.opened(bytes) ?? this.#open(bytes)
      return { open, applied: this.#execute(open) }
    } catch (error) {
      if (!(error instanceof NeurovoyanceError) || error instanceof StoreError) throw error
      const problem = `the others decided block ${height}, which may not be by the rules of this node: is its software another version?`
      throw chainError('LEDGER_CHAIN_DIVERGED', problem, { height }, error)
    }
  }

  /** A proposal: within what a block's signatures may cost. */
  #judge(bytes: Uint8Array): Executed {
    const { result, isExceeded } = this.#init.verifier.within(() => {
      const open = this.#open(bytes)
      return { open, applied: this.#execute(open) }
    })
    if (isExceeded) {
      throw ledgerError('LEDGER_BAD_BLOCK', 'more of its signatures need the slow verifier than may')
    }
    this.#blocks.noteExecuted(bytes, result)
    return result
  }

  #open(bytes: Uint8Array): OpenBlock {
    const { chain, opened, verifier } = this.#init
    const open = { chainId: chain.machine.chainId, verify: verifier.verify, hash: nativeSha256 }
    return openBlock(bytes, open, item => opened.get(item) ?? openTransaction(item, open))
  }

  #execute(open: OpenBlock) {
    const { chain, verifier } = this.#init
    const { head, parameters, beginning } = chain
    checkFollows(open, {
      head,
      deciders: beginning.lastValidators && wireValidators(beginning.lastValidators),
      heartbeatMs: Number(parameters.of('time/heartbeatMs')),
      verify: verifier.verifyVotes,
    })
    const { transactions, evidence, header } = open
    const applied = chain.execute({ ...header, transactions, evidence })
    checkOutcome(applied, parameters)
    return applied
  }

  #isTimely({ header }: OpenBlock): boolean {
    const { chain, clock, clockSkewMs, proposalDelayMs } = this.#init
    const heartbeatMs = chain.parameters.of('time/heartbeatMs')
    const rules = { heartbeatMs, clockSkewMs, proposalDelayMs }
    return isTimely(header.timeMs, chain.head.timeMs, clock.now(), rules)
  }
}
