import { errorCode, LIMITS } from '@neurovoyance/protocol'
import type { Verify } from '../../core/crypto/zip215.js'
import { type Applied, applyBlock } from '../../core/machine/apply.js'
import type { Machine } from '../../core/machine/machine.js'
import { parametersOf } from '../../core/machine/parameters-record.js'
import type { OpenTransaction } from '../../core/machine/transaction.js'
import { ledgerTime } from '../../core/modules/time/time.js'
import type { Parameters } from '../../core/parameters/parameters.js'
import { Draft } from '../../core/state/draft.js'
import type { StateView } from '../../core/state/view.js'
import { type Misbehavior, type Timestamp, timeMsOf } from '../messages/common.js'
import { evidenceOf } from './evidence.js'
import type { LedgerHead } from './keeper.js'
import type { Openings } from './openings.js'
import { keyAt } from './validators.js'

/** A block as CometBFT gives it, proposed or decided. */
export interface CometBlock {
  readonly height: number
  readonly time: Timestamp | undefined
  readonly proposerAddress: Uint8Array
  readonly txs: readonly Uint8Array[]
  readonly misbehavior: readonly Misbehavior[]
}

/** What blocks are executed with. */
export interface Executor {
  readonly machine: Machine
  /** The state after the newest block. */
  readonly state: StateView
  readonly openings: Openings
  /** The platform's verifier alone: for what waits, and for blocks of one's own. */
  readonly strict: Verify
  /** Signatures within actions and evidence that needed the slow verifier, so far. */
  readonly slow: { readonly count: number }
}

/** A transaction of a block: what it is, or the code of why it is none. */
export type Opened = { readonly transaction: OpenTransaction } | { readonly code: string }

/** What a block would do after the head. */
export interface Execution {
  readonly timeMs: number
  readonly opened: readonly Opened[]
  readonly applied: Applied
  /** Signatures that needed the slow verifier. */
  readonly slowSignatures: number
  readonly parameters: Parameters
}

const NOBODY = new Uint8Array(LIMITS.publicKeyBytes)

/**
 * Executes a block after `head`, without keeping it. The ledger's time follows CometBFT's within its own rule: two
 * heartbeats a block at most. Where CometBFT's clock jumps, the ledger's catches up block by block.
 *
 * @param strict as in `BlockInput`
 */
export function execute(executor: Executor, head: LedgerHead, block: CometBlock, strict?: Verify): Execution {
  const { machine, state, openings, slow } = executor
  const draft = new Draft(state)
  const parameters = parametersOf(machine, draft)
  const timeMs = ledgerTime(timeMsOf(block.time), head.timeMs, parameters.of('time/heartbeatMs'))
  const before = slow.count
  let slowSignatures = 0
  const opened = block.txs.map((bytes): Opened => {
    try {
      const opening = openings.open(bytes)
      slowSignatures += opening.slowSignatures
      return opening
    } catch (error) {
      const code = errorCode(error)
      if (code === undefined) throw error
      return { code }
    }
  })
  const { height } = block
  const { chainId, verify } = machine
  const context = { draft, chainId, verify, parameters, timeMs, height }
  const applied = applyBlock(machine, state, {
    height,
    timeMs,
    previousTimeMs: head.timeMs,
    proposer: keyAt(draft, height, block.proposerAddress) ?? NOBODY,
    transactions: opened.flatMap(item => ('transaction' in item ? [item.transaction] : [])),
    evidence: evidenceOf(context, block.misbehavior),
    ...(strict && { strict }),
  })
  return { timeMs, opened, applied, slowSignatures: slowSignatures + slow.count - before, parameters }
}

/** Executions of the blocks that were proposed at this height, so that the decided one need not run again. */
export class Executions {
  #kept: { block: CometBlock; execution: Execution }[] = []

  /** What the block does: as executed before, or executed now. */
  of(executor: Executor, head: LedgerHead, block: CometBlock): Execution {
    const known = this.#kept.find(item => isSame(item.block, block))
    if (known !== undefined) return known.execution
    const execution = execute(executor, head, block)
    this.note(block, execution)
    return execution
  }

  /** Keeps what a block does, where that was found out elsewhere. */
  note(block: CometBlock, execution: Execution): void {
    this.#kept = [{ block, execution }, ...this.#kept].slice(0, KEPT)
  }

  /** Forgets all: the state is another. */
  clear(): void {
    this.#kept = []
  }
}

/** Rounds whose proposals are remembered. */
const KEPT = 2

function isSame(a: CometBlock, b: CometBlock): boolean {
  return (
    a.height === b.height &&
    a.time?.seconds === b.time?.seconds &&
    a.time?.nanos === b.time?.nanos &&
    Buffer.compare(a.proposerAddress, b.proposerAddress) === 0 &&
    a.txs.length === b.txs.length &&
    a.txs.every((bytes, index) => Buffer.compare(bytes, b.txs[index]!) === 0) &&
    a.misbehavior.length === b.misbehavior.length &&
    a.misbehavior.every((report, index) => isSameReport(report, b.misbehavior[index]!))
  )
}

const isSameReport = (a: Misbehavior, b: Misbehavior): boolean =>
  a.type === b.type &&
  a.height === b.height &&
  Buffer.compare(a.validator?.address ?? NOBODY, b.validator?.address ?? NOBODY) === 0
