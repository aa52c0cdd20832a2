import { LIMITS } from '@neurovoyance/protocol'
import { ledgerError } from '../../errors.js'
import { Draft } from '../state/draft.js'
import { type Changes, emptyState } from '../state/view.js'
import type { LedgerEvent } from './context.js'
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
}

/**
 * The state that a genesis describes.
 *
 * @throws LedgerError `LEDGER_BAD_GENESIS`, `LEDGER_BAD_PARAMETERS`
 */
export function genesisState(
  machine: Machine,
  genesis: Genesis,
): { changes: Changes; events: readonly LedgerEvent[] } {
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
  const draft = new Draft(emptyState)
  const chosen = Object.entries(genesis.parameters).map(
    ([name, value]) => [name, wholeOf(value, name)] as const,
  )
  setParameters(machine, draft, Object.fromEntries(chosen))
  const known = new Set(machine.modules.map(({ name }) => name))
  const stranger = Object.keys(genesis.modules).find(name => !known.has(name))
  if (stranger !== undefined) throw ledgerError('LEDGER_BAD_GENESIS', `there is no module ${stranger}`)
  const events: LedgerEvent[] = []
  const context = {
    draft,
    chainId: genesis.chainId,
    height: 0,
    timeMs: genesis.timeMs,
    previousTimeMs: genesis.timeMs,
    proposer: new Uint8Array(LIMITS.publicKeyBytes),
    evidence: [],
    parameters: parametersOf(machine, draft),
    verify: machine.verify,
    emit: (event: LedgerEvent) => events.push(event),
  }
  for (const module of machine.modules) module.genesis?.(context, genesis.modules[module.name])
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
