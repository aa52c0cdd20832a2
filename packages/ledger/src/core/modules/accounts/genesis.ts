import { parseAddress } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { idOf } from '../../hex.js'
import type { BlockContext } from '../../machine/context.js'
import { wholeOf } from '../../machine/genesis.js'
import { credit } from './account.js'
import { EMPTY_PURSE, liquidPurse } from './purse.js'

/** Accounts with liquid coins: `[{ "address": "nv1…", "liquid": "1000000000" }]`. */
export function accountsGenesis(context: BlockContext, section: unknown): void {
  if (section === undefined) return
  if (!Array.isArray(section)) throw ledgerError('LEDGER_BAD_GENESIS', 'modules.accounts is not a list')
  for (const entry of section as readonly { address?: unknown; liquid?: unknown }[]) {
    if (typeof entry?.address !== 'string') {
      throw ledgerError('LEDGER_BAD_GENESIS', 'an account of modules.accounts has no address')
    }
    const id = idOf(parseAddress(entry.address))
    const coins = liquidPurse(wholeOf(entry.liquid, `liquid of ${entry.address}`))
    credit(context, id, coins.liquid === 0n ? EMPTY_PURSE : coins)
  }
}
