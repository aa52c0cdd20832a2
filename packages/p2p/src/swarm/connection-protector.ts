import type { Libp2pOptions } from 'libp2p'
import { swarmKeyFile } from './swarm-key.js'

/** The pre-shared key's guard of TCP, WebSocket and relayed connections, in a private swarm. */
export async function connectionProtector(
  swarmKey: string | undefined,
): Promise<Pick<Libp2pOptions, 'connectionProtector'>> {
  if (swarmKey === undefined) return {}
  const psk = swarmKeyFile(swarmKey)
  const { preSharedKey } = await import('@libp2p/pnet')
  return { connectionProtector: preSharedKey({ psk }) }
}
