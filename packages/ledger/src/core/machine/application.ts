/**
 * Which rules apply a block. The state says it: the version of the rules that applied the last block, and what is
 * planned. At the height of the plan the rules of the next version take over: their modules first make of the state
 * what they expect (`LedgerModule.migrations`), then they apply the block. Software that has the rules of both
 * versions (`MachineInit.before`) applies blocks of before and after alike; older software stops there.
 *
 * @module
 */
import { ApplicationRecord } from '@neurovoyance/protocol'
import { ledgerError } from '../../errors.js'
import { single } from '../state/collection.js'
import type { Draft } from '../state/draft.js'
import type { StateView } from '../state/view.js'
import type { BlockContext } from './context.js'
import type { Machine } from './machine.js'
import { dropStrangeParameters, parametersOf } from './parameters-record.js'

/** Under `application`. */
const application = single<ApplicationRecord>('application', { codec: ApplicationRecord })

const FIRST: ApplicationRecord = Object.freeze({ version: 1 })

const recordOf = (draft: Draft): ApplicationRecord => application.get(draft) ?? FIRST

/** The version of the rules that apply a block of a height, after the state that `draft` is of: what its header says. */
export function versionAt(draft: Draft, height: number): number {
  const { version, planned } = recordOf(draft)
  return planned !== undefined && planned.height <= height ? planned.version : version
}

/** The same, for a state that nobody is changing. */
export function applicationVersion(state: Pick<StateView, 'get'>, height: number): number {
  const bytes = state.get(application.key)
  if (bytes === undefined) return FIRST.version
  const { version, planned } = ApplicationRecord.decode(bytes)
  return planned !== undefined && planned.height <= height ? planned.version : version
}

/** An upgrade. */
export interface Upgrade {
  readonly version: number
  /** The first block of the new rules. */
  readonly height: number
}

/** What is planned, if anything. */
export const plannedUpgrade = (draft: Draft): Upgrade | undefined => recordOf(draft).planned

/**
 * Plans an upgrade in place of what was planned before; `undefined` for none. For modules that decide about it.
 *
 * @throws LedgerError `LEDGER_BAD_PARAMETERS` for a version that is not the next one, or a block that is not to come
 */
export function planUpgrade(
  { draft, height }: Pick<BlockContext, 'draft' | 'height'>,
  planned: Upgrade | undefined,
): void {
  const { version } = recordOf(draft)
  if (planned === undefined) {
    keep(draft, { version })
    return
  }
  if (planned.version !== version + 1) {
    throw ledgerError('LEDGER_BAD_PARAMETERS', `version ${planned.version} does not come after ${version}`)
  }
  if (!Number.isSafeInteger(planned.height) || planned.height <= height) {
    throw ledgerError('LEDGER_BAD_PARAMETERS', `block ${planned.height} does not come after ${height}`)
  }
  keep(draft, { version, planned })
}

/** What is as it was in the beginning leaves no trace. */
function keep(draft: Draft, record: ApplicationRecord): void {
  const isFirst = record.version === FIRST.version && record.planned === undefined
  if (!isFirst) application.set(draft, record)
  else if (application.get(draft) !== undefined) application.set(draft, undefined)
}

/**
 * The rules that apply a block of a height.
 *
 * @throws LedgerError `LEDGER_UNKNOWN_VERSION` where this software does not have them
 */
export function rulesAt(machine: Machine, draft: Draft, height: number): Machine {
  const version = versionAt(draft, height)
  let rules: Machine | undefined = machine
  while (rules !== undefined && rules.version > version) rules = rules.before
  if (rules?.version === version) return rules
  throw ledgerError(
    'LEDGER_UNKNOWN_VERSION',
    `block ${height} goes by version ${version} of the rules, and this software has version ${machine.version}: install one that has it`,
    { height, version, known: machine.version },
  )
}

/** Makes of the state what `rules` expect, where they begin with this block. */
export function upgradeTo(rules: Machine, context: Omit<BlockContext, 'parameters'>): void {
  const { draft, height } = context
  const { version, planned } = recordOf(draft)
  if (planned === undefined || planned.height > height || rules.before === undefined) return
  const parameters = parametersOf(rules.before, draft)
  for (const module of rules.modules) module.migrations?.[rules.version]?.({ ...context, parameters })
  dropStrangeParameters(rules, draft)
  keep(draft, { version: planned.version })
  context.emit({ kind: 'application/upgraded', accounts: [], fields: { from: version, to: planned.version } })
}

/** The version of a ledger without blocks. */
export const beginWith = (draft: Draft, version: number): void => keep(draft, { version })

/** Takes a plan away: its height is another chain's. */
export const forgetPlan = (draft: Draft): void => keep(draft, { version: recordOf(draft).version })
