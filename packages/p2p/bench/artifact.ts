/**
 * 256 MiB by CID between two processes, every block verified, against one raw libp2p stream: both from file to file,
 * synced to disk.
 */
import { once } from 'node:events'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { interleave, report } from '@neurovoyance/testing/bench'
import type { Transfer } from './peers/fetching-peer.ts'
import { FILE_BYTES, READ_BYTES } from './peers/file-service.ts'
import { spawnPeer } from './peers/spawn-peer.ts'

const MIB = 1024 * 1024
const dir = await mkdtemp(join(tmpdir(), 'nv-bench-artifact-'))
try {
  const path = join(dir, 'weights.bin')
  const file = await open(path, 'w')
  for (let at = 0; at < FILE_BYTES; at += READ_BYTES) {
    const block = new Uint8Array(READ_BYTES)
    for (let part = 0; part < READ_BYTES; part += 65_536)
      crypto.getRandomValues(block.subarray(part, part + 65_536))
    await file.write(block)
  }
  await file.close()

  const holder = await spawnPeer<{ addresses: string[]; cid: string }>('./file-peer.ts', [
    join(dir, 'holder'),
    path,
  ])
  const { addresses, cid } = holder.ready
  const fetcher = await spawnPeer<'ready'>('./fetching-peer.ts', [dir, addresses[0]!, cid])

  const hashes = new Set<string>()
  const rate = (mode: 'cid' | 'raw') => async () => {
    fetcher.process.send(mode)
    const [transfer] = (await once(fetcher.process, 'message')) as [Transfer]
    hashes.add(transfer.sha256)
    return FILE_BYTES / MIB / (transfer.milliseconds / 1000)
  }
  const { ours, theirs, pairedRatio } = await interleave({
    ours: rate('cid'),
    theirs: rate('raw'),
    rounds: 11,
    warmup: 1,
  })
  fetcher.process.disconnect()

  // Memory is measured in a process that does nothing else: how far the first fetch makes it grow (compiled code and
  // the heap's first size with it), and how far those after it do.
  const lean = await spawnPeer<'ready'>('./fetching-peer.ts', [join(dir, 'lean'), addresses[0]!, cid])
  const grownMib: number[] = []
  for (let fetch = 0; fetch < 4; fetch++) {
    lean.process.send('cid')
    const [transfer] = (await once(lean.process, 'message')) as [Transfer]
    grownMib.push(transfer.grownBytes / MIB)
  }
  lean.process.disconnect()
  holder.process.disconnect()
  if (hashes.size !== 1) throw new Error('the two ways brought different bytes')

  report({
    bench: 'artifact',
    metrics: {
      ratio: pairedRatio,
      artifactMibPerSecond: ours.summary.p50,
      rawMibPerSecond: theirs.summary.p50,
      firstGrownMib: grownMib[0]!,
      grownMib: Math.max(...grownMib.slice(1)),
    },
    targets: { ratio: '>=0.8', grownMib: '<=64' },
    spread: {
      artifact: { unit: 'MiB/s', ...ours.summary },
      raw: { unit: 'MiB/s', ...theirs.summary },
    },
  })
} finally {
  await rm(dir, { recursive: true, force: true })
}
