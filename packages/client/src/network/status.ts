import type { PeerSummary } from '@neurovoyance/p2p'
import { assertOpen, type ClientContext } from '../context.js'

/** The network as this client sees it. */
export interface NetworkStatus {
  /** This client's own id. */
  peerId: string
  /** The peers it is connected to. */
  peers: PeerSummary[]
  /** How many nodes it has offers from. */
  nodes: number
  /** How many different models they host. */
  models: number
}

/** Tells who this client is connected to and what it knows of. */
export function networkStatus(client: ClientContext): NetworkStatus {
  assertOpen(client)
  const { nodes, models } = client.market.snapshot()
  return { peerId: client.host.peerId, peers: client.host.peers(), nodes, models: models.length }
}
