import { ledgerError } from '../../../errors.js'
import { NVY } from '../../amount.js'
import type { BlockContext } from '../../machine/context.js'
import type { ParameterTable } from '../../parameters/parameter.js'
import { epochOf } from '../time/time.js'

const DAY_MS = 24n * 3_600_000n

/** Who may be a validator, and how long coins stand behind one. */
export const stakingParameters: ParameterTable = {
  validators: {
    value: 64n,
    least: 1n,
    most: 128n,
    unit: 'validators',
    meaning: 'The most validators that are elected: those with the most coins behind them.',
  },
  unbondingMs: {
    value: 21n * DAY_MS,
    least: DAY_MS,
    most: 90n * DAY_MS,
    unit: 'ms',
    meaning: 'How long coins are on their way back from a validator or node; they answer for it until then.',
  },
  leastSelfBond: {
    value: 1_000n * NVY,
    least: NVY,
    most: 10_000_000n * NVY,
    unit: 'base units',
    meaning: 'The least that an owner has bonded to a validator that is elected.',
  },
  leastBond: {
    value: NVY,
    least: NVY / 1_000n,
    most: 1_000n * NVY,
    unit: 'base units',
    meaning: 'The least that anybody has bonded to one validator, unless it is nothing.',
  },
  mostCommission: {
    value: 500_000n,
    least: 0n,
    most: 1_000_000n,
    unit: 'millionths',
    meaning: 'The most of its stakers’ rewards that an owner may keep.',
  },
  commissionStep: {
    value: 10_000n,
    least: 1_000n,
    most: 100_000n,
    unit: 'millionths',
    meaning: 'The most by which a commission rises at once; it changes at most once in an epoch.',
  },
}

/** Epochs that an unbonding may last: records keep what joined in each of them. */
const MOST_EPOCHS = 64n

/**
 * Checks what concerns more than one parameter.
 *
 * @throws LedgerError `LEDGER_BAD_PARAMETERS`
 */
export function checkStaking(of: (name: string) => bigint): void {
  const unbonding = of('staking/unbondingMs')
  if (unbonding > MOST_EPOCHS * of('time/epochMs')) {
    throw ledgerError('LEDGER_BAD_PARAMETERS', `staking/unbondingMs is longer than ${MOST_EPOCHS} epochs`)
  }
}

type Clocked = Pick<BlockContext, 'parameters' | 'timeMs' | 'previousTimeMs'>

/** When coins that leave now are back. */
export const unbondedAt = ({ parameters, timeMs }: Clocked): number =>
  timeMs + Number(parameters.of('staking/unbondingMs'))

/** The first epoch for which coins answer that are bonded now: the next one that elects. The genesis elects at once. */
export const answersFrom = (context: Clocked & Pick<BlockContext, 'height'>): number =>
  epochOf(context) + (context.height === 0 ? 0 : 1)

/** No fault under the election of this epoch, or of one before it, can be punished any more. */
export function horizonOf(context: Clocked): number {
  const { parameters } = context
  const unbonding = Number(parameters.of('staking/unbondingMs'))
  return epochOf(context) - Math.ceil(unbonding / Number(parameters.of('time/epochMs'))) - 1
}
