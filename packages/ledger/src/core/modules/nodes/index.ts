import type { LedgerModule } from '../../machine/module.js'
import { bind } from './bind.js'
import { bond } from './bond.js'
import { describe } from './describe.js'
import { mature } from './mature.js'
import { nodesParameters } from './parameters.js'
import { retire } from './retire.js'
import { unbond } from './unbond.js'

/** Nodes: who answers for a key of the network, and with what stake. */
export const nodesModule: LedgerModule = {
  name: 'nodes',
  parameters: nodesParameters,
  actions: { bind, describe, bond, unbond, retire },
  beginBlock: mature,
}
