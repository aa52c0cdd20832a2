import { ledgerError } from '../../../errors.js'
import type { ParameterTable } from '../../parameters/parameter.js'

const HOUR_MS = 3_600_000n

/** What faults cost, and how long they can be punished. */
export const evidenceParameters: ParameterTable = {
  maxAgeMs: {
    value: 20n * 24n * HOUR_MS,
    least: HOUR_MS,
    most: 89n * 24n * HOUR_MS,
    unit: 'ms',
    meaning: 'How long after the beginning of its epoch a fault is punished; less than an unbonding.',
  },
  doubleVoteShare: {
    value: 50_000n,
    least: 1_000n,
    most: 1_000_000n,
    unit: 'millionths',
    meaning: 'Share that a double vote costs all who stood behind it; it is burnt.',
  },
  amnesiaShare: {
    value: 50_000n,
    least: 1_000n,
    most: 1_000_000n,
    unit: 'millionths',
    meaning: 'Share that a forgotten lock costs.',
  },
  lunaticShare: {
    value: 100_000n,
    least: 1_000n,
    most: 1_000_000n,
    unit: 'millionths',
    meaning: 'Share that signing a header costs that contradicts the chain.',
  },
}

/**
 * Checks that nobody has his coins back while he can still be punished.
 *
 * @throws LedgerError `LEDGER_BAD_PARAMETERS`
 */
export function checkEvidence(of: (name: string) => bigint): void {
  if (of('evidence/maxAgeMs') < of('staking/unbondingMs')) return
  throw ledgerError('LEDGER_BAD_PARAMETERS', 'evidence/maxAgeMs is not less than staking/unbondingMs')
}
