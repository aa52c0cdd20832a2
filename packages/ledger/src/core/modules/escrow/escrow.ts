import type { Purse } from '@neurovoyance/protocol'
import type { Holdings } from '../../state/draft.js'
import { EMPTY_PURSE, totalOf } from '../accounts/purse.js'

/** Coins that are put aside for work: they remember what they were, in case they go back. */
export const escrowHoldings = (purse: Purse | undefined): Holdings =>
  purse === undefined ? {} : { escrow: totalOf(purse) }

/** The coins of an escrow. */
export const escrowOf = (purse: Purse | undefined): Purse => purse ?? EMPTY_PURSE
