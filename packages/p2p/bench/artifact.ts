/**
 * 256 MiB by CID between two real hosts, each in a process of its own, every block verified, against one raw libp2p
 * stream on the same connection: both from file to file, synced to disk.
 */
import { once } from 'node:events'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { interleave, report } from '@neurovoyance/testing/bench'
import type { Transfer } from './peers/fetching-peer.ts'
import { FILE_BYTES, READ_BYTES } from './peers/file-service.ts'
import { spawnPeer } from './peers/spawn-peer.ts'

/** What the holding process says when it is ready. */
interface Held {
  address: string
  cid: string
}

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

  const holder = await spawnPeer<Held>('./file-peer.ts', [join(dir, 'holder'), path])
  const { address, cid } = holder.ready
  const fetcher = await spawnPeer<'ready'>('./fetching-peer.ts', [dir, address, cid])

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
    rounds: 5,
    warmup: 1,
  })
  fetcher.process.disconnect()

  holder.process.disconnect()

  // Memory is measured in a pair of processes that do nothing else: how far the first fetch makes each grow (compiled
  // code and the heap's first size with it), and how far those after it do.
  const leanHolder = await spawnPeer<Held>('./file-peer.ts', [join(dir, 'lean-holder'), path])
  const leanFetcher = await spawnPeer<'ready'>('./fetching-peer.ts', [
    join(dir, 'lean'),
    leanHolder.ready.address,
    cid,
  ])
  const fetcherMib: number[] = []
  const holderMib: number[] = []
  for (let fetch = 0; fetch < 4; fetch++) {
    leanHolder.process.send('watch')
    leanFetcher.process.send('cid')
    const [transfer] = (await once(leanFetcher.process, 'message')) as [Transfer]
    leanHolder.process.send('grown')
    const [grownBytes] = (await once(leanHolder.process, 'message')) as [number]
    fetcherMib.push(transfer.grownBytes / MIB)
    holderMib.push(grownBytes / MIB)
  }
  leanFetcher.process.disconnect()
  leanHolder.process.disconnect()
  if (hashes.size !== 1) throw new Error('the two ways brought different bytes')

  report({
    bench: 'artifact',
    metrics: {
      ratio: pairedRatio,
      artifactMibPerSecond: ours.summary.p50,
      rawMibPerSecond: theirs.summary.p50,
      firstFetcherGrownMib: fetcherMib[0]!,
      firstHolderGrownMib: holderMib[0]!,
      grownMib: Math.max(...fetcherMib, ...holderMib),
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
