import { LedgerError } from '@neurovoyance/ledger'
import type { LightSources } from '@neurovoyance/ledger/light'
import { type Clock, errorCode } from '@neurovoyance/protocol'
import { ClientError } from '../errors.js'
import { sourcesOf } from './light.js'
import { type Failure, failureOf, noAnswer } from './no-chain.js'
import type { ChainNodes } from './nodes.js'
import { pause } from './pause.js'
import type { ChainPeers } from './peers.js'
import type { ChainName } from './trust/store.js'

/** Asks one node after the other. */
export interface Attempts {
  /**
   * Does something with a node; with the next one where that fails. `undefined` is the answer of a node that is
   * behind: it is asked again later. A node that lied is left alone.
   *
   * @param options.isFinal whether an error is the answer, whichever node is asked
   * @param options.turn begins with another node each turn: what one says need not be true
   * @throws ClientError `CLIENT_NO_CHAIN` where no node could answer
   */
  each<Answer>(
    work: (peerId: string, sources: LightSources) => Promise<Answer | undefined>,
    options?: { signal?: AbortSignal | undefined; isFinal?: (error: unknown) => boolean; turn?: number },
  ): Promise<Answer>
}

/** Nodes that are tried for one answer. */
const MOST_NODES = 8
/** How long nodes that are behind get to catch up, and how often they are asked. */
const CATCH_UP_MS = 15_000
const ASK_AGAIN_MS = 100

/** What no other node would answer otherwise. */
const ANSWERS: ReadonlySet<string> = new Set([
  'LEDGER_LIGHT_FORK',
  'LEDGER_LIGHT_EXPIRED',
  'CLIENT_INVALID_ARGUMENT',
])

/** Found out here: an error with the same code that a node answers with is no more than its word. */
export const isAnswer = (error: unknown): boolean => isOwn(error) && ANSWERS.has(error.code)

/** The same where the caller named the height itself: one that is too far below all that is trusted stays that. */
export const isAnswerAtHeight = (error: unknown): boolean =>
  isAnswer(error) || (isOwn(error) && error.code === 'LEDGER_LIGHT_TOO_FAR')

const isOwn = (error: unknown): error is LedgerError | ClientError =>
  error instanceof LedgerError || error instanceof ClientError

/** What no honest node brings about: what it gave was none, or did not hold. */
const LIES: ReadonlySet<string> = new Set([
  'CLIENT_BAD_RESPONSE',
  'LEDGER_BAD_PROOF',
  'LEDGER_BAD_COMMIT',
  'LEDGER_BAD_LIGHT_BLOCK',
])

/** Asks the nodes of a chain. */
export function createAttempts(init: {
  nodes: ChainNodes
  peers: ChainPeers
  chain: ChainName
  clock: Clock
}): Attempts {
  const { nodes, peers, chain, clock } = init
  return {
    async each(work, { signal, isFinal = isAnswer, turn = 0 } = {}) {
      const until = clock.monotonicMs() + CATCH_UP_MS
      for (;;) {
        const list = (await nodes.list(signal && { signal })).map(({ peerId }) => peerId)
        const failures: Failure[] = []
        let behind = 0
        let cause: unknown
        for (const peerId of rotated(list.slice(0, MOST_NODES), turn)) {
          try {
            const answer = await work(peerId, sourcesOf(peers, peerId, list))
            if (answer !== undefined) return answer
            behind++
          } catch (error) {
            signal?.throwIfAborted()
            const code = errorCode(error)
            if (isFinal(error)) throw error
            if (code !== undefined && LIES.has(code)) nodes.distrust(peerId)
            else nodes.passOver(peerId)
            failures.push(failureOf(peerId, error))
            cause = error
          }
        }
        if (behind === 0 || clock.monotonicMs() > until) throw noAnswer(chain, failures, behind, cause)
        await pause(clock, ASK_AGAIN_MS, signal)
      }
    },
  }
}

function rotated(list: readonly string[], turn: number): readonly string[] {
  const first = turn % list.length
  return [...list.slice(first), ...list.slice(0, first)]
}
