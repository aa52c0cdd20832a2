import { gatewayClient, type HiveNode, inspectHive } from '@neurovoyance/node/hive'

/** A connection between two processes; the client is whoever is none of the nodes. */
export interface Link {
  readonly from: string
  readonly to: string
  readonly transport: string
}

/** A running hive as its own nodes tell it. */
export interface HiveSight {
  readonly nodes: readonly HiveNode[]
  /** Each connection once. */
  readonly links: readonly Link[]
}

/** Asks every node of a hive how it is and whom it is connected to. */
export async function lookAtHive(folder: string): Promise<HiveSight> {
  const { nodes } = await inspectHive(folder)
  const told = await Promise.all(
    nodes.map(async ({ peerId, gateway }) =>
      (await gatewayClient(gateway).peers()).map(peer => ({
        from: peerId,
        to: peer.peerId,
        transport: peer.transport,
      })),
    ),
  )
  const links = new Map(told.flat().map(link => [[link.from, link.to].sort().join(), link]))
  return { nodes, links: [...links.values()] }
}
