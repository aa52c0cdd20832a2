import type { BlockContext } from '../../machine/context.js'
import { rewardsStart } from './records.js'

/** Halvings after which nothing is left. */
const MOST_HALVINGS = 63

/**
 * The budget of an epoch: halves every `halvingEpochs`, falling evenly in between, so that no day is worth waiting
 * for. All budgets together are one and a half times `first · halvingEpochs`.
 */
export function scheduledBudget(first: bigint, halvingEpochs: number, epochsSinceStart: number): bigint {
  const elapsed = Math.max(0, epochsSinceStart)
  const halvings = Math.floor(elapsed / halvingEpochs)
  if (halvings >= MOST_HALVINGS) return 0n
  const start = first >> BigInt(halvings)
  return start - (start * BigInt(elapsed % halvingEpochs)) / BigInt(2 * halvingEpochs)
}

/** The most that may be minted for the work of an epoch. */
export function budgetOf({ draft, parameters }: BlockContext, epoch: number): bigint {
  const start = rewardsStart.get(draft)?.epoch ?? epoch
  return scheduledBudget(
    parameters.of('rewards/firstBudget'),
    Number(parameters.of('rewards/halvingEpochs')),
    epoch - start,
  )
}
