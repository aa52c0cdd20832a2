import { LIMITS } from '@neurovoyance/protocol'
import { ledgerError } from '../../errors.js'
import { Draft } from '../state/draft.js'
import { type Changes, emptyState, type StateView } from '../state/view.js'
import { beginWith, forgetPlan, rulesAt } from './application.js'
import type { BlockContext, LedgerEvent } from './context.js'
import type { Machine } from './machine.js'
import { parametersOf, setParameters } from './parameters-record.js'
import { balanceSupply, supply } from './supply.js'

/** How a ledger begins. Amounts are decimal texts in base units. */
export interface Genesis {
  readonly chainId: string
  /** The ledger's time before the first block. */
  readonly timeMs: number
  /** Parameters that differ from what the software comes with. */
  readonly parameters: Readonly<Record<string, string>>
  /** Every module's section, by its name. */
  readonly modules: Readonly<Record<string, unknown>>
  /** The version of the rules that the ledger begins with; 1 when left out. */
  readonly version?: number
  /** Where the ledger goes on from another's state: see `continuedState`. */
  readonly state?: {
    readonly chainId: string
    readonly height: number
    readonly root: string
    readonly validators: readonly { readonly consensusKey: string; readonly power: number }[]
  }
}

/** What a ledger begins with. */
export interface FirstState {
  readonly changes: Changes
  readonly events: readonly LedgerEvent[]
}

/**
 * The state that a genesis describes.
 *
 * @throws LedgerError `LEDGER_BAD_GENESIS`, `LEDGER_BAD_PARAMETERS`
 */
export function genesisState(machine: Machine, genesis: Genesis): FirstState {
  checkName(machine, genesis)
  if (genesis.state !== undefined) {
    const { chainId, height } = genesis.state
    const problem = `this chain goes on from the state of ${chainId} after block ${height}: import that first`
    throw ledgerError('LEDGER_BAD_GENESIS', problem, { field: 'state' })
  }
  const draft = new Draft(emptyState)
  beginWith(draft, genesis.version ?? 1)
  const rules = rulesAt(machine, draft, 0)
  const chosen = Object.entries(genesis.parameters).map(
    ([name, value]) => [name, wholeOf(value, name)] as const,
  )
  setParameters(rules, draft, Object.fromEntries(chosen))
  const known = new Set(rules.modules.map(({ name }) => name))
  const stranger = Object.keys(genesis.modules).find(name => !known.has(name))
  if (stranger !== undefined) throw ledgerError('LEDGER_BAD_GENESIS', `there is no module ${stranger}`)
  const events: LedgerEvent[] = []
  const context = firstContext(rules, draft, genesis.timeMs, event => events.push(event))
  for (const module of rules.modules) module.genesis?.(context, genesis.modules[module.name])
  const coins = [...draft.holdingsDelta().values()].reduce((sum, amount) => sum + amount, 0n)
  if (coins >= MOST_COINS) {
    throw ledgerError('LEDGER_BAD_GENESIS', `there are ${coins} base units, and have to be fewer than 2^62`, {
      field: 'modules',
      total: String(coins),
    })
  }
  supply.set(draft, { genesis: coins, minted: 0n, burnt: 0n, held: [] })
  balanceSupply(draft)
  return { changes: draft.changes(), events }
}

/**
 * What a ledger begins with that goes on from the state of another: everything stays as it is but for what another
 * chain's heights are in (elections, a planned upgrade).
 *
 * @param ended the other's state after its last block; its root is the caller's to check
 * @returns what changes in it
 * @throws LedgerError `LEDGER_BAD_GENESIS`, `LEDGER_UNKNOWN_VERSION`
 */
export function continuedState(machine: Machine, genesis: Genesis, ended: StateView): FirstState {
  checkName(machine, genesis)
  const draft = new Draft(ended)
  forgetPlan(draft)
  const rules = rulesAt(machine, draft, 0)
  const events: LedgerEvent[] = []
  const context = firstContext(rules, draft, genesis.timeMs, event => events.push(event))
  for (const module of rules.modules) module.continues?.(context)
  balanceSupply(draft)
  return { changes: draft.changes(), events }
}

/** Where no block is yet. */
const firstContext = (
  rules: Machine,
  draft: Draft,
  timeMs: number,
  emit: (event: LedgerEvent) => void,
): BlockContext => ({
  draft,
  chainId: rules.chainId,
  height: 0,
  timeMs,
  previousTimeMs: timeMs,
  proposer: new Uint8Array(LIMITS.publicKeyBytes),
  evidence: [],
  parameters: parametersOf(rules, draft),
  verify: rules.verify,
  emit,
})

function checkName(machine: Machine, genesis: Genesis): void {
  if (
    genesis.chainId !== machine.chainId ||
    !/^[a-z0-9][a-z0-9.-]*$/.test(genesis.chainId) ||
    genesis.chainId.length > LIMITS.chainIdBytes
  ) {
    throw ledgerError(
      'LEDGER_BAD_GENESIS',
      `${JSON.stringify(genesis.chainId)} is not the name of this chain`,
    )
  }
  if (!Number.isSafeInteger(genesis.timeMs) || genesis.timeMs < 0) {
    throw ledgerError('LEDGER_BAD_GENESIS', 'timeMs is not a time in milliseconds')
  }
}

/** As much again can be minted: both together fit an amount. */
const MOST_COINS = 1n << 62n

const MOST = (1n << 63n) - 1n

/**
 * A whole number that a genesis gives as text.
 *
 * @throws LedgerError `LEDGER_BAD_GENESIS`
 */
export function wholeOf(value: unknown, what: string): bigint {
  const text = typeof value === 'string' && /^(0|[1-9]\d{0,18})$/.test(value) ? BigInt(value) : undefined
  if (text !== undefined && text <= MOST) return text
  throw ledgerError('LEDGER_BAD_GENESIS', `${what} is not a whole number below 2^63, as text`, { what })
}
