import { readFile } from 'node:fs/promises'
import type { Host } from '@neurovoyance/p2p'
import { createBootstrapHost, createPeerHost } from '@neurovoyance/p2p/node'
import type { Config } from '../config/schema.js'
import { NodeError } from '../errors.js'
import type { ServiceFactory } from '../service.js'
import type { NodeRole } from '../status.js'
import { withLoopback } from './loopback-rpc.js'

/** What the network service is made from. */
export interface NetworkInit {
  role: NodeRole
  /** Folder of the identity key and address book. */
  home: string
  config: Pick<Config, 'listen' | 'announce' | 'bootstrap' | 'mdns' | 'nat' | 'swarmKeyFile'>
}

/** Joins the peer-to-peer network; the node can call its own services too. */
export function network({ role, home, config }: NetworkInit): ServiceFactory<object, Host> {
  return async (_, { logger }) => {
    const { host, tcp, ws, quic, webrtc } = config.listen
    const swarmKey = await readSwarmKey(config.swarmKeyFile)
    const create = role === 'bootstrap' ? createBootstrapHost : createPeerHost
    const joined = await create({
      home,
      listen: {
        host,
        tcp: tcp ?? false,
        ws: ws ?? false,
        quic: quic ?? false,
        webrtcDirect: webrtc ?? false,
        announce: config.announce,
      },
      bootstrap: config.bootstrap,
      mdns: config.mdns,
      nat: config.nat ? { upnp: true } : { relay: false, webrtc: false, autonat: false },
      ...(swarmKey && { swarmKey }),
      logger,
    })
    return { ...joined, rpc: withLoopback(joined.rpc, joined.peerId) }
  }
}

/** The key of a private swarm; `undefined` on the public network. */
export async function readSwarmKey(path: string | null): Promise<string | undefined> {
  if (path === null) return undefined
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (error) {
    throw new NodeError(
      'NODE_CONFIG_INVALID',
      `The swarm's key cannot be read from ${path}: ${(error as Error).message}.`,
      { details: { path }, cause: error },
    )
  }
}
