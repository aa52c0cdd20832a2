import type { Logger, Random } from '@neurovoyance/protocol'
import type { Libp2pOptions } from 'libp2p'
import { createMembership, type Membership } from './membership.js'
import { readSwarmKey } from './swarm-key.js'

/** What keeps strangers out of a private swarm. */
export interface PrivateSwarm {
  /** On QUIC and WebRTC-direct, which know nothing of pre-shared keys. */
  membership: Membership
  /** On TCP, WebSocket and relayed connections. */
  connectionProtector: NonNullable<Libp2pOptions['connectionProtector']>
}

/** What a private swarm is made from. */
export interface PrivateSwarmInit {
  swarmKey: string | undefined
  random: Random
  logger: Logger
}

/**
 * The private swarm of a key; `undefined` for the open network.
 *
 * @throws P2pError `P2P_SWARM_KEY_MALFORMED`
 */
export async function privateSwarm({
  swarmKey,
  random,
  logger,
}: PrivateSwarmInit): Promise<PrivateSwarm | undefined> {
  if (swarmKey === undefined) return undefined
  const key = readSwarmKey(swarmKey)
  const { preSharedKey } = await import('@libp2p/pnet')
  return {
    membership: createMembership({ swarmKey: key, random, logger }),
    connectionProtector: preSharedKey({ psk: keyFile(key) }),
  }
}

/** `@libp2p/pnet` takes a key as the text of its file. */
function keyFile(key: Uint8Array): Uint8Array {
  const digits = Array.from(key, byte => byte.toString(16).padStart(2, '0')).join('')
  return new TextEncoder().encode(`/key/swarm/psk/1.0.0/\n/base16/\n${digits}`)
}
