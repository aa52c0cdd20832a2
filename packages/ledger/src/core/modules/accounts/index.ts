import type { LedgerModule } from '../../machine/module.js'
import { accountsGenesis } from './genesis.js'
import { rotate } from './rotate.js'
import { transfer } from './transfer.js'

/** Accounts: keys, balances, transfers. */
export const accountsModule: LedgerModule = {
  name: 'accounts',
  actions: { rotate, transfer },
  genesis: accountsGenesis,
}
