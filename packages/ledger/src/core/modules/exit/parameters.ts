import { NVY } from '../../amount.js'
import type { ParameterTable } from '../../parameters/parameter.js'

/** How fast earned coins become liquid ones, and what it costs. */
export const exitParameters: ParameterTable = {
  releaseShare: {
    value: 125_000n,
    least: 10_000n,
    most: 500_000n,
    unit: 'millionths',
    meaning: 'The most of its original amount that a request releases at the beginning of an epoch.',
  },
  capShare: {
    value: 20_000n,
    least: 10_000n,
    most: 100_000n,
    unit: 'millionths',
    meaning: 'The most that all requests release at the beginning of an epoch, of the circulating supply.',
  },
  tribute: {
    value: 80_000n,
    least: 0n,
    most: 200_000n,
    unit: 'millionths',
    meaning: 'Share that is burnt of coins that were earned in the month in which they enter the queue.',
  },
  tributeMonths: {
    value: 6n,
    least: 1n,
    most: 6n,
    unit: 'months of 30 days',
    meaning: 'Coins that were held so long are free of tribute; it falls evenly by months until then.',
  },
  least: {
    value: NVY / 10n,
    least: NVY / 1_000n,
    most: 1_000n * NVY,
    unit: 'base units',
    meaning: 'The smallest request.',
  },
}
