/**
 * Channels: a client puts coins aside for one worker, and pays him by vouchers that need no block.
 *
 * - A **voucher** says what the client owes in all since the channel was opened; the latest one is worth all of them.
 *   It names the job and the transcript of what was delivered. `checkVoucher` is the one rule about it, for the ledger
 *   and for the worker before he delivers: chain, channel and amount first, the signature last.
 * - **Anybody** may settle for the payee, so that a watchtower can. Several channels are settled by one transaction.
 * - The **payee** ends a channel at once. The **payer** asks for the end and waits for the grace time, in which the
 *   latest voucher can still be settled: a voucher that was good is worth its amount whatever the payer does. Topping
 *   up takes the request back.
 * - Coins **remember what they were**: what goes back is of the kinds that it came from, and as old. What vests cannot
 *   be put in.
 * - An **id** is made of the chain, the payer, the nonce of the transaction and an index in it; none comes twice. What
 *   is closed is gone, and its vouchers are for a channel that is not there.
 *
 * @module
 */
import type { LedgerModule } from '../../machine/module.js'
import { close } from './close.js'
import { open } from './open.js'
import { channelsParameters } from './parameters.js'
import { requestClose } from './request-close.js'
import { settle } from './settle.js'
import { topUp } from './top-up.js'
import { withdraw } from './withdraw.js'

/** Channels: deposits that are paid out by vouchers. Needs the modules accounts and rewards. */
export const channelsModule: LedgerModule = {
  name: 'channels',
  parameters: channelsParameters,
  actions: { open, topUp, settle, close, requestClose, withdraw },
}
