import { ExitClaim } from '@neurovoyance/protocol'
import { action } from '../../machine/module.js'
import { settleExit } from './pay-out.js'

/** Makes what the queue has released of the sender's coins liquid: `exit/claim`. */
export const claim = action(ExitClaim, 200, context => {
  settleExit(context, context.sender)
})
