import { idOf } from '../../hex.js'
import type { BlockContext } from '../../machine/context.js'
import { noteBurnt } from '../../machine/supply.js'
import { credit } from '../accounts/account.js'
import { earnedPurse } from '../accounts/purse.js'
import { validators } from './validator.js'

/** Gives the tips of a block to the owner of the validator that proposed it, as earned coins; burns nobody's. */
export function payTips(context: BlockContext, amount: bigint): void {
  const proposer = validators.get(context.draft, idOf(context.proposer))
  if (proposer === undefined) noteBurnt(context.draft, amount)
  else credit(context, idOf(proposer.owner), earnedPurse(amount, context.timeMs))
}
