import type { ChargedWork } from './node-till.js'
import { cannotKeep } from './refusals.js'

/**
 * Holds an answer back until its charge is on disk; what is not delivered is not charged.
 *
 * @throws NodeError `NODE_PAYMENT_REFUSED` where the charge could not be written down
 */
export async function delivered<Run>(
  made: Promise<Run>,
  charged: ChargedWork,
  signal: AbortSignal,
): Promise<Run> {
  const durable = charged.durable.catch(() => Promise.reject(cannotKeep()))
  try {
    const [run] = await Promise.all([made, durable])
    signal.throwIfAborted()
    charged.keep()
    return run
  } catch (error) {
    charged.refund()
    throw error
  }
}
