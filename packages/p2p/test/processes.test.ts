import { mkdtemp, readFile, rm, watch } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { ADDRESS_BOOK_FILE } from '../src/node/index.ts'
import { type HostProcess, startHostProcess } from './processes/host-process.ts'

const listen = { host: '127.0.0.1' }

async function home(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'nv-home-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** The peers in a home's address book, as it is on the disk. */
async function book(folder: string): Promise<string[]> {
  const { peers } = JSON.parse(await readFile(join(folder, ADDRESS_BOOK_FILE), 'utf8'))
  return peers.map(({ peerId }: { peerId: string }) => peerId)
}

it('comes back after kill -9, when the bootstrap was killed too, to the peers it knew', async () => {
  const bootstrap = await startHostProcess({ role: 'bootstrap', listen })
  const init = { listen, bootstrap: bootstrap.addresses, home: await home() }
  const first = await startHostProcess(init)
  const other = await startHostProcess({ listen, bootstrap: bootstrap.addresses })
  await Promise.all([first.connected(other.peerId), other.connected(first.peerId)])
  await written(init.home, other)

  await Promise.all([first.kill(), bootstrap.kill()])
  const back = await startHostProcess(init)
  expect(back.peerId).toBe(first.peerId)
  await back.connected(other.peerId)
  expect(await back.echo(other.peerId)).toMatchObject({ same: true })
})

/** Resolves when the address book on the disk has a peer in it. */
async function written(folder: string, { peerId }: HostProcess): Promise<void> {
  const stop = new AbortController()
  const changes = watch(folder, { signal: stop.signal })
  const has = () =>
    book(folder).then(
      peers => peers.includes(peerId),
      () => false,
    )
  if (await has()) return stop.abort()
  for await (const _ of changes) if (await has()) return
}

it.each([-1, 1])('connects with a clock that is wrong by %i day', async days => {
  const shift = new URL('processes/shift-clock.ts', import.meta.url)
  shift.searchParams.set('days', String(days))
  const bootstrap = await startHostProcess({ role: 'bootstrap', listen })
  const init = { listen, bootstrap: bootstrap.addresses }
  const wrong = await startHostProcess(init, undefined, ['--import', shift.href])
  const right = await startHostProcess(init)
  await Promise.all([wrong.connected(right.peerId), right.connected(wrong.peerId)])
  expect(await wrong.echo(right.peerId)).toMatchObject({ same: true })
  expect(await right.echo(wrong.peerId)).toMatchObject({ same: true })
})

it('leaves nothing running when it closes', async () => {
  const bootstrap = await startHostProcess({ role: 'bootstrap', listen })
  const peer = await startHostProcess({
    listen: { ...listen, quic: 0, webrtcDirect: 0 },
    bootstrap: bootstrap.addresses,
  })
  await peer.connected(bootstrap.peerId)
  const exited = new Promise(resolve => peer.child.once('exit', resolve))
  // the end of its input closes the host; the process then ends because nothing keeps it
  peer.child.stdin?.end()
  expect(await exited).toBe(0)
})
