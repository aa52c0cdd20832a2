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
