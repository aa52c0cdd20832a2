import { StakerRecord } from '@neurovoyance/protocol'
import type { Id } from '../../hex.js'
import { collection } from '../../state/collection.js'
import type { Draft } from '../../state/draft.js'
import { totalOf } from '../accounts/purse.js'

/**
 * What accounts have bonded, by their address. Bonded coins are counted at their validators, where a slash takes
 * them at once; those on their way back are counted here.
 */
export const stakers = collection<StakerRecord>('staking/stakers', {
  codec: StakerRecord,
  holdings: ({ unbonding }) => ({
    unbonding: unbonding.reduce((sum, { purse }) => sum + totalOf(purse!), 0n),
  }),
})

const NOTHING: StakerRecord = Object.freeze({ bonds: [], unbonding: [] })

/** What an account has bonded; nothing where it has nothing. */
export const stakerOf = (draft: Draft, account: Id): StakerRecord => stakers.get(draft, account) ?? NOTHING

/** Keeps what an account has bonded. */
export function keepStaker(draft: Draft, account: Id, staker: StakerRecord): void {
  if (staker.bonds.length > 0 || staker.unbonding.length > 0) stakers.set(draft, account, staker)
  else if (stakers.get(draft, account) !== undefined) stakers.delete(draft, account)
}
