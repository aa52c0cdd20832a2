import type { ListenInit } from '@neurovoyance/p2p/node'
import { type Client, createClient } from '../../src/index.js'
import type { ClientInit } from '../../src/init.js'
import { startBootstrap, type TestBootstrap } from './bootstrap.js'
import { startNode, type TestNode, type TestNodeInit } from './node.js'

/** A small network in this process: real hosts on loopback, closed together. */
export interface TestNetwork extends AsyncDisposable {
  readonly bootstrap: TestBootstrap
  readonly addresses: readonly string[]
  /** Starts a node; resolves when the bootstrap has its first offer. */
  node(init?: Partial<TestNodeInit>): Promise<TestNode>
  client(init?: ClientInit): Promise<Client>
}

/** Starts a network of one bootstrap; all its hosts listen on loopback. */
export async function startNetwork(): Promise<TestNetwork> {
  const listen: ListenInit = { host: '127.0.0.1' }
  const bootstrap = await startBootstrap(listen)
  const addresses = bootstrap.host.addresses()
  const closing: (() => Promise<void>)[] = [() => bootstrap.host.close()]
  return {
    bootstrap,
    addresses,
    async node(init = {}) {
      const node = await startNode({ bootstrap: addresses, listen, ...init })
      closing.push(() => node.close())
      // Gossip brings it as well, after up to three seconds.
      await bootstrap.market.acceptOffer(await node.sealedOffer, node.host.peerId)
      return node
    },
    async client(init = {}) {
      const client = await createClient({ bootstrap: addresses, ...init })
      closing.push(() => client.close())
      return client
    },
    async [Symbol.asyncDispose]() {
      for (const close of closing.toReversed()) await close()
    },
  }
}
