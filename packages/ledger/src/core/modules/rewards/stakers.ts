import { Treasury } from '@neurovoyance/protocol'
import type { BlockContext } from '../../machine/context.js'
import { single } from '../../state/collection.js'

/** Coins of validators and stakers that nobody has divided among them. */
export const stakersPool = single<Treasury>('rewards/stakers', {
  codec: Treasury,
  holdings: ({ amount }) => ({ stakers: amount }),
})

/** Gives coins to validators and stakers. */
export function distributeToStakers({ draft }: BlockContext, amount: bigint): void {
  if (amount > 0n) stakersPool.set(draft, { amount: (stakersPool.get(draft)?.amount ?? 0n) + amount })
}
