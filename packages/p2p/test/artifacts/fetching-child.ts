/** A process that fetches one artifact and tells its parent how far it is; run from the built package. */
import { noise } from '@chainsafe/libp2p-noise'
import { yamux } from '@chainsafe/libp2p-yamux'
import { tcp } from '@libp2p/tcp'
import { multiaddr } from '@multiformats/multiaddr'
import { createRpc } from '@neurovoyance/p2p'
import { createArtifacts } from '@neurovoyance/p2p/artifacts'
import { createLibp2p } from 'libp2p'

const [dir, address, cid] = process.argv.slice(2) as [string, string, string]
const libp2p = await createLibp2p({
  transports: [tcp()],
  connectionEncrypters: [noise()],
  streamMuxers: [yamux()],
  connectionGater: { denyDialMultiaddr: () => false },
})
const { remotePeer } = await libp2p.dial(multiaddr(address))
const host = { peerId: libp2p.peerId.toString(), rpc: createRpc({ libp2p }), libp2p }
const artifacts = await createArtifacts({ host, dir })
await artifacts.fetch(cid, {
  providers: [remotePeer.toString()],
  onProgress: ({ phase, doneBytes }) => process.send?.({ phase, doneBytes }),
})
