import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { isIPv6 } from 'node:net'

/**
 * A UDP port that nobody has. libp2p's WebRTC looks for a free TCP port and then listens on the UDP port of that
 * number, which somebody else may have: on a busy machine a host would not start now and then.
 */
export async function freeUdpPort(host: string): Promise<number> {
  // libjuice listens on every interface, whatever the host
  const family = isIPv6(host) ? 'udp6' : 'udp4'
  const socket = createSocket(family)
  socket.bind(0)
  await once(socket, 'listening')
  const { port } = socket.address()
  const closed = once(socket, 'close')
  socket.close()
  await closed
  return port
}
