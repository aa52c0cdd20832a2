import type { ParameterTable } from '../../parameters/parameter.js'

const DAY_MS = 24n * 3_600_000n

/** What jobs are held to. */
export const jobsParameters: ParameterTable = {
  leastBudget: {
    value: 1_000_000n,
    least: 1n,
    most: 1_000_000_000_000n,
    unit: 'base units',
    meaning: 'The least that a job is posted with.',
  },
  leastPayment: {
    value: 1_000n,
    least: 1n,
    most: 1_000_000_000n,
    unit: 'base units',
    meaning: 'The least that accepted work is paid, or all that is left of the budget.',
  },
  mostRounds: {
    value: 100_000n,
    least: 1n,
    most: 1_000_000n,
    unit: 'rounds',
    meaning: 'The most rounds that a job has.',
  },
  mostDurationMs: {
    value: 365n * DAY_MS,
    least: DAY_MS,
    most: 3_650n * DAY_MS,
    unit: 'ms',
    meaning: 'The longest time between the posting of a job and its deadline.',
  },
}
