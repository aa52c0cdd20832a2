import type { LedgerModule } from '../../machine/module.js'
import { grantsGenesis } from './genesis.js'
import { give } from './give.js'
import { grantsParameters } from './parameters.js'

/** Grants: coins with which sponsors, whom the genesis names, let newcomers try the network. */
export const grantsModule: LedgerModule = {
  name: 'grants',
  parameters: grantsParameters,
  actions: { give },
  genesis: grantsGenesis,
}
