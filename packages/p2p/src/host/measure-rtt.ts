import type { Connection, Libp2p } from '@libp2p/interface'
import { byteStream } from '@libp2p/utils'

const PING_PROTOCOL = '/ipfs/ping/1.0.0'
const PING_BYTES = 32
const TIMEOUT_MS = 5_000

/**
 * Measures the round trip of every connection as soon as it opens: libp2p's monitor, which goes on from there,
 * takes its first figure seconds later.
 *
 * @returns a function that ends it
 */
export function measureRtt(libp2p: Libp2p): () => void {
  const ending = new AbortController()
  const onOpen = ({ detail: connection }: CustomEvent<Connection>): void => {
    ping(connection, AbortSignal.any([ending.signal, AbortSignal.timeout(TIMEOUT_MS)])).then(
      rttMs => {
        connection.rtt ??= rttMs
      },
      error => connection.log.error('first ping failed - %e', error),
    )
  }
  libp2p.addEventListener('connection:open', onOpen)
  return () => {
    ending.abort()
    libp2p.removeEventListener('connection:open', onOpen)
  }
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
