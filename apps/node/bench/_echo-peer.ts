/** A peer that sends back what it gets, on a raw libp2p stream: the measure of what a round trip costs here. */
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { tcp } from '@libp2p/tcp'
import { createLibp2p } from 'libp2p'

const libp2p = await createLibp2p({
  addresses: { listen: ['/ip4/127.0.0.1/tcp/0'] },
  transports: [tcp()],
  connectionEncrypters: [noise()],
  streamMuxers: [yamux()],
})
await libp2p.handle('/echo', stream => {
  stream.addEventListener('message', event => {
    stream.send(event.data)
  })
})
process.send!(libp2p.getMultiaddrs().map(String))
process.once('disconnect', () => process.exit())
