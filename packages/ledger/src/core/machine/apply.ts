import { errorCode } from '@neurovoyance/protocol'
import { ledgerError } from '../../errors.js'
import type { Verify } from '../crypto/zip215.js'
import { idOf } from '../hex.js'
import { moveBaseFee } from '../modules/fees/fee-market.js'
import { Draft } from '../state/draft.js'
import type { Changes, StateView } from '../state/view.js'
import { admit, type PaidFee } from './admit.js'
import { rulesAt, upgradeTo } from './application.js'
import type { BlockContext, LedgerEvent } from './context.js'
import type { Machine } from './machine.js'
import { parametersOf } from './parameters-record.js'
import { balanceSupply } from './supply.js'
import type { OpenTransaction } from './transaction.js'

/** What a block asks of the machine. */
export interface BlockInput {
  readonly height: number
  readonly timeMs: number
  readonly previousTimeMs: number
  readonly proposer: Uint8Array
  readonly transactions: readonly OpenTransaction[]
  /** Evidence as it travelled, checked by the module that owns it. */
  readonly evidence?: readonly Uint8Array[]
  /**
   * For whoever makes a block: a verifier that refuses more than the rules do. Transactions with an action whose
   * signature it refuses are left out, as if they had not been there.
   */
  readonly strict?: Verify
}

/** What became of a transaction. */
export interface Receipt {
  readonly id: Uint8Array
  /** Why it had no effect; absent when all of it happened. */
  readonly code?: string
  /** The same for a person; not part of what validators agree on. */
  readonly message?: string
  /** Whether it was let in: its fee was paid and its nonce used. Blocks with others are not voted for. */
  readonly admitted: boolean
  readonly weight: number
  readonly fee: bigint
  readonly events: readonly LedgerEvent[]
}

/** What a block did. */
export interface Applied {
  readonly changes: Changes
  readonly receipts: readonly Receipt[]
  /** Events of the rules before and after the transactions. */
  readonly events: readonly LedgerEvent[]
  readonly weight: number
}

/**
 * Applies a block to a state. Pure: the same state and block give the same changes on every machine.
 *
 * @throws LedgerError `LEDGER_SUPPLY_BROKEN` where rules made or lost coins: the ledger stops there;
 *   `LEDGER_UNKNOWN_VERSION` where the block goes by rules that this software does not have
 */
export function applyBlock(machine: Machine, view: StateView, input: BlockInput): Applied {
  const draft = new Draft(view)
  const events: LedgerEvent[] = []
  const rules = rulesAt(machine, draft, input.height)
  const opening: Omit<BlockContext, 'parameters'> = {
    draft,
    chainId: rules.chainId,
    height: input.height,
    timeMs: input.timeMs,
    previousTimeMs: input.previousTimeMs,
    proposer: input.proposer,
    evidence: input.evidence ?? [],
    verify: rules.verify,
    emit: event => events.push(event),
  }
  upgradeTo(rules, opening)
  const context: BlockContext = { ...opening, parameters: parametersOf(rules, draft) }
  for (const module of rules.modules) module.beginBlock?.(context)
  let weight = 0
  let tips = 0n
  const receipts = input.transactions.map(transaction => {
    const { receipt, tip } = applyTransaction(rules, context, transaction, input.strict)
    if (receipt.admitted) weight += receipt.weight
    tips += tip
    return receipt
  })
  if (tips > 0n) rules.payTips(context, tips)
  for (const module of rules.modules) module.endBlock?.(context)
  moveBaseFee(context, BigInt(weight))
  balanceSupply(draft)
  return { changes: draft.changes(), receipts, events, weight }
}

/**
 * Applies one transaction: wholly, or but for its fee not at all.
 *
 * @param strict as in `BlockInput`
 */
export function applyTransaction(
  machine: Machine,
  block: BlockContext,
  transaction: OpenTransaction,
  strict?: Verify,
): { receipt: Receipt; tip: bigint } {
  const { draft } = block
  const { id, body, sender } = transaction
  const events: LedgerEvent[] = []
  const weight = weightOf(machine, transaction)
  const start = draft.mark()
  let paid: PaidFee | undefined
  let admitted = start
  const verifier = strict === undefined ? undefined : noting(strict)
  try {
    paid = admit(block, transaction, weight)
    admitted = draft.mark()
    const context = {
      ...block,
      sender,
      transactionId: id,
      nonce: body.nonce,
      verify: verifier?.verify ?? block.verify,
      emit: (event: LedgerEvent) => events.push(event),
    }
    for (const { kind, payload } of body.actions) machine.ruleOf(kind).execute(context, payload)
    if (verifier?.hasRefused) throw ledgerError('LEDGER_BAD_SIGNATURE', 'a signature in it was refused')
    const receipt = { id, admitted: true, weight, fee: paid.base + paid.tip, events }
    return { receipt, tip: paid.tip }
  } catch (error) {
    if (verifier?.hasRefused) paid = undefined
    draft.undoTo(paid === undefined ? start : admitted)
    const receipt = {
      id,
      admitted: paid !== undefined,
      weight,
      fee: paid === undefined ? 0n : paid.base + paid.tip,
      code: errorCode(error) ?? 'LEDGER_MODULE_FAULT',
      message: error instanceof Error ? error.message : String(error),
      events: [],
    }
    return { receipt, tip: paid?.tip ?? 0n }
  }
}

/** A verifier that knows whether it refused. */
function noting(verify: Verify) {
  const noted = {
    hasRefused: false,
    verify(...signed: Parameters<Verify>): boolean {
      const holds = verify(...signed)
      noted.hasRefused ||= !holds
      return holds
    },
  }
  return noted
}

/** What a transaction weighs with its actions; unknown ones weigh nothing and fail later. */
export function weightOf(machine: Machine, { weight, body }: OpenTransaction): number {
  return body.actions.reduce((sum, { kind }) => sum + (machine.weightOf(kind) ?? 0), weight)
}

/**
 * Refuses a block that no honest proposer would have made.
 *
 * @throws LedgerError `LEDGER_BAD_BLOCK`
 */
export function checkApplied({ receipts, weight }: Applied, blockWeight: bigint): void {
  const stranger = receipts.find(({ admitted }) => !admitted)
  if (stranger !== undefined) {
    throw ledgerError(
      'LEDGER_BAD_BLOCK',
      `transaction ${idOf(stranger.id)} may not happen: ${stranger.message}`,
      {
        code: stranger.code,
      },
    )
  }
  if (BigInt(weight) > blockWeight) {
    throw ledgerError('LEDGER_BAD_BLOCK', `the block weighs ${weight}, the limit is ${blockWeight}`)
  }
}
