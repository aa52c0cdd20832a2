import { createNatRig, type NatRig, natRigUnavailable } from '@neurovoyance/testing/nat'
import { expect, it, onTestFinished } from 'vitest'
import { type HostProcess, startHostProcess } from './processes/host-process.ts'
import { createLan } from './processes/lan.ts'
import { startGateway } from './processes/start-gateway.ts'

const unavailable = natRigUnavailable()

/** Two networks behind NATs and the open one between them, gone when the test ends. */
async function natRig(): Promise<NatRig> {
  const rig = await createNatRig()
  onTestFinished(() => rig.close())
  return rig
}

/** A bootstrap that everybody reaches. */
const bootstrapOutside = ({ outside }: NatRig): Promise<HostProcess> =>
  startHostProcess(
    { role: 'bootstrap', listen: { host: outside.address, tcp: 4001, ws: 4002 } },
    outside.spawn,
  )

it('connects two hosts behind two NATs: by relay, then directly', async ctx => {
  if (unavailable !== undefined) return ctx.skip(unavailable)
  const rig = await natRig()
  const bootstrap = await bootstrapOutside(rig)
  const init = { bootstrap: bootstrap.addresses }
  const [left, right] = await Promise.all([
    startHostProcess(init, rig.left.spawn),
    startHostProcess(init, rig.right.spawn),
  ])

  await Promise.all([left.connected(right.peerId), right.connected(left.peerId)])
  const relayed = await left.when(
    ({ event, peers }) =>
      event === 'peers' && peers.some(peer => peer.peerId === right.peerId && peer.relayed),
  )
  expect(relayed.peers.find(({ peerId }) => peerId === right.peerId)).toMatchObject({ transport: 'relay' })
  const direct = await left.connected(right.peerId, ({ transport }) => transport === 'webrtc')
  expect(direct.relayed).toBe(false)

  // from here on nobody relays
  await bootstrap.kill()
  expect(await left.echo(right.peerId)).toMatchObject({ same: true, bytes: 1024 * 1024, transport: 'webrtc' })
  expect(await right.echo(left.peerId)).toMatchObject({ same: true, bytes: 1024 * 1024, transport: 'webrtc' })
})

it('calls a host behind a NAT over the relay where no direct connection can be', async ctx => {
  if (unavailable !== undefined) return ctx.skip(unavailable)
  const rig = await natRig()
  const bootstrap = await bootstrapOutside(rig)
  const init = { bootstrap: bootstrap.addresses, nat: { webrtc: false } }
  const [left, right] = await Promise.all([
    startHostProcess(init, rig.left.spawn),
    startHostProcess(init, rig.right.spawn),
  ])
  await left.connected(right.peerId, ({ relayed }) => relayed)
  expect(await left.echo(right.peerId)).toMatchObject({ same: true, bytes: 1024 * 1024, transport: 'relay' })
})

it('replaces a relayed connection by DCUtR where one side is public', async ctx => {
  if (unavailable !== undefined) return ctx.skip(unavailable)
  const rig = await natRig()
  const bootstrap = await bootstrapOutside(rig)
  const init = { bootstrap: bootstrap.addresses, nat: { webrtc: false } }
  const hidden = await startHostProcess({ ...init, limits: { targetPeers: 1 } }, rig.left.spawn)
  await hidden.when(({ addresses }) => addresses.some(address => address.includes('/p2p-circuit')))

  // nobody has told the hidden one of this host: who connects first is sure
  const open = await startHostProcess({ nat: init.nat }, rig.outside.spawn)
  const relay = bootstrap.addresses.find(address => address.includes('/tcp/4001/'))
  const relayed = await open.dial(`${relay}/p2p-circuit/p2p/${hidden.peerId}`)
  expect(relayed).toMatchObject({ transport: 'relay', relayed: true })
  const direct = await open.connected(hidden.peerId, ({ relayed }) => !relayed)
  expect(direct.transport).toBe('tcp')
  expect(await open.echo(hidden.peerId)).toMatchObject({ same: true, transport: 'tcp' })
})

it('has its router forward ports by UPnP, and announces them once AutoNAT has seen them answer', async ctx => {
  if (unavailable !== undefined) return ctx.skip(unavailable)
  const rig = await natRig()
  const router = await startGateway(rig.left, '11.0.1.1')
  const bootstrap = await bootstrapOutside(rig)
  const init = { bootstrap: bootstrap.addresses, nat: { webrtc: false } }
  const hidden = await startHostProcess(
    { ...init, listen: { tcp: 4005, ws: false }, nat: { ...init.nat, upnp: true } },
    rig.left.spawn,
  )
  expect(await router.asked).toEqual({
    port: 4005,
    client: rig.left.address,
    protocol: 'TCP',
    name: 'neurovoyance',
  })

  // whoever comes next is asked to dial back
  await startHostProcess(init, rig.outside.spawn)
  const reachable = (address: string): boolean => address.startsWith('/ip4/11.0.1.1/tcp/4005')
  await hidden.when(({ addresses }) => addresses.some(reachable))

  const stranger = await startHostProcess({ nat: init.nat }, rig.right.spawn)
  const dialled = await stranger.dial(`/ip4/11.0.1.1/tcp/4005/p2p/${hidden.peerId}`)
  expect(dialled).toMatchObject({ transport: 'tcp', relayed: false })
})

it('finds hosts on its local network by multicast DNS, without a bootstrap', async ctx => {
  if (unavailable !== undefined) return ctx.skip(unavailable)
  const [here, there] = createLan()
  const init = { mdns: true, nat: { relay: false, webrtc: false } }
  const [a, b] = await Promise.all([startHostProcess(init, here), startHostProcess(init, there)])
  const found = await a.connected(b.peerId)
  expect(found).toMatchObject({ transport: 'tcp', relayed: false })
  expect(found.addresses.every(address => address.startsWith('/ip4/192.168.44.'))).toBe(true)
  expect(await b.echo(a.peerId)).toMatchObject({ same: true, transport: 'tcp' })
})
