import { fork } from 'node:child_process'
import { once } from 'node:events'
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { tcp } from '@libp2p/tcp'
import { multiaddr } from '@multiformats/multiaddr'
import { createLibp2p } from 'libp2p'

/** A raw open libp2p stream to a peer in another process that sends back what it gets. */
export interface Echo {
  /** Sends the payload and waits until as many bytes are back. */
  trip(): Promise<void>
  close(): Promise<void>
}

/** Opens an echo for payloads of a size. */
export async function openEcho(payloadBytes: number): Promise<Echo> {
  const peer = fork(new URL('./_echo-peer.ts', import.meta.url))
  const [addresses] = (await once(peer, 'message')) as [string[]]
  const libp2p = await createLibp2p({
    transports: [tcp()],
    connectionEncrypters: [noise()],
    streamMuxers: [yamux()],
  })
  const connection = await libp2p.dial(addresses.map(address => multiaddr(address)))
  const stream = await connection.newStream('/echo')
  const payload = crypto.getRandomValues(new Uint8Array(payloadBytes))
  let missing = 0
  let done = () => {}
  stream.addEventListener('message', event => {
    missing -= event.data.byteLength
    if (missing === 0) done()
  })
  return {
    trip: () =>
      new Promise(resolve => {
        missing = payloadBytes
        done = resolve
        stream.send(payload)
      }),
    async close() {
      peer.disconnect()
      await libp2p.stop()
    },
  }
}
