import { type TransportPair, transportCompliance } from '@neurovoyance/testing/compliance'
import { describe, it } from 'vitest'
import { TestNetwork } from './network.js'

async function create(): Promise<TransportPair> {
  const network = new TestNetwork()
  const { client, server } = await network.pair()
  return {
    client: client.rpc,
    clientId: client.peerId,
    server: server.rpc,
    serverId: server.peerId,
    close: () => network[Symbol.asyncDispose](),
  }
}

describe('RPC is a transport', () => {
  for (const { name, run } of transportCompliance({ create })) it(name, run)
})
