import type { Host } from '@neurovoyance/p2p'
import { ClientError } from '../errors.js'
import type { ClientSettings } from '../init.js'
import { noNetwork } from './no-network.js'

/**
 * Waits until the host has its first peer: dials the bootstrap addresses side by side, and takes whoever comes.
 *
 * @throws ClientError `CLIENT_NO_NETWORK`, `CLIENT_CANCELLED`
 */
export async function firstPeer(
  host: Host,
  {
    bootstrap,
    home,
    connectTimeoutMs,
    signal,
  }: Pick<ClientSettings, 'bootstrap' | 'home' | 'connectTimeoutMs' | 'signal'>,
): Promise<void> {
  if (host.peers().length > 0) return
  const settled = new AbortController()
  const within = AbortSignal.any([
    settled.signal,
    AbortSignal.timeout(connectTimeoutMs),
    ...(signal ? [signal] : []),
  ])
  const came = new Promise<void>(resolve => {
    const stop = host.onPeer(({ type }) => type === 'connect' && resolve())
    settled.signal.addEventListener('abort', stop)
  })
  const ended = new Promise<never>((_, reject) => {
    within.addEventListener('abort', () => reject(within.reason))
  })
  const dialled = Promise.any(bootstrap.map(address => host.connect(address, { signal: within })))
  try {
    // With an address book a peer may still come when every bootstrap is gone.
    await Promise.race([came, ended, home === undefined ? dialled : dialled.catch(() => ended)])
  } catch (cause) {
    if (signal?.aborted) throw new ClientError('CLIENT_CANCELLED', 'connecting was cancelled', { cause })
    throw noNetwork(bootstrap, cause)
  } finally {
    settled.abort()
  }
}
