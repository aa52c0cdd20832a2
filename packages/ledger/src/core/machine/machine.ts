import { ledgerError } from '../../errors.js'
import { type Verify, verifyZip215 } from '../crypto/zip215.js'
import type { ParameterTable } from '../parameters/parameter.js'
import type { BlockContext } from './context.js'
import type { ActionRule, LedgerModule } from './module.js'
import { noteBurnt } from './supply.js'

/** The rules of a ledger: a list of modules, for one chain. */
export interface Machine {
  readonly chainId: string
  /** Of the rules: what headers of the blocks that they apply say. */
  readonly version: number
  /** The rules of the version before, for blocks below the upgrade. */
  readonly before: Machine | undefined
  readonly modules: readonly LedgerModule[]
  readonly parameterTables: Readonly<Record<string, ParameterTable>>
  /** Checks signatures within actions and evidence. */
  readonly verify: Verify
  /** @throws LedgerError `LEDGER_UNKNOWN_ACTION` */
  ruleOf(kind: string): ActionRule
  /** What an action weighs; `undefined` for one that no module has. */
  weightOf(kind: string): number | undefined
  /** Gives the tips of a block to its proposer. */
  payTips(context: BlockContext, amount: bigint): void
}

/** What a machine is made from. */
export interface MachineInit {
  readonly chainId: string
  readonly modules: readonly LedgerModule[]
  /** The rules of the version before this; this is the first version when it is left out. */
  readonly before?: Machine
  /** Gives the tips of a block to its proposer; they are burnt when it is left out. */
  readonly payTips?: (context: BlockContext, amount: bigint) => void
  /** ZIP-215 by a faster verifier; the one in plain JavaScript when it is left out. */
  readonly verify?: Verify
}

/**
 * Puts rules together.
 *
 * @throws LedgerError `LEDGER_BAD_PARAMETERS` where two modules have one name
 */
export function createMachine(init: MachineInit): Machine {
  const { chainId, modules, before, payTips, verify = verifyZip215 } = init
  const names = new Set(modules.map(({ name }) => name))
  if (names.size < modules.length) throw ledgerError('LEDGER_BAD_PARAMETERS', 'two modules have one name')
  const rules = new Map<string, ActionRule>(
    modules.flatMap(({ name, actions = {} }) =>
      Object.entries(actions).map(([action, rule]) => [`${name}/${action}`, rule] as const),
    ),
  )
  return {
    chainId,
    version: (before?.version ?? 0) + 1,
    before,
    modules,
    verify,
    parameterTables: Object.fromEntries(modules.map(({ name, parameters = {} }) => [name, parameters])),
    ruleOf(kind) {
      const rule = rules.get(kind)
      if (rule === undefined) throw ledgerError('LEDGER_UNKNOWN_ACTION', `no module does ${kind}`, { kind })
      return rule
    },
    weightOf: kind => rules.get(kind)?.weight,
    payTips: payTips ?? (({ draft }, amount) => noteBurnt(draft, amount)),
  }
}
