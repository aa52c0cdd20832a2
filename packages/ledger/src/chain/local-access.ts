import type { ChainAccess } from '../access.js'
import { baseFeeOf } from '../core/modules/fees/fee-market.js'
import { Draft } from '../core/state/draft.js'
import type { Chain } from './chain.js'

/** A chain of one's own node: what it says needs no proof. */
export function localAccess(chain: Chain): ChainAccess {
  const { state } = chain
  return {
    chainId: chain.chainId,
    async head() {
      const { height, timeMs } = chain.head()
      return {
        height,
        timeMs,
        baseFee: baseFeeOf({ draft: new Draft(state), parameters: chain.parameters() }),
      }
    },
    async get(keys) {
      return keys.map(key => state.get(key))
    },
    submit: bytes => chain.submit(bytes),
    settled: (id, options) => chain.settled(id, options),
  }
}
