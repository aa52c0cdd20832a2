import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ArtifactService } from '@neurovoyance/protocol'
import { describe, expect, it } from 'vitest'
import type { ArtifactProgress } from '../../src/artifacts/index.js'
import { signal } from '../rpc/network.js'
import { ArtifactNetwork, content, filesBelow, stopsAfter } from './artifact-network.js'

const MiB = 1024 * 1024

describe('fetching', () => {
  it.each([0, 1, MiB, 7 * MiB + 11])('brings a file of %i bytes to another peer', async size => {
    await using network = new ArtifactNetwork()
    const [holder, asker] = [await network.artifactPeer(), await network.artifactPeer()]
    await network.connect(asker, holder)
    const file = content(size)
    const dir = await network.write({ 'weights.bin': file })
    const added = await holder.artifacts.add(join(dir, 'weights.bin'))
    expect(added).toMatchObject({ bytes: size, files: 1 })
    const fetched = await asker.artifacts.fetch(added.cid, { providers: [holder.peerId] })
    expect(fetched).toMatchObject({ cid: added.cid, bytes: size, files: 1 })
    expect(Buffer.compare(await readFile(fetched.path), file)).toBe(0)
    expect(asker.artifacts.path(added.cid)).toBe(fetched.path)
    expect(asker.artifacts.list()).toEqual([fetched])
  })

  it('brings a folder, tells how far it is, and serves it on', async () => {
    await using network = new ArtifactNetwork()
    const [holder, asker, third] = [
      await network.artifactPeer(),
      await network.artifactPeer(),
      await network.artifactPeer(),
    ]
    await network.connect(asker, holder)
    await network.connect(third, asker)
    const dir = await network.write({
      'bundle/config.json': content(300),
      'bundle/onnx/model.onnx': content(2 * MiB + 5, 2),
      'bundle/onnx/model.onnx_data': content(4 * MiB, 3),
      'bundle/onnx/deep/empty.txt': content(0),
    })
    const { cid, bytes, files } = await holder.artifacts.add(join(dir, 'bundle'))
    expect({ bytes, files }).toEqual({ bytes: 6 * MiB + 305, files: 4 })
    const seen: ArtifactProgress[] = []
    const fetched = await asker.artifacts.fetch(cid, {
      providers: [holder.peerId],
      onProgress: progress => seen.push(progress),
    })
    expect(await filesBelow(fetched.path)).toEqual(await filesBelow(join(dir, 'bundle')))
    expect([...new Set(seen.map(({ phase }) => phase))]).toEqual(['find', 'verify', 'download', 'sync'])
    expect(seen.at(-1)).toMatchObject({ doneBytes: bytes, totalBytes: bytes })
    expect(Math.max(...seen.map(({ providers }) => providers))).toBe(1)
    const again = await third.artifacts.fetch(cid, { providers: [asker.peerId] })
    expect(await filesBelow(again.path)).toEqual(await filesBelow(join(dir, 'bundle')))
  })

  it('leaves at home what a folder hides', async () => {
    await using network = new ArtifactNetwork()
    const holder = await network.artifactPeer()
    const dir = await network.write({
      'bundle/model.onnx': content(300),
      'bundle/.env': content(10),
      'bundle/.git/config': content(10),
      'bundle/data/.cache': content(10),
    })
    const { cid, files } = await holder.artifacts.add(join(dir, 'bundle'))
    expect(files).toBe(1)
    expect(Object.keys(await filesBelow(holder.artifacts.path(cid)!))).toEqual(['model.onnx'])
  })

  it('reads parts of a file that stays where it is, verified', async () => {
    await using network = new ArtifactNetwork()
    const [holder, asker] = [await network.artifactPeer(), await network.artifactPeer()]
    await network.connect(asker, holder)
    const weights = content(3 * MiB + 7, 4)
    const dir = await network.write({ 'bundle/config.json': content(300), 'bundle/onnx/model.onnx': weights })
    const { cid } = await holder.artifacts.add(join(dir, 'bundle'))
    const remote = await asker.artifacts.open(cid, { providers: [holder.peerId] })
    expect(remote.files.map(({ path, bytes }) => [path, bytes])).toEqual([
      ['config.json', 300],
      ['onnx/model.onnx', weights.length],
    ])
    const file = remote.files[1]!
    for (const [offset, length] of [
      [0, 10],
      [MiB - 3, 7],
      [MiB + 5, 2 * MiB],
      [weights.length - 2, 100],
    ] as const) {
      expect(Buffer.compare(await file.read(offset, length), weights.subarray(offset, offset + length))).toBe(
        0,
      )
    }
    expect(Buffer.compare(await remote.files[0]!.read(0, 300), content(300))).toBe(0)
    expect(asker.artifacts.path(cid)).toBeUndefined()
    const { path } = holder.artifacts.list()[0]!
    await writeFile(join(path, 'onnx/model.onnx'), content(weights.length, 5))
    const again = await asker.artifacts.open(cid, { providers: [holder.peerId] })
    await expect(again.files[1]!.read(0, 10)).rejects.toMatchObject({ code: 'P2P_ARTIFACT_NOT_FOUND' })
  })

  it('reads from several providers at once', async () => {
    await using network = new ArtifactNetwork()
    const asker = await network.artifactPeer()
    const holders = [await network.artifactPeer(), await network.artifactPeer(), await network.artifactPeer()]
    await network.connect(asker, ...holders)
    const dir = await network.write({ 'weights.bin': content(48 * MiB) })
    let cid = ''
    for (const holder of holders) cid = (await holder.artifacts.add(join(dir, 'weights.bin'))).cid
    let most = 0
    const fetched = await asker.artifacts.fetch(cid, {
      providers: holders.map(holder => holder.peerId),
      onProgress: ({ providers }) => {
        most = Math.max(most, providers)
      },
    })
    expect(Buffer.compare(await readFile(fetched.path), content(48 * MiB))).toBe(0)
    expect(most).toBe(3)
  })

  it('finds providers through content routing', async () => {
    await using network = new ArtifactNetwork()
    const holder = await network.artifactPeer()
    const peer = await network.peer()
    await network.connect(peer, holder)
    const told = signal<string>()
    const contentRouting = {
      ...peer.libp2p.contentRouting,
      async *findProviders() {
        yield { id: holder.libp2p.peerId, multiaddrs: [], routing: 'test' }
      },
      provide: async (cid: { toString(): string }) => told.resolve(cid.toString()),
    }
    const host = { peerId: peer.peerId, rpc: peer.rpc, libp2p: { contentRouting } as never }
    const artifacts = await network.open(peer, join(await network.folder(), 'routed'), { host })
    const dir = await network.write({ 'a.bin': content(3 * MiB) })
    const { cid } = await holder.artifacts.add(join(dir, 'a.bin'))
    expect((await artifacts.fetch(cid)).bytes).toBe(3 * MiB)
    expect(await told.promise).toBe(cid)
  })

  it('says when nobody has it', async () => {
    await using network = new ArtifactNetwork()
    const [holder, asker] = [await network.artifactPeer(), await network.artifactPeer()]
    await network.connect(asker, holder)
    const cid = 'bafkreifzjut3te2nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e'
    await expect(asker.artifacts.fetch(cid, { providers: [holder.peerId] })).rejects.toMatchObject({
      code: 'P2P_ARTIFACT_NOT_FOUND',
      details: { cid, providers: 1 },
    })
    await expect(asker.artifacts.fetch(cid)).rejects.toMatchObject({ code: 'P2P_ARTIFACT_NOT_FOUND' })
    await expect(asker.artifacts.fetch('hello')).rejects.toMatchObject({ code: 'PROTOCOL_BAD_ID' })
  })
})

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

describe('stopping and going on', () => {
  it('keeps the blocks of a cancelled fetch and asks only for the rest', async () => {
    await using network = new ArtifactNetwork()
    const [holder, asker] = [await network.artifactPeer(), await network.artifactPeer()]
    await network.connect(asker, holder)
    const dir = await network.write({ 'weights.bin': content(64 * MiB) })
    const { cid } = await holder.artifacts.add(join(dir, 'weights.bin'))
    const controller = new AbortController()
    let reached = 0
    const stopped = asker.artifacts.fetch(cid, {
      providers: [holder.peerId],
      signal: controller.signal,
      onProgress: ({ phase, doneBytes }) => {
        if (phase !== 'download' || doneBytes < 16 * MiB) return
        reached = doneBytes
        controller.abort()
      },
    })
    await expect(stopped).rejects.toMatchObject({ code: 'P2P_CANCELLED' })
    expect(asker.artifacts.path(cid)).toBeUndefined()
    let resumedAt = 0
    const fetched = await asker.artifacts.fetch(cid, {
      providers: [holder.peerId],
      onProgress: ({ phase, doneBytes }) => {
        if (phase === 'verify') resumedAt = doneBytes
      },
    })
    expect(resumedAt).toBeGreaterThanOrEqual(reached)
    expect(Buffer.compare(await readFile(fetched.path), content(64 * MiB))).toBe(0)
    await expect(stat(join(asker.dir, 'partial', cid))).rejects.toMatchObject({ code: 'ENOENT' })
  })

  it('lets those who ask for the same artifact share one download', async () => {
    await using network = new ArtifactNetwork()
    const [holder, asker] = [await network.artifactPeer(), await network.artifactPeer()]
    await network.connect(asker, holder)
    const dir = await network.write({ 'weights.bin': content(8 * MiB) })
    const { cid } = await holder.artifacts.add(join(dir, 'weights.bin'))
    const controller = new AbortController()
    const left = asker.artifacts.fetch(cid, { providers: [holder.peerId], signal: controller.signal })
    const [stays, same] = [asker.artifacts.fetch(cid), asker.artifacts.fetch(cid)]
    controller.abort()
    await expect(left).rejects.toMatchObject({ code: 'P2P_CANCELLED' })
    expect(await stays).toEqual(await same)
  })

  it('forgets an artifact and opens again with what is left', async () => {
    await using network = new ArtifactNetwork()
    const peer = await network.artifactPeer()
    const dir = await network.write({ 'a.bin': content(10), 'b.bin': content(20) })
    const a = await peer.artifacts.add(join(dir, 'a.bin'))
    const b = await peer.artifacts.add(join(dir, 'b.bin'), { link: true })
    expect(await peer.artifacts.remove(a.cid)).toBe(true)
    expect(await peer.artifacts.remove(a.cid)).toBe(false)
    expect(peer.artifacts.path(a.cid)).toBeUndefined()
    await peer.artifacts.close()
    const reopened = await network.open(peer, peer.dir)
    expect(reopened.list()).toEqual([b])
    await expect(peer.artifacts.add(dir)).rejects.toMatchObject({ code: 'P2P_HOST_CLOSED' })
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
