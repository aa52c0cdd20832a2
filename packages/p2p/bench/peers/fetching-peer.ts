/** The receiving process of the bench `artifact`: brings a file by CID or over a raw stream, to the disk and synced. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { multiaddr } from '@multiformats/multiaddr'
import { createRpc } from '@neurovoyance/p2p'
import { createArtifacts } from '@neurovoyance/p2p/artifacts'
import { bareNode } from './bare-node.ts'
import { FILE_BYTES, RAW_FILE } from './file-service.ts'

/** What one transfer took. */
export interface Transfer {
  milliseconds: number
  /** How far the process grew at most while it ran. */
  grownBytes: number
  sha256: string
}

const [dir, address, cid] = process.argv.slice(2) as [string, string, string]
const libp2p = await bareNode()
const connection = await libp2p.dial(multiaddr(address))
const provider = connection.remotePeer.toString()
const host = { peerId: libp2p.peerId.toString(), rpc: createRpc({ libp2p }), libp2p }
const artifacts = await createArtifacts({ host, dir: join(dir, 'store') })

async function byCid(): Promise<string> {
  return (await artifacts.fetch(cid, { providers: [provider] })).path
}

async function raw(): Promise<string> {
  const path = join(dir, 'raw.bin')
  const file = await open(path, 'w')
  const stream = await connection.newStream(RAW_FILE)
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
  globalThis.gc?.()
  const before = process.memoryUsage.rss()
  let most = before
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, 100)
  const startMs = performance.now()
  const path = await transfer()
  const milliseconds = performance.now() - startMs
  clearInterval(watch)
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  if (transfer === byCid) await artifacts.remove(cid)
  else await rm(path)
  return { milliseconds, grownBytes: Math.max(0, most - before), sha256: hash.digest('hex') }
}

process.on('message', (mode: 'cid' | 'raw') => {
  void measured(mode === 'cid' ? byCid : raw).then(transfer => process.send?.(transfer))
})
process.on('disconnect', () => process.exit(0))
process.send?.('ready')
