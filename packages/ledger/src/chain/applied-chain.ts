import { Block, type Clock, Commit } from '@neurovoyance/protocol'
import {
  type Beginning,
  nextBeginning,
  PART_BYTES,
  type ValidatorUpdate,
  type Vote,
  wholeCandidate,
} from '../consensus/core/index.js'
import type { ChainHead } from '../core/block/assemble.js'
import { type OpenBlock, openBlock } from '../core/block/check.js'
import { NO_HASH, receiptsRootOf } from '../core/block/hashes.js'
import { sameBytes } from '../core/block/merkle.js'
import { bytesOf, idOf } from '../core/hex.js'
import { applicationVersion, rulesAt } from '../core/machine/application.js'
import { type Applied, applyBlock, type BlockInput } from '../core/machine/apply.js'
import { type Genesis, genesisState } from '../core/machine/genesis.js'
import type { Machine } from '../core/machine/machine.js'
import { parametersOf } from '../core/machine/parameters-record.js'
import { elections, validatorSetOf } from '../core/modules/staking/elections.js'
import { powerChanges } from '../core/modules/staking/power-changes.js'
import type { Parameters } from '../core/parameters/parameters.js'
import { Draft } from '../core/state/draft.js'
import type { Changes, StateView } from '../core/state/view.js'
import type { LedgerStore, StateStore, Write } from '../store/index.js'
import type { AppliedBlock, TrustedBlock } from './chain.js'
import { chainError } from './errors.js'
import { precommitsOf } from './record/commit.js'
import { firstRecords } from './record/first.js'
import { GENESIS_RECORD } from './record/genesis.js'
import { type HeadRecord, headWrites, readHead } from './record/head.js'
import { type ResultFacts, resultsOf } from './record/results.js'
import { validatorsWrite, wireValidators } from './record/validators.js'
import { isOther, untrusted } from './trusted-block.js'

/** What an applied chain is made from. */
export interface AppliedChainInit {
  readonly store: LedgerStore
  readonly machine: Machine
  readonly genesis: Genesis
  readonly genesisHash: Uint8Array
  /** The chain has this block, or is refused. */
  readonly trustedTo?: TrustedBlock | undefined
  readonly clock: Clock
}

/** A block that a quorum has decided, and what it does to the state. */
export interface Decided {
  readonly id: Uint8Array
  readonly bytes: Uint8Array
  readonly open: OpenBlock
  readonly applied: Applied
  readonly partsRoot: Uint8Array
  readonly parts: number
  readonly commit: Commit
  readonly precommits: readonly Vote[]
}

/** What a block changed for consensus. */
export interface Effects {
  readonly block: AppliedBlock
  readonly open: OpenBlock
  readonly changes: Changes
  readonly updates: readonly ValidatorUpdate[]
  /** Whether the root is another: the next block, whose header shows it, is due at once. */
  readonly isRootNew: boolean
}

/** The chain up to the last block that was applied, on the disk: state, blocks, results, and what the next refers to. */
export class AppliedChain {
  readonly store: LedgerStore
  readonly machine: Machine
  readonly #clock: Clock
  readonly #trustedTo: TrustedBlock | undefined
  #record: HeadRecord
  #head: ChainHead
  #parameters: Parameters
  #rootBefore: Uint8Array = NO_HASH
  /** Tells of every block, when it is on the disk. */
  onBlock: (effects: Effects) => void = () => {}

  private constructor({ store, machine, clock, trustedTo }: AppliedChainInit, record: HeadRecord) {
    this.store = store
    this.machine = machine
    this.#clock = clock
    this.#trustedTo = trustedTo
    this.#record = record
    this.#head = headOf(record, store.state)
    this.#parameters = this.#parametersNow()
    const last = store.blocks.block(record.height)
    if (last !== undefined) this.#rootBefore = Block.decode(last.block).header?.stateRoot ?? NO_HASH
  }

  /**
   * The chain as a store has it: begun with the genesis where the store is empty, and up to the last block that was
   * saved, where the node stopped before it was applied.
   *
   * @throws ChainError `LEDGER_CHAIN_OTHER_GENESIS`, `LEDGER_CHAIN_NO_VALIDATORS`, `LEDGER_CHAIN_INCOMPLETE`,
   *   `LEDGER_CHAIN_UNTRUSTED`
   */
  static async open(init: AppliedChainInit): Promise<AppliedChain> {
    const { store, genesisHash, trustedTo } = init
    if (store.state.height === undefined) await beginAt(init)
    const known = store.record(GENESIS_RECORD)
    if (known !== undefined && !sameBytes(known, genesisHash)) {
      throw chainError(
        'LEDGER_CHAIN_OTHER_GENESIS',
        'the folder is of a chain with another genesis: give it the genesis that it was made with, or another folder',
        { folder: idOf(known), given: idOf(genesisHash) },
      )
    }
    const stored = trustedTo && store.blocks.block(trustedTo.height)
    if (stored !== undefined && isOther(stored, trustedTo)) throw untrusted(trustedTo!)
    const chain = new AppliedChain(init, readHead(store, store.state.height!))
    for (let block = chain.#savedNext(); block !== undefined; block = chain.#savedNext())
      await chain.append(block)
    return chain
  }

  get head(): ChainHead {
    return this.#head
  }

  /** What consensus begins the next height with. */
  get beginning(): Beginning {
    return this.#record.beginning
  }

  get parameters(): Parameters {
    return this.#parameters
  }

  get state(): StateView {
    return this.store.state
  }

  /** Root of the state before the last block: the one that its header shows. Zeros where that is not known here. */
  get rootBefore(): Uint8Array {
    return this.#rootBefore
  }

  /** What the next block does to the state; changes nothing. */
  execute(block: Omit<BlockInput, 'height' | 'previousTimeMs'>): Applied {
    const { height, timeMs: previousTimeMs } = this.#head
    return applyBlock(this.machine, this.state, { ...block, height: height + 1, previousTimeMs })
  }

  /**
   * Stores a decided block with all that it did; resolves when that is on the disk.
   *
   * @throws ChainError `LEDGER_CHAIN_UNTRUSTED` for another block than the trusted one
   */
  async append({
    id,
    bytes,
    open,
    applied,
    partsRoot,
    parts,
    commit,
    precommits,
  }: Decided): Promise<Effects> {
    const { store } = this
    const { height, timeMs, proposer } = open.header
    if (isOther({ height, id }, this.#trustedTo)) throw untrusted(this.#trustedTo!)
    const finalityMs = Math.max(0, Math.round(this.#clock.now() - timeMs))
    const updates = this.#powerChanges(applied)
    const rootBefore = this.#head.stateRoot
    await store.state.room(0)
    const block = store.blocks.saving({ height, id, block: bytes, commit: Commit.encode(commit) })
    const record: HeadRecord = {
      height,
      timeMs,
      blockId: id,
      receiptsRoot: receiptsRootOf(applied.receipts),
      beginning: nextBeginning(this.#record.beginning, precommits, updates, false),
    }
    const facts = { partsRoot, parts, finalityMs }
    const { root, durable } = store.state.commit({
      height,
      changes: applied.changes,
      records: this.#records(block, record, applied, open, facts, updates.length > 0),
    })
    await durable
    const isRootNew = !sameBytes(root, rootBefore)
    this.#record = { ...record, beginning: { ...record.beginning, wanted: isRootNew } }
    this.#head = headOf(record, store.state)
    this.#rootBefore = open.header.stateRoot
    this.#parameters = this.#parametersNow()
    const transactions = applied.receipts.map(({ id, code, message, fee, weight, events }, index) => ({
      id,
      height,
      index,
      ...(code !== undefined && { code, message: message ?? '' }),
      fee,
      weight,
      events,
      bytes: open.transactionBytes[index]!,
    }))
    const { events } = applied
    const appliedBlock = { height, id, timeMs, proposer, transactions, events, stateRoot: root, finalityMs }
    const effects = { block: appliedBlock, open, changes: applied.changes, updates, isRootNew }
    this.onBlock(effects)
    return effects
  }

  /** Written in the batch of the state, whose root is known by then. */
  *#records(
    block: readonly Write[],
    record: HeadRecord,
    applied: Applied,
    open: OpenBlock,
    facts: Omit<ResultFacts, 'stateRoot'>,
    isElected: boolean,
  ): Generator<Write> {
    const results = resultsOf(applied, open, { ...facts, stateRoot: this.store.state.root() })
    yield* block
    yield* this.store.blocks.results(record.height, results)
    yield* headWrites(record)
    if (isElected) yield validatorsWrite(wireValidators(record.beginning.nextValidators))
  }

  #parametersNow(): Parameters {
    const draft = new Draft(this.state)
    return parametersOf(rulesAt(this.machine, draft, this.#record.height + 1), draft)
  }

  /** What the block's election changed, if it had one. */
  #powerChanges({ changes }: Applied): readonly ValidatorUpdate[] {
    if (!changes.has(elections.key)) return []
    const after: StateView = { get: key => (changes.has(key) ? changes.get(key) : this.state.get(key)) }
    return powerChanges(validatorSetOf(new Draft(this.state)), validatorSetOf(new Draft(after)))
  }

  /** A block that is saved, and decided, and not applied: the node stopped in between. */
  #savedNext(): Decided | undefined {
    const { machine, store } = this
    const saved = store.blocks.block(this.#head.height + 1)
    if (saved === undefined) return undefined
    const { chainId, verify } = machine
    const open = openBlock(saved.block, { chainId, verify })
    const { partsRoot, parts } = wholeCandidate(saved.height, idOf(open.headerHash), saved.block, PART_BYTES)
    const commit = Commit.decode(saved.commit)
    return {
      id: saved.id.slice(),
      bytes: saved.block,
      open,
      applied: this.execute({ ...open, ...open.header }),
      partsRoot: bytesOf(partsRoot),
      parts: parts.length,
      commit,
      precommits: precommitsOf(commit, this.#record.beginning.validators),
    }
  }
}

/** Puts the genesis into an empty store. */
async function beginAt({ store, machine, genesis, genesisHash }: AppliedChainInit): Promise<void> {
  const { changes } = genesisState(machine, genesis)
  const { validators } = validatorSetOf(new Draft({ get: key => changes.get(key) }))
  if (validators.length === 0) {
    const problem = 'the genesis names no validator that is elected: give modules.staking one with its coins'
    throw chainError('LEDGER_CHAIN_NO_VALIDATORS', problem)
  }
  const { durable } = store.state.commit({
    height: 0,
    changes,
    records: firstRecords(genesisHash, genesis.timeMs, { validators }),
  })
  await durable
}

const headOf = (record: HeadRecord, state: StateStore): ChainHead => ({
  height: record.height,
  timeMs: record.timeMs,
  blockId: record.blockId,
  receiptsRoot: record.receiptsRoot,
  stateRoot: state.root(),
  version: applicationVersion(state, record.height + 1),
  validators: wireValidators(record.beginning.validators),
  nextValidators: wireValidators(record.beginning.nextValidators),
})
