import type { Purse } from '@neurovoyance/protocol'
import type { Id } from '../../hex.js'
import type { BlockContext } from '../../machine/context.js'
import { noteBurnt } from '../../machine/supply.js'
import { credit } from '../accounts/account.js'
import { earnedPurse, totalOf } from '../accounts/purse.js'
import { distributeToStakers } from '../staking/pool.js'
import { type ChosenBy, noteWork } from './note-work.js'
import { type Split, splitPayment } from './split.js'
import { addToTreasury } from './treasury.js'

/** A payment for work that was done and accepted. */
export interface PaidWork {
  readonly payer: Id
  readonly worker: Id
  /** The coins, already taken from where they were kept: whatever their kind, the worker earns them. */
  readonly coins: Purse
  /** Who chose the worker. */
  readonly chosenBy: ChosenBy
}

/**
 * Pays for work, in the one way there is: a share is burnt, shares go to stakers and to the treasury, the rest is
 * earned by the worker, and the work counts towards what is minted for this epoch.
 */
export function settleWork(context: BlockContext, { payer, worker, coins, chosenBy }: PaidWork): Split {
  const amount = totalOf(coins)
  const split = splitPayment(amount, name => context.parameters.of(name))
  noteBurnt(context.draft, split.burnt)
  distributeToStakers(context, split.stakers)
  addToTreasury(context.draft, split.treasury)
  credit(context, worker, earnedPurse(split.worker, context.timeMs))
  noteWork(context, worker, amount, chosenBy)
  context.emit({
    kind: 'rewards/paid',
    accounts: [payer, worker],
    fields: {
      payer,
      worker,
      amount,
      burnt: split.burnt,
      stakers: split.stakers,
      treasury: split.treasury,
      earned: split.worker,
    },
  })
  return split
}
