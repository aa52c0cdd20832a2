import { shareOf, WHOLE } from '../../amount.js'

/** Who gets what of a payment. */
export interface Split {
  readonly burnt: bigint
  readonly stakers: bigint
  readonly treasury: bigint
  readonly worker: bigint
}

/**
 * Splits a payment. The burnt share is rounded up and the others down: many small payments burn no less than one
 * large one, or dust would be a way around k < b.
 */
export function splitPayment(amount: bigint, of: (name: string) => bigint): Split {
  const burnt = (amount * of('rewards/burnShare') + WHOLE - 1n) / WHOLE
  const stakers = shareOf(amount, of('rewards/stakersShare'))
  const treasury = shareOf(amount, of('rewards/treasuryShare'))
  return { burnt, stakers, treasury, worker: amount - burnt - stakers - treasury }
}
