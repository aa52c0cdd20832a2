import { shareOf } from '../../amount.js'
import type { BlockContext } from '../../machine/context.js'
import { heldOf } from '../../machine/supply.js'

/**
 * Kinds of coins that circulate: those that somebody owns and can use. Not the treasury's, nor what vests, nor
 * grants and what sponsors keep for them, nor what is not divided among stakers.
 *
 * What is queued circulates, so that the cap is never less than `exit/capShare` of the queue itself: with the
 * values that the software comes with, everybody can leave at once and is out in fifty epochs.
 */
export const CIRCULATING = ['liquid', 'earned', 'bonded', 'unbonding', 'queued', 'escrow'] as const

/** The circulating supply: after the block before. */
export const circulatingSupply = ({ draft }: Pick<BlockContext, 'draft'>): bigint =>
  CIRCULATING.reduce((sum, kind) => sum + heldOf(draft, kind), 0n)

/** The most that the queue releases when an epoch begins with this block. */
export const exitCap = ({ draft, parameters }: Pick<BlockContext, 'draft' | 'parameters'>): bigint =>
  shareOf(circulatingSupply({ draft }), parameters.of('exit/capShare'))
