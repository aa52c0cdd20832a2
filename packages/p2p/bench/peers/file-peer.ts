/** The sending process of the bench `artifact`: holds one file, and sends it by CID or on raw streams. */
import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { createRpc } from '@neurovoyance/p2p'
import { createArtifacts } from '@neurovoyance/p2p/artifacts'
import { bareNode } from './bare-node.ts'
import { RAW_FILE, READ_BYTES } from './file-service.ts'

const [dir, path] = process.argv.slice(2) as [string, string]
const libp2p = await bareNode()
const artifacts = await createArtifacts({
  host: { peerId: libp2p.peerId.toString(), rpc: createRpc({ libp2p }), libp2p },
  dir,
})
const { cid } = await artifacts.add(path)

await libp2p.handle(RAW_FILE, async stream => {
  const file = await open(path, 'r')
  for (;;) {
    const { bytesRead, buffer } = await file.read(Buffer.allocUnsafeSlow(READ_BYTES), 0, READ_BYTES)
    if (bytesRead === 0) break
    if (!stream.send(buffer.subarray(0, bytesRead)))
      while (stream.writableNeedsDrain) await once(stream, 'drain')
  }
  await file.close()
  await stream.close()
})
process.on('disconnect', () => process.exit(0))
process.send?.({ addresses: libp2p.getMultiaddrs().map(String), cid })
