import { fork } from 'node:child_process'
import { once } from 'node:events'
import { open, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { signal } from '../rpc/network.js'
import { ArtifactNetwork, content, stopsAfter } from './artifact-network.js'

const MiB = 1024 * 1024
const SIZE = 48 * MiB

it('goes on after a kill -9 with the blocks that are proven to be there', async () => {
  await using network = new ArtifactNetwork()
  const peer = await network.peer()
  const asker = await network.peer()
  const letGo = signal()
  const dir = await network.write({ 'weights.bin': content(SIZE) })
  const holder = await network.open(peer, join(dir, 'holder'), { host: stopsAfter(peer, 20, letGo.promise) })
  const { cid } = await holder.add(join(dir, 'weights.bin'))

  const store = join(dir, 'asker')
  const child = fork(
    new URL('./fetching-child.ts', import.meta.url),
    [store, peer.libp2p.getMultiaddrs()[0]!.toString(), cid],
    { execArgv: [], stdio: ['ignore', 'inherit', 'inherit', 'ipc'] },
  )
  for await (const [progress] of on(child)) if (progress.doneBytes >= 20 * MiB) break
  child.kill('SIGKILL')
  await once(child, 'exit')
  letGo.resolve()

  // What the power's going could do as well: a block that the journal names is damaged, an entry is half written.
  const partial = join(store, 'partial', cid)
  const journal = await readFile(join(partial, 'blocks.journal'))
  expect(journal.length / 4).toBeGreaterThanOrEqual(20)
  await writeFile(join(partial, 'blocks.journal'), Buffer.concat([journal, Buffer.from([1, 2])]))
  const file = await open(join(partial, 'content'), 'r+')
  await file.write(new Uint8Array(100), 0, 100, journal.readUInt32LE(0) * MiB)
  await file.close()

  await network.connect(asker, peer)
  const artifacts = await network.open(asker, store)
  expect(artifacts.list()).toEqual([])
  let verified = 0
  const fetched = await artifacts.fetch(cid, {
    providers: [peer.peerId],
    onProgress: ({ phase, doneBytes }) => {
      if (phase === 'verify') verified = doneBytes
    },
  })
  expect(verified).toBe((journal.length / 4 - 1) * MiB)
  expect(Buffer.compare(await readFile(fetched.path), content(SIZE))).toBe(0)
  expect(await readdir(join(store, 'partial'))).toEqual([])
})

it('removes what a killed import left, and never lists it', async () => {
  await using network = new ArtifactNetwork()
  const peer = await network.artifactPeer()
  const dir = await network.write({ 'a.bin': content(100) })
  const { cid } = await peer.artifacts.add(join(dir, 'a.bin'))
  await peer.artifacts.close()
  await network.write({
    [`${peer.peerId}/incoming/x/content`]: content(100),
    [`${peer.peerId}/complete/not-a-cid/content`]: content(100),
  })
  const reopened = await network.open(peer, peer.dir)
  expect(reopened.list().map(({ cid }) => cid)).toEqual([cid])
  await expect(stat(join(peer.dir, 'incoming', 'x'))).rejects.toMatchObject({ code: 'ENOENT' })
})

it('leaves out an artifact that somebody wrote to, and fetches it again', async () => {
  await using network = new ArtifactNetwork()
  const [holder, asker] = [await network.artifactPeer(), await network.artifactPeer()]
  await network.connect(asker, holder)
  const dir = await network.write({ 'a.bin': content(5000) })
  const { cid } = await holder.artifacts.add(join(dir, 'a.bin'))
  const { path } = await asker.artifacts.fetch(cid, { providers: [holder.peerId] })
  await asker.artifacts.close()
  await writeFile(path, content(5000, 9))
  const reopened = await network.open(asker, asker.dir)
  expect(reopened.path(cid)).toBeUndefined()
  await reopened.fetch(cid, { providers: [holder.peerId] })
  expect(Buffer.compare(await readFile(path), content(5000))).toBe(0)
})

/** The messages of a process, as they come. */
async function* on(child: ReturnType<typeof fork>): AsyncGenerator<[{ doneBytes: number }]> {
  for (;;) yield (await once(child, 'message')) as [{ doneBytes: number }]
}
