import { StakersPool } from '@neurovoyance/protocol'
import type { BlockContext } from '../../machine/context.js'
import { single } from '../../state/collection.js'
import type { Draft } from '../../state/draft.js'

/** Coins of validators and stakers that are divided when the epoch ends. */
export const stakersPool = single<StakersPool>('staking/pool', {
  codec: StakersPool,
  holdings: ({ amount }) => ({ stakers: amount }),
})

/** Puts coins into the pool. */
export function addToPool(draft: Draft, amount: bigint): void {
  if (amount > 0n) stakersPool.set(draft, { amount: (stakersPool.get(draft)?.amount ?? 0n) + amount })
}

/** Gives coins to validators and their stakers: they are divided among them when the epoch ends. */
export function distributeToStakers({ draft }: Pick<BlockContext, 'draft'>, amount: bigint): void {
  addToPool(draft, amount)
}
