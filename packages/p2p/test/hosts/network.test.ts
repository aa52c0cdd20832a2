import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { bootstrap, identified, peer, until, untilPeers } from './hosts.ts'

async function home(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'nv-home-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

it('connects ten hosts that know one bootstrap to each other, none twice and no ghosts', async () => {
  const first = await bootstrap()
  const hosts = await Promise.all(Array.from({ length: 10 }, () => peer({ bootstrap: first.addresses() })))
  const all = [first, ...hosts]
  await Promise.all(
    all.map(host =>
      untilPeers(
        host,
        all.filter(other => other !== host),
      ),
    ),
  )

  const [leaver, ...stayers] = hosts
  await leaver?.close()
  await Promise.all([first, ...stayers].map(host => until(host, () => host.peers().length === 9)))
  expect(stayers.flatMap(host => host.peers()).some(({ peerId }) => peerId === leaver?.peerId)).toBe(false)
})

it('goes on without its bootstrap: a host that comes back finds the others from its address book', async () => {
  const first = await bootstrap()
  const returning = { home: await home(), bootstrap: first.addresses() }
  const a = await peer(returning)
  const met = identified(a)
  const b = await peer({ bootstrap: first.addresses() })
  await untilPeers(a, [first, b])
  await until(a, () => met.has(b.peerId))
  await a.close()
  await first.close()

  const back = await peer(returning)
  expect(back.peerId).toBe(a.peerId)
  await untilPeers(back, [b])
})

it('introduces a newcomer to everyone through any one host when the bootstrap is gone', async () => {
  const first = await bootstrap()
  const hosts = await Promise.all([1, 2, 3].map(() => peer({ bootstrap: first.addresses() })))
  await Promise.all(hosts.map(host => untilPeers(host, [first, ...hosts.filter(other => other !== host)])))
  await first.close()

  const newcomer = await peer({ bootstrap: [...first.addresses(), ...(hosts[0]?.addresses() ?? [])] })
  await untilPeers(newcomer, hosts)
})

it('comes back to a bootstrap that was away', async () => {
  const folder = await home()
  const first = await bootstrap({ home: folder })
  const addresses = first.addresses()
  const port = Number(addresses[0]?.split('/')[4])
  const a = await peer({ bootstrap: addresses })
  await untilPeers(a, [first])
  await first.close()
  await until(a, () => a.peers().length === 0)

  const again = await bootstrap({ home: folder, listen: { tcp: port } })
  await untilPeers(a, [again])
})

it('finds what others provide through the DHT when no bootstrap is left', async () => {
  const first = await bootstrap()
  const [a, b, c] = await Promise.all([1, 2, 3].map(() => peer({ bootstrap: first.addresses() })))
  if (a === undefined || b === undefined || c === undefined) throw new Error('no hosts')
  await Promise.all([
    untilPeers(a, [first, b, c]),
    untilPeers(b, [first, a, c]),
    untilPeers(c, [first, a, b]),
  ])
  await first.close()

  const { CID } = await import('multiformats/cid')
  const cid = CID.parse('bafkreifzjut3te7nhyekklss27nh3k72ysco7y32koao5eei66wof36n5e')
  await a.libp2p.contentRouting.provide(cid)
  for await (const provider of b.libp2p.contentRouting.findProviders(cid)) {
    expect(provider.id.toString()).toBe(a.peerId)
    // loopback addresses stay, or a hive on one machine would find nothing
    expect(provider.multiaddrs.length).toBeGreaterThan(0)
    return
  }
  expect.unreachable('no provider')
})
