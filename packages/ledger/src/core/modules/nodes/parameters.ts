import { NVY } from '../../amount.js'
import type { ParameterTable } from '../../parameters/parameter.js'

/** What a worker has at stake. It unbonds like a validator's, in `staking/unbondingMs`. */
export const nodesParameters: ParameterTable = {
  leastStake: {
    value: 100n * NVY,
    least: NVY / 1_000n,
    most: 1_000_000n * NVY,
    unit: 'base units',
    meaning: 'The least stake of a node, unless it is nothing.',
  },
}
