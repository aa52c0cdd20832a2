/** One number that the genesis sets and the community may later vote on, within hard bounds. */
export interface Parameter {
  readonly value: bigint
  readonly least: bigint
  readonly most: bigint
  /** What it is counted in: `millionths`, `ms`, `base units`, `blocks`, … */
  readonly unit: string
  readonly meaning: string
}

/** The parameters of a module: `{ unbondingMs: { value: …, least: …, … } }`. */
export type ParameterTable = Readonly<Record<string, Parameter>>
