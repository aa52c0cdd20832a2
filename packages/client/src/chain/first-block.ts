import type { Clock } from '@neurovoyance/protocol'
import { ClientError } from '../errors.js'
import type { ChainNodes } from './nodes.js'
import { pause } from './pause.js'
import type { ChainName } from './trust/store.js'

const ASK_AGAIN_MS = 250

/**
 * Waits until some node has the first block of a chain that begins: before it there is nothing to check.
 *
 * @throws ClientError `CLIENT_NO_CHAIN` where it does not come in time, or no peer keeps the chain
 */
export async function firstBlock({
  nodes,
  chain,
  clock,
  withinMs,
  signal,
}: {
  nodes: ChainNodes
  chain: ChainName
  clock: Clock
  withinMs: number
  signal: AbortSignal | undefined
}): Promise<void> {
  const until = clock.monotonicMs() + withinMs
  for (;;) {
    const list = await nodes.list(signal && { signal })
    if (list.some(({ height }) => height > 0)) return
    if (clock.monotonicMs() >= until) {
      throw new ClientError(
        'CLIENT_NO_CHAIN',
        `chain ${chain.chainId} has no block yet: start enough of its validators, or wait for its time to begin`,
        { details: { chainId: chain.chainId, nodes: list.length } },
      )
    }
    await pause(clock, ASK_AGAIN_MS, signal)
    nodes.refresh()
  }
}
