import type { ParameterTable } from '../../parameters/parameter.js'

/** What sponsors are held to. */
export const grantsParameters: ParameterTable = {
  mostPerGuest: {
    value: 1_000_000_000n,
    least: 0n,
    most: 100_000_000_000n,
    unit: 'base units',
    meaning: 'The most that one newcomer gets, from all sponsors together.',
  },
  mostPerEpoch: {
    value: 1_000_000_000_000n,
    least: 0n,
    most: 1_000_000_000_000_000n,
    unit: 'base units',
    meaning: 'The most that one sponsor gives in an epoch, whoever has his key.',
  },
}
