import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ArtifactNetwork, content } from './artifact-network.js'

const MiB = 1024 * 1024

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
