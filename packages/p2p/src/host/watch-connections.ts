import type { Connection, Libp2p } from '@libp2p/interface'
import { byteStream } from '@libp2p/utils'
import type { Clock } from '@neurovoyance/protocol'
import { P2pError } from '../errors.js'

const PING_PROTOCOL = '/ipfs/ping/1.0.0'
const PING_BYTES = 32

/** Pause between the pings of a connection. Offers die much sooner where a node falls silent. */
const PAUSE_MS = 15_000
/** A ping is waited for so many times so long: a process that was held up itself, or asleep, counts that once. */
const WAITS = 10
const WAIT_MS = 1_000
/** A machine whose processors are all busy may miss some pings in a row; one that is gone misses all. */
const MOST_UNANSWERED = 3

/**
 * Measures the round trip of every connection, as soon as it opens and again and again, and closes those from which
 * nothing comes any more.
 *
 * libp2p's own monitor closes a connection when a single ping of it fails, whatever the reason: twenty nodes on two
 * busy processors lost most of their peers by it, all of them alive.
 *
 * @returns a function that ends it
 */
export function watchConnections(libp2p: Libp2p, clock: Clock): () => void {
  const watched = new Map<Connection, () => void>()

  const watch = (connection: Connection): void => {
    if (watched.has(connection)) return
    const ending = new AbortController()
    watched.set(connection, () => ending.abort())
    void keepPinging(connection, clock, ending.signal)
  }
  const onOpen = ({ detail }: CustomEvent<Connection>): void => watch(detail)
  const onClose = ({ detail }: CustomEvent<Connection>): void => {
    watched.get(detail)?.()
    watched.delete(detail)
  }

  libp2p.addEventListener('connection:open', onOpen)
  libp2p.addEventListener('connection:close', onClose)
  for (const connection of libp2p.getConnections()) watch(connection)
  return () => {
    libp2p.removeEventListener('connection:open', onOpen)
    libp2p.removeEventListener('connection:close', onClose)
    for (const end of watched.values()) end()
    watched.clear()
  }
}

async function keepPinging(connection: Connection, clock: Clock, ending: AbortSignal): Promise<void> {
  for (let unanswered = 0; ; ) {
    const patience = createPatience(clock)
    try {
      connection.rtt = await ping(connection, AbortSignal.any([ending, patience.over]))
      unanswered = 0
    } catch (error) {
      connection.log.error('ping failed - %e', error)
      // A stream that is refused or reset comes from somebody who lives.
      unanswered = patience.over.aborted ? unanswered + 1 : 0
    } finally {
      patience.end()
    }
    if (unanswered === MOST_UNANSWERED || ending.aborted) break
    await pause(clock, PAUSE_MS, ending)
    if (ending.aborted) break
  }
  if (ending.aborted) return
  const peerId = connection.remotePeer.toString()
  connection.abort(
    new P2pError(
      'P2P_PEER_UNREACHABLE',
      `${peerId} left ${MOST_UNANSWERED} pings in a row without an answer.`,
      {
        details: { peerId },
      },
    ),
  )
}

/** A time that is over after its waits, each of which leaves this process a turn to read what has come. */
function createPatience(clock: Clock): { over: AbortSignal; end(): void } {
  const controller = new AbortController()
  let waits = 0
  let cancel = clock.after(WAIT_MS, function next() {
    if (++waits === WAITS) controller.abort()
    else cancel = clock.after(WAIT_MS, next)
  })
  return { over: controller.signal, end: () => cancel() }
}

async function ping(connection: Connection, signal: AbortSignal): Promise<number> {
  const stream = await connection.newStream(PING_PROTOCOL, { signal, runOnLimitedConnection: true })
  try {
    const bytes = byteStream(stream)
    const start = performance.now()
    await bytes.write(crypto.getRandomValues(new Uint8Array(PING_BYTES)), { signal })
    await bytes.read({ bytes: PING_BYTES, signal })
    return performance.now() - start
  } finally {
    stream.close({ signal }).catch(error => stream.abort(error))
  }
}

function pause(clock: Clock, ms: number, ending: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    const end = (): void => {
      cancel()
      ending.removeEventListener('abort', end)
      resolve()
    }
    const cancel = clock.after(ms, end)
    if (ending.aborted) end()
    else ending.addEventListener('abort', end)
  })
}
