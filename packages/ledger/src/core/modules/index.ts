import { createMachine, type Machine, type MachineInit } from '../machine/machine.js'
import type { LedgerModule } from '../machine/module.js'
import { accountsModule } from './accounts/index.js'
import { channelsModule } from './channels/index.js'
import { createEvidenceModule, evidenceModule } from './evidence/index.js'
import type { Accusers } from './evidence/judge.js'
import { exitModule } from './exit/index.js'
import { feesModule } from './fees/fee-market.js'
import { grantsModule } from './grants/index.js'
import { jobsModule } from './jobs/index.js'
import { nodesModule } from './nodes/index.js'
import { rewardsModule } from './rewards/index.js'
import { stakingModule } from './staking/index.js'
import { payTips } from './staking/tips.js'
import { timeModule } from './time/time.js'

/**
 * The network's own rules, in the order in which they begin and end a block. Faults are judged first, before what
 * they put at stake can leave; what is paid in a block is shared out before validators are elected by what they hold.
 */
export const NETWORK_MODULES: readonly LedgerModule[] = Object.freeze([
  accountsModule,
  feesModule,
  timeModule,
  evidenceModule,
  channelsModule,
  jobsModule,
  rewardsModule,
  grantsModule,
  nodesModule,
  stakingModule,
  exitModule,
])

/** What the network's ledger is made from. */
export interface NetworkLedgerInit extends Omit<MachineInit, 'modules' | 'payTips'> {
  /** Modules beside {@link NETWORK_MODULES}: governance for one. */
  added?: readonly LedgerModule[]
  /** Whose word about faults is taken; `anybody` who shows the votes when left out. CometBFT says it by its word. */
  accusers?: Accusers
}

/** The network's ledger for a chain: {@link NETWORK_MODULES} and what is `added`. */
export function createNetworkLedger(init: NetworkLedgerInit): Machine {
  const { added = [], accusers = 'anybody', ...rest } = init
  const own = NETWORK_MODULES.map(module =>
    module === evidenceModule && accusers !== 'anybody' ? createEvidenceModule(accusers) : module,
  )
  return createMachine({ ...rest, modules: [...own, ...added], payTips })
}
