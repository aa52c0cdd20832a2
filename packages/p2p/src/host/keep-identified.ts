import type { Connection, IdentifyResult, Libp2p } from '@libp2p/interface'
import { byPreference } from '../transport-name.js'

/**
 * Identifies a peer again when one of several connections to it has closed.
 *
 * gossipsub holds its stream to a peer on one connection and does not open another one when that closes while
 * the peer stays connected; a new identification makes it do so.
 *
 * @returns a function that ends it
 */
export function keepIdentified(
  libp2p: Libp2p,
  identify: (connection: Connection) => Promise<IdentifyResult>,
): () => void {
  const onClose = ({ detail: closed }: CustomEvent<Connection>): void => {
    const best = byPreference(libp2p.getConnections(closed.remotePeer))[0]
    if (best === undefined) return
    identify(best).catch(error => best.log.error('could not identify again - %e', error))
  }
  libp2p.addEventListener('connection:close', onClose)
  return () => libp2p.removeEventListener('connection:close', onClose)
}
