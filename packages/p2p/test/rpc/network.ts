import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import type { Libp2p } from '@libp2p/interface'
import { tcp } from '@libp2p/tcp'
import { createLibp2p, type Libp2pOptions } from 'libp2p'
import { createRpc, type Rpc, type RpcInit } from '../../src/rpc/index.js'

/** One end of a test: a plain libp2p node with RPC on it. */
export interface TestPeer {
  libp2p: Libp2p
  rpc: Rpc
  peerId: string
}

/** A bare libp2p node on loopback. */
export function bareNode(init: Libp2pOptions = {}): Promise<Libp2p> {
  return createLibp2p({
    ...init,
    addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
    connectionGater: { denyDialMultiaddr: () => false },
  })
}

/** Starts nodes, connected in a line, and stops them all at the end of the test. */
export class TestNetwork implements AsyncDisposable {
  readonly #nodes: Libp2p[] = []
  readonly #rpcs: Rpc[] = []

  async peer(init: Partial<RpcInit> = {}): Promise<TestPeer> {
    const libp2p = await bareNode()
    this.#nodes.push(libp2p)
    const rpc = createRpc({ libp2p, ...init })
    this.#rpcs.push(rpc)
    return { libp2p, rpc, peerId: libp2p.peerId.toString() }
  }

  /** Two peers with a connection from the first to the second. */
  async pair(
    client: Partial<RpcInit> = {},
    server: Partial<RpcInit> = {},
  ): Promise<{ client: TestPeer; server: TestPeer }> {
    const peers = { client: await this.peer(client), server: await this.peer(server) }
    await peers.client.libp2p.dial(peers.server.libp2p.getMultiaddrs())
    return peers
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const rpc of this.#rpcs) rpc.close()
    await Promise.all(this.#nodes.map(node => node.stop()))
  }
}

/** A promise that someone else settles. */
export interface Signal<T> {
  promise: Promise<T>
  resolve: (value: T) => void
}

/** Makes a promise that someone else settles. */
export function signal<T = void>(): Signal<T> {
  let resolve: (value: T) => void = () => {}
  const promise = new Promise<T>(settle => {
    resolve = settle
  })
  return { promise, resolve }
}
