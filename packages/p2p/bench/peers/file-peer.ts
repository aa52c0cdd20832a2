/** The sending process of the bench `artifact`: holds one file, and sends it by CID or on raw streams. */
import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { createArtifacts } from '@neurovoyance/p2p/artifacts'
import { RAW_FILE, READ_BYTES } from './file-service.ts'
import { loopbackHost, tcpAddress } from './loopback-host.ts'
import { watchGrowth } from './memory-growth.ts'

const [dir, path] = process.argv.slice(2) as [string, string]
const host = await loopbackHost()
const artifacts = await createArtifacts({ host, dir })
const { cid } = await artifacts.add(path)

await host.libp2p.handle(RAW_FILE, async stream => {
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

let grown = watchGrowth()
process.on('message', (say: 'watch' | 'grown') => {
  if (say === 'watch') grown = watchGrowth()
  else process.send?.(grown())
})
process.send?.({ address: tcpAddress(host), cid })
