import { type Clock, errorCode, type Logger } from '@neurovoyance/protocol'
import type { ChainNetwork } from '../network.js'
import { pause } from '../pause.js'
import { Outbox } from './outbox.js'
import type { Peer } from './peer.js'
import type { Penalties } from './penalties.js'
import type { GossipSettings } from './settings.js'

/** What speaking to peers takes. */
export interface SpeakInit {
  chainId: string
  genesisHash: Uint8Array
  network: Pick<ChainNetwork, 'gossip'>
  penalties: Penalties
  /** A stream is open: what the peer hears first. */
  greet(peer: Peer): void
  clock: Clock
  logger: Logger
  settings: GossipSettings
}

/** Keeps a stream to a peer open until `signal` aborts; one that breaks is opened again, less and less often. */
export async function speakTo(peer: Peer, signal: AbortSignal, init: SpeakInit): Promise<void> {
  const { clock, penalties, settings, logger } = init
  let retryMs = settings.retryMs
  while (!signal.aborted) {
    const restMs = penalties.remainingMs(peer.id)
    if (restMs > 0) {
      await pause(clock, restMs, signal)
      continue
    }
    const startedAt = clock.monotonicMs()
    const error = await speakOnce(peer, signal, init)
    if (signal.aborted) return
    logger.debug({ peer: peer.id, error }, 'a stream of gossip ended')
    const isOther = errorCode(error) === 'LEDGER_WRONG_CHAIN'
    if (isOther) retryMs = settings.maxRetryMs
    else if (clock.monotonicMs() - startedAt > settings.maxRetryMs) retryMs = settings.retryMs
    await pause(clock, retryMs, signal)
    retryMs = Math.min(settings.maxRetryMs, retryMs * 2)
  }
}

/** One stream, from hello to end; what ended it. */
async function speakOnce(peer: Peer, signal: AbortSignal, init: SpeakInit): Promise<unknown> {
  const { chainId, genesisHash, network, settings } = init
  const outbox = new Outbox({ chainId, genesis: genesisHash }, settings)
  const ending = new AbortController()
  const end = () => ending.abort()
  signal.addEventListener('abort', end)
  peer.outbox = outbox
  peer.hangUpOutgoing = ending
  try {
    init.greet(peer)
    for await (const _ of network.gossip(peer.id, outbox, ending.signal)) {
      // the other end has nothing to say but the end
    }
    return undefined
  } catch (error) {
    return error
  } finally {
    signal.removeEventListener('abort', end)
    peer.outbox = undefined
    peer.hangUpOutgoing = undefined
    outbox.close()
  }
}
