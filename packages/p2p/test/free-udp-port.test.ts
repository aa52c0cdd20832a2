import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { freeUdpPort } from '../src/node/free-udp-port.js'

it('a free UDP port is one that nobody listens on, whatever TCP does', async () => {
  const sockets: Socket[] = []
  for (let count = 0; count < 20; count++) {
    const port = await freeUdpPort('127.0.0.1')
    const socket = createSocket('udp4')
    socket.bind(port)
    // rejects where somebody has it
    await once(socket, 'listening')
    sockets.push(socket)
  }
  expect(new Set(sockets.map(socket => socket.address().port)).size).toBe(20)
  for (const socket of sockets) socket.close()
})
