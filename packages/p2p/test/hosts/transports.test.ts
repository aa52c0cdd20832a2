import { expect, it } from 'vitest'
import { echo, serveEcho } from './echo.ts'
import { addressWith, peer, until } from './hosts.ts'

const payload = crypto.getRandomValues(new Uint8Array(64 * 1024))

it.each([
  ['tcp', { ws: false }, 'tcp'],
  ['ws', { tcp: false }, 'ws'],
  ['quic', { tcp: false, ws: false, quic: 0 }, 'quic-v1'],
  ['webrtc-direct', { tcp: false, ws: false, webrtcDirect: 0 }, 'webrtc-direct'],
] as const)('carries bytes over %s', async (transport, listen, protocol) => {
  const server = await peer({ listen })
  const dialer = await peer({ listen: { quic: 0, webrtcDirect: 0 } })
  await serveEcho(server)

  await dialer.connect(addressWith(server, protocol === 'ws' ? 'tcp' : protocol))
  expect(dialer.peers()).toMatchObject([{ peerId: server.peerId, transport, relayed: false }])
  expect(await echo(dialer, server.peerId, payload)).toEqual(payload)
})

it('takes TCP where a peer has every transport', async () => {
  const listen = { quic: 0, webrtcDirect: 0 }
  const [a, middle, b] = [await peer({ listen }), await peer({ listen }), await peer({ listen })]
  await a.connect(addressWith(middle, 'webrtc-direct'))
  await b.connect(addressWith(middle, 'webrtc-direct'))
  // they learn of each other from the one between them, with all addresses
  await until(a, () => a.peers().some(({ peerId }) => peerId === b.peerId))
  expect(a.peers().find(({ peerId }) => peerId === b.peerId)).toMatchObject({ transport: 'tcp' })
})
