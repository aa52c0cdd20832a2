import type { Lot } from '@neurovoyance/protocol'
import { WHOLE } from '../../amount.js'
import type { BlockContext } from '../../machine/context.js'
import { monthOf } from '../accounts/purse.js'

/**
 * What is burnt of earned coins that enter the queue now: `exit/tribute` of those earned in this month of 30 days,
 * less by a step for each month since, nothing after `exit/tributeMonths`. Rounded up lot by lot, so that many
 * small requests never burn less than one large one.
 */
export function tributeOf(
  { parameters, timeMs }: Pick<BlockContext, 'parameters' | 'timeMs'>,
  lots: readonly Lot[],
): bigint {
  const share = parameters.of('exit/tribute')
  const months = parameters.of('exit/tributeMonths')
  const now = BigInt(monthOf(timeMs))
  return lots.reduce((sum, { month, amount }) => {
    const left = months - (now - BigInt(month))
    if (left <= 0n) return sum
    const divisor = WHOLE * months
    return sum + (amount * share * left + divisor - 1n) / divisor
  }, 0n)
}
