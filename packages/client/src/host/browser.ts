import type { Host } from '@neurovoyance/p2p'
import { createBrowserHost } from '@neurovoyance/p2p/browser'
import type { HostOpener } from './port.js'

/** Joins the network from a browser: WebSocket, WebRTC. */
export const openHost: HostOpener = ({ bootstrap, swarmKey, logger }): Promise<Host> =>
  createBrowserHost({ bootstrap, ...(swarmKey && { swarmKey }), ...(logger && { logger }) })
