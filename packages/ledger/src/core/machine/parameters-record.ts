import { ParameterValues } from '@neurovoyance/protocol'
import { type Parameters, settleParameters } from '../parameters/parameters.js'
import { single } from '../state/collection.js'
import type { Draft } from '../state/draft.js'
import type { Machine } from './machine.js'

/** The parameters that were set, under `parameters`. */
export const parameterValues = single<ParameterValues>('parameters', { codec: ParameterValues })

const NONE: ParameterValues = Object.freeze({ values: [] })
const settled = new WeakMap<Machine, { record: string; parameters: Parameters }>()

/** The parameters in force. */
export function parametersOf(machine: Machine, draft: Draft): Parameters {
  const { values } = parameterValues.get(draft) ?? NONE
  const record = values.map(({ name, value }) => `${name}=${value}`).join()
  const known = settled.get(machine)
  if (known?.record === record) return known.parameters
  const chosen = Object.fromEntries(values.map(({ name, value }) => [name, value]))
  const parameters = settleParameters(machine.parameterTables, chosen)
  settled.set(machine, { record, parameters })
  return parameters
}

/**
 * Sets parameters; those of the same value as in the tables are not kept.
 *
 * @throws LedgerError `LEDGER_BAD_PARAMETERS` where a value, or all of them together, are out of bounds
 */
export function setParameters(
  machine: Machine,
  draft: Draft,
  chosen: Readonly<Record<string, bigint>>,
): void {
  const before = Object.fromEntries(
    (parameterValues.get(draft) ?? NONE).values.map(({ name, value }) => [name, value]),
  )
  const merged = { ...before, ...chosen }
  const parameters = settleParameters(machine.parameterTables, merged)
  for (const module of machine.modules) module.checkParameters?.(name => parameters.of(name))
  const values = Object.entries(merged)
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
  parameterValues.set(draft, values.length === 0 ? undefined : { values })
}

/** Takes out parameters that these rules do not have: an upgrade may drop some. */
export function dropStrangeParameters(machine: Machine, draft: Draft): void {
  const { values } = parameterValues.get(draft) ?? NONE
  const known = values.filter(({ name }) => {
    const [module = '', parameter = ''] = name.split('/')
    return machine.parameterTables[module]?.[parameter] !== undefined
  })
  if (known.length < values.length)
    parameterValues.set(draft, known.length === 0 ? undefined : { values: known })
}
