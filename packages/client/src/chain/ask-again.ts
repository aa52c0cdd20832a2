import type { Clock } from '@neurovoyance/protocol'
import { ClientError } from '../errors.js'
import { isNobody } from './no-chain.js'
import type { ChainNodes } from './nodes.js'
import { pause } from './pause.js'

const ASK_AGAIN_MS = 250

/** For how long nodes are asked again. */
export interface Patience {
  readonly nodes: Pick<ChainNodes, 'refresh'>
  readonly clock: Clock
  /** By the clock's monotonic time. */
  readonly untilMs: number
  readonly signal: AbortSignal | undefined
}

/**
 * Asks nodes, and again while nobody is connected or answers: whoever is connected by then. What a node did answer is
 * final.
 *
 * @throws ClientError `CLIENT_NO_CHAIN` as it was the last time, with how often that was in `details.rounds`; the
 * signal's reason
 */
export async function askAgain<Answer>(
  ask: () => Promise<Answer>,
  { nodes, clock, untilMs, signal }: Patience,
): Promise<Answer> {
  for (let rounds = 1; ; rounds++) {
    try {
      return await ask()
    } catch (error) {
      if (!isNobody(error)) throw error
      if (clock.monotonicMs() >= untilMs) throw rounds === 1 ? error : givenUp(error, rounds)
    }
    await pause(clock, ASK_AGAIN_MS, signal)
    nodes.refresh()
  }
}

const givenUp = (last: ClientError, rounds: number): ClientError =>
  new ClientError('CLIENT_NO_CHAIN', `${last.message} (asked ${rounds} times)`, {
    details: { ...last.details, rounds },
    cause: last,
  })
