import type { Host } from '@neurovoyance/p2p'
import { type Client, createClient } from '../../src/index.js'
import type { ClientInit } from '../../src/init.js'
import { startBootstrap } from './bootstrap.js'
import { startNode, type TestNode, type TestNodeInit } from './node.js'

/** A small network in this process: real hosts on loopback, closed together. */
export interface TestNetwork extends AsyncDisposable {
  readonly bootstrap: Host
  readonly addresses: readonly string[]
  node(init?: Omit<TestNodeInit, 'bootstrap'>): Promise<TestNode>
  client(init?: ClientInit): Promise<Client>
}

/** Starts a network of one bootstrap. */
export async function startNetwork(): Promise<TestNetwork> {
  const bootstrap = await startBootstrap()
  const addresses = bootstrap.addresses()
  const closing: (() => Promise<void>)[] = [() => bootstrap.close()]
  return {
    bootstrap,
    addresses,
    async node(init = {}) {
      const node = await startNode({ bootstrap: addresses, ...init })
      closing.push(() => node.close())
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
