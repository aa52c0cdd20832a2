import { createNatRig, natRigUnavailable } from '@neurovoyance/testing/nat'
import { expect, it, onTestFinished } from 'vitest'
import { startHostProcess } from './processes/host-process.ts'

const unavailable = natRigUnavailable()

it('connects two hosts behind two NATs: by relay, then directly', async ctx => {
  if (unavailable !== undefined) return ctx.skip(unavailable)
  const rig = await createNatRig()
  onTestFinished(() => rig.close())

  const bootstrap = await startHostProcess(
    { role: 'bootstrap', listen: { host: rig.outside.address, tcp: 4001, ws: 4002 } },
    rig.outside.spawn,
  )
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
  const rig = await createNatRig()
  onTestFinished(() => rig.close())

  const bootstrap = await startHostProcess(
    { role: 'bootstrap', listen: { host: rig.outside.address, tcp: 4001, ws: 4002 } },
    rig.outside.spawn,
  )
  const init = { bootstrap: bootstrap.addresses, nat: { webrtc: false } }
  const [left, right] = await Promise.all([
    startHostProcess(init, rig.left.spawn),
    startHostProcess(init, rig.right.spawn),
  ])
  await left.connected(right.peerId, ({ relayed }) => relayed)
  expect(await left.echo(right.peerId)).toMatchObject({ same: true, bytes: 1024 * 1024, transport: 'relay' })
})
