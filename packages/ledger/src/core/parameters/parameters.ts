import { ledgerError } from '../../errors.js'
import type { Parameter, ParameterTable } from './parameter.js'

/** The parameters in force, by `<module>/<name>`. */
export interface Parameters {
  /** @throws LedgerError `LEDGER_BAD_PARAMETERS` for a name that no module has */
  of(name: string): bigint
  /** Every name and value, sorted by name. */
  all(): readonly (readonly [string, bigint])[]
}

/**
 * The tables' values, with those of `chosen` in their place.
 *
 * @throws LedgerError `LEDGER_BAD_PARAMETERS` for a name that is not in the tables, or a value out of its bounds
 */
export function settleParameters(
  tables: Readonly<Record<string, ParameterTable>>,
  chosen: Readonly<Record<string, bigint>>,
): Parameters {
  const known = new Map<string, Parameter>(
    Object.entries(tables).flatMap(([module, table]) =>
      Object.entries(table).map(([name, parameter]) => [`${module}/${name}`, parameter] as const),
    ),
  )
  const values = new Map<string, bigint>([...known].map(([name, { value }]) => [name, value]))
  for (const [name, value] of Object.entries(chosen)) {
    const parameter = known.get(name)
    if (parameter === undefined) throw ledgerError('LEDGER_BAD_PARAMETERS', `there is no parameter ${name}`)
    if (value < parameter.least || value > parameter.most) {
      throw ledgerError(
        'LEDGER_BAD_PARAMETERS',
        `${name} is ${value} and has to be from ${parameter.least} to ${parameter.most} ${parameter.unit}`,
        { name, value: String(value), least: String(parameter.least), most: String(parameter.most) },
      )
    }
    values.set(name, value)
  }
  const sorted = [...values].sort(([a], [b]) => (a < b ? -1 : 1))
  return {
    of(name) {
      const value = values.get(name)
      if (value === undefined) throw ledgerError('LEDGER_BAD_PARAMETERS', `there is no parameter ${name}`)
      return value
    },
    all: () => sorted,
  }
}
