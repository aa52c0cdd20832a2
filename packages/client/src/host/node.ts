import type { Host } from '@neurovoyance/p2p'
import { createPeerHost } from '@neurovoyance/p2p/node'
import type { HostOpener } from './port.js'

/** Joins the network from Node: TCP, WebSocket, WebRTC; without listening. */
export const openHost: HostOpener = ({ bootstrap, home, swarmKey, logger }): Promise<Host> =>
  createPeerHost({
    profile: 'client',
    bootstrap,
    ...(home !== undefined && { home }),
    ...(swarmKey && { swarmKey }),
    ...(logger && { logger }),
  })
