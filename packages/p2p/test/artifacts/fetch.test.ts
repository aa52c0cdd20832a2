import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { ArtifactProgress } from '../../src/artifacts/index.js'
import { signal } from '../rpc/network.js'
import { ArtifactNetwork, content, filesBelow } from './artifact-network.js'

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
