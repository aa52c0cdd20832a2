import { type Client, createClient } from '@neurovoyance/client'
import type { Host } from '@neurovoyance/p2p'
import type { ServiceFactory } from '../service.js'

/** The node's own client: the market as it hears it, and requests of its gateway sent to whoever is best, itself included. */
export function client(): ServiceFactory<{ network: Host }, Client> {
  return ({ network }, { logger, clock }) => createClient({ host: network, logger, clock })
}
