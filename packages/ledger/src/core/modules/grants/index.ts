/**
 * Grants: coins with which sponsors, whom the genesis names, let newcomers try the network.
 *
 * - Granted coins pay for work and fees and nothing else. A sponsor can pay a guest's fees too: he signs as the one who
 *   pays the fee, out of granted coins of his own.
 * - **What this cannot prevent**: a guest who works for himself turns a grant into earned coins, less what every
 *   payment burns and gives to others (with the usual numbers 85% of it, and 9% more minted); one who is a validator
 *   can pay himself tips. So a guest gets little, from all sponsors together; a sponsor gives so much an epoch, whoever
 *   has his key; and all that can ever be laundered is less than what the genesis gave the sponsors. Who is a newcomer,
 *   the sponsor has to know: accounts cost nothing.
 *
 * @module
 */
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
