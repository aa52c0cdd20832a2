import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { createBootstrapHost, createPeerHost } from '../../src/node/index.ts'

async function takenTcpPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

async function freeTcpPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function takenUdpPort(): Promise<number> {
  const socket = createSocket('udp4')
  onTestFinished(() => void socket.close())
  socket.bind(0, '127.0.0.1')
  await once(socket, 'listening')
  return socket.address().port
}

it.each(['tcp', 'ws'] as const)('names a %s port that is taken, and what to do', async transport => {
  const port = await takenTcpPort()
  await expect(createPeerHost({ listen: { host: '127.0.0.1', [transport]: port } })).rejects.toMatchObject({
    code: 'P2P_PORT_TAKEN',
    message: expect.stringContaining(`port ${port} is taken`),
    details: { port },
  })
})

it('names a QUIC port that is taken', async () => {
  const port = await takenUdpPort()
  await expect(createPeerHost({ listen: { host: '127.0.0.1', quic: port } })).rejects.toMatchObject({
    code: 'P2P_PORT_TAKEN',
  })
})

it('names a bootstrap port whose STUN side is taken', async () => {
  const port = await takenUdpPort()
  await expect(createBootstrapHost({ listen: { host: '127.0.0.1', tcp: port } })).rejects.toMatchObject({
    code: 'P2P_PORT_TAKEN',
    details: { port },
  })
})

it('lets go of the ports that it did get', async () => {
  const [taken, free] = [await takenTcpPort(), await freeTcpPort()]
  const listen = { host: '127.0.0.1', tcp: free, ws: taken }
  await expect(createPeerHost({ listen })).rejects.toMatchObject({ details: { port: taken } })
  const server = createServer().listen(free, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
})

it.each(['quic', 'webrtcDirect'])("refuses to give a bootstrap's STUN port to %s", async transport => {
  const listen = { host: '127.0.0.1', tcp: 4_001, [transport]: 4_001 }
  await expect(createBootstrapHost({ listen })).rejects.toMatchObject({
    code: 'P2P_INVALID_INIT',
    details: { port: 4_001 },
  })
})
