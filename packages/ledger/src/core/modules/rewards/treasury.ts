import type { Draft } from '../../state/draft.js'
import { treasury } from './records.js'

/** Puts coins into the treasury. */
export function addToTreasury(draft: Draft, amount: bigint): void {
  if (amount > 0n) treasury.set(draft, { amount: (treasury.get(draft)?.amount ?? 0n) + amount })
}
