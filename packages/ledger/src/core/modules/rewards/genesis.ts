import { ledgerError } from '../../../errors.js'
import type { BlockContext } from '../../machine/context.js'
import { wholeOf } from '../../machine/genesis.js'
import { epochOf } from '../time/time.js'
import { rewardsStart } from './records.js'
import { addToTreasury } from './treasury.js'

/** Starts the schedule, and fills the treasury: `{ "treasury": "1000000000" }`. */
export function rewardsGenesis(context: BlockContext, section: unknown): void {
  rewardsStart.set(context.draft, { epoch: epochOf(context) })
  if (section === undefined) return
  if (typeof section !== 'object' || section === null) {
    throw ledgerError('LEDGER_BAD_GENESIS', 'modules.rewards is not an object')
  }
  const { treasury = '0' } = section as { treasury?: unknown }
  addToTreasury(context.draft, wholeOf(treasury, 'treasury of modules.rewards'))
}
