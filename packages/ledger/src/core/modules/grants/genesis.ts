import { parseAddress } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { idOf } from '../../hex.js'
import type { BlockContext } from '../../machine/context.js'
import { wholeOf } from '../../machine/genesis.js'
import { credit } from '../accounts/account.js'
import { grantedPurse } from '../accounts/purse.js'
import { sponsors } from './records.js'

interface Section {
  readonly address?: unknown
  readonly budget?: unknown
  readonly fees?: unknown
}

/**
 * Names sponsors: `[{ "address": "nv1…", "budget": "…", "fees": "…" }]`. The budget is what they can give; `fees`
 * are granted coins of their own, with which they pay what their guests' transactions cost.
 */
export function grantsGenesis(context: BlockContext, section: unknown): void {
  if (section === undefined) return
  if (!Array.isArray(section)) throw ledgerError('LEDGER_BAD_GENESIS', 'modules.grants is not a list')
  for (const { address, budget, fees = '0' } of section as readonly Section[]) {
    if (typeof address !== 'string') {
      throw ledgerError('LEDGER_BAD_GENESIS', 'a sponsor of modules.grants has no address')
    }
    const id = idOf(parseAddress(address))
    if (sponsors.get(context.draft, id) !== undefined) {
      throw ledgerError('LEDGER_BAD_GENESIS', `${address} is a sponsor twice`)
    }
    sponsors.set(context.draft, id, { budget: wholeOf(budget, `budget of ${address}`), epoch: 0, given: 0n })
    const coins = wholeOf(fees, `fees of ${address}`)
    if (coins > 0n) credit(context, id, grantedPurse(coins))
  }
}
