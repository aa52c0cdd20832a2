/** The receiving process of the bench `artifact`: brings a file by CID or over a raw stream, to the disk and synced. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createArtifacts } from '@neurovoyance/p2p/artifacts'
import { FILE_BYTES, RAW_FILE } from './file-service.ts'
import { loopbackHost } from './loopback-host.ts'
import { watchGrowth } from './memory-growth.ts'

/** What one transfer took. */
export interface Transfer {
  milliseconds: number
  /** How far the process grew at most while it ran. */
  grownBytes: number
  sha256: string
}

const [dir, address, cid] = process.argv.slice(2) as [string, string, string]
const host = await loopbackHost()
const provider = await host.connect(address)
const [connection] = host.libp2p.getConnections()
if (connection === undefined) throw new Error('the hosts are not connected')
const artifacts = await createArtifacts({ host, dir: join(dir, 'store') })

async function byCid(): Promise<string> {
  return (await artifacts.fetch(cid, { providers: [provider] })).path
}

async function raw(): Promise<string> {
  const path = join(dir, 'raw.bin')
  const file = await open(path, 'w')
  const stream = await connection!.newStream(RAW_FILE)
  let received = 0
  for await (const data of stream) {
    const chunks = data instanceof Uint8Array ? [data] : [...data]
    for (const chunk of chunks) received += (await file.write(chunk)).bytesWritten
  }
  if (received !== FILE_BYTES) throw new Error(`${received} bytes came`)
  await file.sync()
  await file.close()
  await stream.close()
  return path
}

async function measured(transfer: () => Promise<string>): Promise<Transfer> {
  const grown = watchGrowth()
  const startMs = performance.now()
  const path = await transfer()
  const milliseconds = performance.now() - startMs
  const grownBytes = grown()
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  if (transfer === byCid) await artifacts.remove(cid)
  else await rm(path)
  return { milliseconds, grownBytes, sha256: hash.digest('hex') }
}

process.on('message', (mode: 'cid' | 'raw') => {
  void measured(mode === 'cid' ? byCid : raw).then(transfer => process.send?.(transfer))
})
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
