import {
  bondedTo,
  candidatesOf,
  circulatingSupply,
  type Draft,
  idOf,
  type Machine,
  parametersOf,
  supplyOf,
  validatorSetOf,
  validators,
} from '@neurovoyance/ledger'
import { formatAddress } from '@neurovoyance/protocol'

/** What coins there are. */
export interface SupplyView {
  /** All coins: those of the genesis, and minted, less burnt. */
  readonly total: bigint
  readonly genesis: bigint
  readonly minted: bigint
  readonly burnt: bigint
  /** What somebody owns and can use. */
  readonly circulating: bigint
  /** What is held, by kind. */
  readonly held: Readonly<Record<string, bigint>>
}

/** The supply, by kind. */
export function viewSupply(draft: Draft): SupplyView {
  const { genesis, minted, burnt, held } = supplyOf(draft)
  return {
    total: genesis + minted - burnt,
    genesis,
    minted,
    burnt,
    circulating: circulatingSupply({ draft }),
    held: Object.fromEntries(held.map(({ kind, amount }) => [kind, amount])),
  }
}

/** A validator, or who would be one. */
export interface ValidatorView {
  /** Its key, hexadecimal. */
  readonly key: string
  /** Address of who owns it. */
  readonly owner: string
  /** Its weight in votes; 0 for one that is not elected. */
  readonly power: number
  /** Base units behind it. */
  readonly bonded: bigint
  /** The share of its stakers' rewards that the owner keeps, in millionths. */
  readonly commission: number
  readonly jailedUntilMs?: number
  readonly tombstoned: boolean
}

/** Elected validators and candidates, the most powerful first. */
export function viewValidators(draft: Draft): readonly ValidatorView[] {
  const elected = new Map(
    validatorSetOf(draft).validators.map(({ publicKey, power }) => [idOf(publicKey), power]),
  )
  const keys = new Set([...elected.keys(), ...candidatesOf(draft)])
  return [...keys]
    .map(key => viewValidator(draft, key, elected.get(key) ?? 0))
    .filter(validator => validator !== undefined)
    .sort(
      (a, b) =>
        b.power - a.power ||
        (a.bonded > b.bonded ? -1 : a.bonded < b.bonded ? 1 : 0) ||
        (a.key < b.key ? -1 : 1),
    )
}

function viewValidator(draft: Draft, key: string, power: number): ValidatorView | undefined {
  const record = validators.get(draft, key)
  if (record === undefined) return undefined
  const { owner, commission, jailedUntilMs, tombstoned } = record
  return {
    key,
    owner: formatAddress(owner),
    power,
    bonded: bondedTo(record),
    commission,
    ...(jailedUntilMs !== undefined && { jailedUntilMs }),
    tombstoned,
  }
}

/** A number that the ledger goes by. */
export interface ParameterView {
  /** Module and name: `staking/unbondingMs`. */
  readonly name: string
  readonly value: bigint
  readonly least: bigint
  readonly most: bigint
  /** What it is counted in. */
  readonly unit: string
  readonly meaning: string
}

/** The parameters in force, sorted by name. */
export function viewParameters(draft: Draft, machine: Machine): readonly ParameterView[] {
  return parametersOf(machine, draft)
    .all()
    .map(([name, value]) => {
      const [module = '', parameter = ''] = name.split('/')
      const { least, most, unit, meaning } = machine.parameterTables[module]![parameter]!
      return { name, value, least, most, unit, meaning }
    })
}
