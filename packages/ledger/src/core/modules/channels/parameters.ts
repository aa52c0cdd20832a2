import type { ParameterTable } from '../../parameters/parameter.js'

const MINUTE_MS = 60_000n
const DAY_MS = 24n * 60n * MINUTE_MS

/** What channels are held to. */
export const channelsParameters: ParameterTable = {
  leastDeposit: {
    value: 1_000_000n,
    least: 1n,
    most: 1_000_000_000_000n,
    unit: 'base units',
    meaning: 'The least that a channel is opened with.',
  },
  leastTopUp: {
    value: 1_000_000n,
    least: 1n,
    most: 1_000_000_000_000n,
    unit: 'base units',
    meaning: 'The least that is added to a channel at a time.',
  },
  leastStep: {
    value: 1_000n,
    least: 1n,
    most: 1_000_000_000n,
    unit: 'base units',
    meaning: 'A voucher is worth at least so much more than the one before it, or all of the deposit.',
  },
  graceMs: {
    value: DAY_MS,
    least: MINUTE_MS,
    most: 30n * DAY_MS,
    unit: 'ms',
    meaning: 'Time that a payee has to settle when the payer asks for the end of a channel.',
  },
}
