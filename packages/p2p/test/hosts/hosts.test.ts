import { expect, it } from 'vitest'
import { createPeerHost } from '../../src/node/index.ts'
import { addressWith, peer, until } from './hosts.ts'

it('connects two hosts, tells both, and measures the round trip', async () => {
  const [a, b] = [await peer(), await peer()]
  const events: string[] = []
  b.onPeer(({ type, peerId }) => events.push(`${type} ${peerId}`))

  expect(await a.connect(addressWith(b, 'tcp'))).toBe(b.peerId)
  await until(b, () => b.peers().length === 1)
  expect(a.peers()).toMatchObject([{ peerId: b.peerId, transport: 'tcp', relayed: false }])
  expect(b.peers()).toMatchObject([{ peerId: a.peerId }])
  expect(events).toEqual([`connect ${a.peerId}`])

  await new Promise<void>(resolve => {
    b.onPeer(event => event.type === 'disconnect' && resolve())
    void a.disconnect(b.peerId)
  })
  expect(events).toEqual([`connect ${a.peerId}`, `disconnect ${a.peerId}`])
  expect(a.peers()).toEqual([])
})

it('stops telling a listener that was taken away', async () => {
  const [a, b] = [await peer(), await peer()]
  const events: string[] = []
  const stop = a.onPeer(({ type }) => events.push(type))
  stop()
  await a.connect(addressWith(b, 'tcp'))
  expect(events).toEqual([])
})

it('names the peer that cannot be reached', async () => {
  const [a, b] = [await peer(), await peer()]
  const address = addressWith(b, 'tcp')
  await b.close()
  await expect(a.connect(address)).rejects.toMatchObject({
    code: 'P2P_PEER_UNREACHABLE',
    details: { target: address },
  })
})

it('stops a connect whose signal aborts', async () => {
  const a = await peer()
  const signal = AbortSignal.abort()
  await expect(a.connect((await peer()).peerId, { signal })).rejects.toMatchObject({
    code: 'P2P_PEER_UNREACHABLE',
  })
})

it('signs and verifies with its identity', async () => {
  const { signer, verifier, peerId } = await peer()
  const message = new TextEncoder().encode('hive')
  const signature = await signer.sign(message)
  expect(signer.peerId).toBe(peerId)
  expect(await verifier.verify(signer.publicKey, message, signature)).toBe(true)
  expect(await verifier.verify(signer.publicKey, message.subarray(1), signature)).toBe(false)
  expect(await verifier.verify(signer.publicKey.subarray(1), message, signature)).toBe(false)
  expect(await verifier.verify(signer.publicKey, message, signature.subarray(1))).toBe(false)
})

it('closes once, however often it is asked', async () => {
  const host = await peer()
  await Promise.all([host.close(), host.close()])
  await host.close()
  expect(host.libp2p.status).toBe('stopped')
})

it.each([
  ['a bootstrap address without a peer id', { bootstrap: ['/ip4/127.0.0.1/tcp/1'] }, 'bootstrap.0'],
  ['a bootstrap address that is none', { bootstrap: ['localhost:4001'] }, 'bootstrap.0'],
  ['a port out of range', { listen: { tcp: 70_000 } }, 'listen.tcp'],
  ['a host name for an interface', { listen: { host: 'localhost' } }, 'listen.host'],
  ['a limit of nothing', { limits: { connections: 0 } }, 'limits.connections'],
])('refuses %s, naming the field', async (_, init, field) => {
  await expect(createPeerHost(init)).rejects.toMatchObject({
    code: 'P2P_INVALID_INIT',
    details: { issues: [{ path: field }] },
  })
})
