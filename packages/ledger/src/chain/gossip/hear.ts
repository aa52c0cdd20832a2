import type { ChainGossip, Clock, ReceivedMessage } from '@neurovoyance/protocol'
import { errorCode } from '@neurovoyance/protocol'
import { sameBytes } from '../../core/block/merkle.js'
import { ledgerError } from '../../errors.js'
import { pause } from '../pause.js'
import { Pace } from './pace.js'
import type { Peer } from './peer.js'
import type { GossipSettings } from './settings.js'

/** What hearing a peer takes. */
export interface HearInit {
  chainId: string
  genesisHash: Uint8Array
  /** Takes one thing that was said; throws for what cannot be. */
  take(peer: Peer, gossip: ChainGossip): void
  /** The peer said that it speaks of this chain, or ended. */
  onHeard(peer: Peer): void
  penalise(peerId: string, reason: string): void
  /** Whether no transaction of a peer is read for a while. */
  isSpent(peer: Peer): boolean
  clock: Clock
  settings: Pick<GossipSettings, 'messagesPerSecond' | 'bytesPerSecond'>
}

/** How long a stream may be silent before it says of which chain it speaks. */
const HELLO_MS = 5_000

/**
 * Hears a peer until its stream ends, or `signal` or the peer's `hangUpIncoming` aborts. Of two streams of one peer the
 * newer counts. One that does not begin with a hello in time is closed. Who says more than is allowed is heard more slowly.
 *
 * @throws LedgerError `LEDGER_WRONG_CHAIN` where it speaks of another chain
 */
export async function hearFrom(
  peer: Peer,
  messages: AsyncIterable<ReceivedMessage<ChainGossip>>,
  signal: AbortSignal,
  init: HearInit,
): Promise<void> {
  const ending = new AbortController()
  const end = () => ending.abort()
  signal.addEventListener('abort', end)
  const iterator = messages[Symbol.asyncIterator]()
  try {
    const cancelDeadline = init.clock.after(HELLO_MS, end)
    const first = await nextUntil(iterator, ending.signal).finally(cancelDeadline)
    if (first === undefined) return
    checkHello(first.body, init)
    peer.hangUpIncoming?.abort()
    peer.hangUpIncoming = ending
    init.onHeard(peer)
    await hearAll(peer, iterator, ending.signal, init)
  } finally {
    signal.removeEventListener('abort', end)
    if (peer.hangUpIncoming === ending) {
      peer.hangUpIncoming = undefined
      peer.head = undefined
      peer.sources = new Set()
      init.onHeard(peer)
    }
    void iterator.return?.()?.catch(() => {})
  }
}

async function hearAll(
  peer: Peer,
  iterator: AsyncIterator<ReceivedMessage<ChainGossip>>,
  signal: AbortSignal,
  { take, penalise, isSpent, clock, settings }: HearInit,
): Promise<void> {
  const items = new Pace(clock, settings.messagesPerSecond)
  const bytes = new Pace(clock, settings.bytesPerSecond)
  for (;;) {
    const message = await nextUntil(iterator, signal)
    if (message === undefined) return
    try {
      take(peer, message.body)
    } catch (error) {
      penalise(peer.id, `a message that cannot be: ${errorCode(error)}`)
      throw error
    }
    const { count, size } = costOf(message.body, isSpent(peer))
    const waitMs = Math.max(items.use(count), bytes.use(size))
    if (waitMs > 0) await pause(clock, waitMs, signal)
  }
}

function checkHello({ hello }: ChainGossip, { chainId, genesisHash }: HearInit): void {
  if (hello === undefined) throw ledgerError('LEDGER_WRONG_CHAIN', 'a stream of gossip begins with a hello')
  if (hello.chainId !== chainId || !sameBytes(hello.genesis, genesisHash)) {
    throw ledgerError('LEDGER_WRONG_CHAIN', `this node has chain ${chainId}, of another genesis or name`)
  }
}

/** What is said costs by how many things it is about, and by its bytes where those are many. */
function costOf({ transactions, message }: ChainGossip, isSpent: boolean): { count: number; size: number } {
  const list = transactions?.transactions ?? []
  const size = list.reduce((sum, { length }) => sum + length, message?.part?.bytes.length ?? 0)
  // transactions are checked in a turn of their own: only reading them is paid for here, and offering them in vain
  const each = isSpent ? 1 : 1 / 16
  return { count: Math.max(1, list.length * each, message?.certificate?.votes.length ?? 0), size }
}

/** The next message; nothing at the end, or when `signal` aborts. */
function nextUntil<T>(iterator: AsyncIterator<T>, signal: AbortSignal): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const done = (): void => resolve(undefined)
    if (signal.aborted) {
      done()
      return
    }
    signal.addEventListener('abort', done, { once: true })
    iterator.next().then(
      step => {
        signal.removeEventListener('abort', done)
        resolve(step.done === true ? undefined : step.value)
      },
      error => {
        signal.removeEventListener('abort', done)
        reject(error)
      },
    )
  })
}
