import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ArtifactService } from '@neurovoyance/protocol'
import { describe, expect, it } from 'vitest'
import { signal } from '../rpc/network.js'
import { ArtifactNetwork, content, stopsAfter } from './artifact-network.js'

const MiB = 1024 * 1024

describe('providers that lie or fail', () => {
  it('leaves one whose bytes do not match and fetches them elsewhere', async () => {
    await using network = new ArtifactNetwork()
    const corrupt: string[] = []
    const asker = await network.artifactPeer({
      onCorruptProvider: peerId => corrupt.push(peerId),
      limits: { blocksInFlight: 4 },
    })
    const lied = signal()
    const honest = await network.peer()
    const liar = await network.peer()
    const honestStore = await network.open(honest, join(await network.folder(), 'honest'), {
      host: stopsAfter(honest, 1, lied.promise),
    })
    const liarStore = await network.open(liar, join(await network.folder(), 'liar'), {
      host: { ...liar, rpc: { ...liar.rpc, serve: () => () => {} } },
    })
    await network.connect(asker, honest, liar)
    const dir = await network.write({ 'weights.bin': content(24 * MiB) })
    const { cid } = await honestStore.add(join(dir, 'weights.bin'))
    await liarStore.add(join(dir, 'weights.bin'))
    liar.rpc.serve(ArtifactService, {
      Nodes: request => honestNodes(honest.peerId, asker, request.body.cids),
      async *Read(requests) {
        for await (const { body } of requests) {
          const bytes = content(24 * MiB).slice(body.offset, body.offset + body.length)
          bytes[body.length - 1]! ^= 1
          lied.resolve()
          yield { body: { offset: body.offset }, attachments: [bytes] }
        }
      },
    })
    const fetched = await asker.artifacts.fetch(cid, { providers: [liar.peerId, honest.peerId] })
    expect(Buffer.compare(await readFile(fetched.path), content(24 * MiB))).toBe(0)
    expect(corrupt).toEqual([liar.peerId])
  })

  it('leaves one that sends other nodes', async () => {
    await using network = new ArtifactNetwork()
    const corrupt: string[] = []
    const asker = await network.artifactPeer({ onCorruptProvider: peerId => corrupt.push(peerId) })
    const liar = await network.peer()
    await network.connect(asker, liar)
    liar.rpc.serve(ArtifactService, {
      Nodes: ({ body }) => ({ body, attachments: body.cids.map(() => content(100)) }),
    })
    const cid = 'bafybeifx7yeb55armcsxwwitkymga5xf53dxiarykms3ygqic223w5sk3m'
    const fetching = asker.artifacts.fetch(cid, { providers: [liar.peerId] })
    await expect(fetching).rejects.toMatchObject({ code: 'P2P_ARTIFACT_NOT_FOUND' })
    expect(corrupt).toEqual([liar.peerId])
  })

  it('goes on without one that stalls or goes away', async () => {
    await using network = new ArtifactNetwork()
    const asker = await network.artifactPeer({
      // on a busy machine the honest one may seem to stall too: it comes back
      limits: { stallMs: 1000, providerRetries: 100, blocksInFlight: 4 },
    })
    const asked = signal()
    const honest = await network.peer()
    const silent = await network.peer()
    await network.connect(asker, honest, silent)
    const dir = await network.write({ 'weights.bin': content(12 * MiB) })
    const store = await network.open(honest, join(dir, 'honest'), {
      host: stopsAfter(honest, 1, asked.promise),
    })
    const { cid } = await store.add(join(dir, 'weights.bin'))
    silent.rpc.serve(ArtifactService, {
      async *Read(requests, { signal: gone }) {
        for await (const _ of requests) {
          asked.resolve()
          await new Promise(resolve => gone.addEventListener('abort', resolve))
        }
      },
    })
    const fetched = await asker.artifacts.fetch(cid, { providers: [honest.peerId, silent.peerId] })
    expect(Buffer.compare(await readFile(fetched.path), content(12 * MiB))).toBe(0)
  })
})

/** Asks an honest peer for nodes, so that a liar can hand them on. */
async function honestNodes(
  peerId: string,
  through: { rpc: { call: ArtifactCall } },
  cids: readonly string[],
): Promise<{ body: { cids: readonly string[] }; attachments: readonly Uint8Array[] }> {
  return through.rpc.call(peerId, ArtifactService, 'Nodes', { body: { cids } })
}

type ArtifactCall = (
  peerId: string,
  service: typeof ArtifactService,
  method: 'Nodes',
  message: { body: { cids: readonly string[] } },
) => Promise<{ body: { cids: readonly string[] }; attachments: readonly Uint8Array[] }>
