import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { errorCode } from '@neurovoyance/protocol'
import type { Config } from '../../config/schema.js'
import { type Finding, fine } from './finding.js'

/** Whether the ports of the settings are free. */
export async function* checkPorts({ listen, gateway }: Config): AsyncIterable<Finding> {
  const ports = [
    { setting: 'listen.tcp', host: listen.host, port: listen.tcp, open: openTcp },
    { setting: 'listen.ws', host: listen.host, port: listen.ws, open: openTcp },
    { setting: 'listen.quic', host: listen.host, port: listen.quic, open: openUdp },
    { setting: 'listen.webrtc', host: listen.host, port: listen.webrtc, open: openUdp },
    { setting: 'gateway.port', host: gateway.host, port: gateway.port, open: openTcp },
  ]
  for (const { setting, host, port, open } of ports) {
    if (port === null || port === 0) continue
    try {
      await open(host, port)
      yield fine('port', `${port} is free (${setting})`)
    } catch (error) {
      const problem = errorCode(error) === 'EADDRINUSE' ? 'taken' : (error as Error).message
      const advice = `nv config set ${setting} 0, or stop the program that has it.`
      yield { check: 'port', verdict: 'fail', found: `${port} (${setting}): ${problem}`, advice }
    }
  }
}

async function openTcp(host: string, port: number): Promise<void> {
  const server = createServer()
  server.listen(port, host)
  await once(server, 'listening')
  server.close()
  await once(server, 'close')
}

async function openUdp(host: string, port: number): Promise<void> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  socket.bind(port, host)
  await once(socket, 'listening')
  socket.close()
  await once(socket, 'close')
}
