import type { Connection, Stream } from '@libp2p/interface'
import { encodeFrame, type FrameInit } from '@neurovoyance/protocol'
import { expect } from 'vitest'
import type { RpcInit, RpcLimits } from '../../src/rpc/index.js'
import { EchoService } from './echo-service.js'
import { signal, type TestNetwork, type TestPeer } from './network.js'

/** The protocol that the server speaks. */
export const PROTOCOL = '/neurovoyance/test.echo/1.0.0'
/** A request's body. */
export const body = new TextEncoder().encode('{"text":"hello"}')

/** A frame of a call, as an attacker may send it. */
export function callFrame(init: Partial<FrameInit> = {}): Uint8Array {
  return encodeFrame({ kind: 'call', callId: 1, method: 'Echo', body, ...init })
}

/** A server, an honest client, and an attacker who speaks raw streams. */
export async function attack(
  network: TestNetwork,
  limits: Partial<RpcLimits> = {},
  init: Partial<RpcInit> = {},
) {
  const server = await network.peer({ limits, ...init })
  const honest = await network.peer()
  const attacker = await network.peer()
  server.rpc.serve(EchoService, {
    Echo: ({ body, attachments }) => ({ body, attachments }),
    Chat: async function* (requests) {
      for await (const { body } of requests) yield { body }
    },
  })
  await honest.libp2p.dial(server.libp2p.getMultiaddrs())
  const connection = await attacker.libp2p.dial(server.libp2p.getMultiaddrs())
  return { server, honest, attacker, connection }
}

/** A raw stream to the server. */
export function open(connection: Connection): Promise<Stream> {
  return connection.newStream(PROTOCOL, { maxOutboundStreams: 1000 })
}

/** Settles when a stream is reset. */
export function reset(stream: Stream): Promise<void> {
  const { promise, resolve } = signal()
  if (stream.status !== 'open') resolve()
  stream.addEventListener('close', () => resolve())
  return promise
}

/** Settles when a connection is closed. */
export function closed(connection: Connection): Promise<void> {
  const { promise, resolve } = signal()
  connection.addEventListener('close', () => resolve())
  return promise
}

/** The server answers an honest peer all the same. */
export async function assertServes(honest: TestPeer, server: TestPeer): Promise<void> {
  const { body } = await honest.rpc.call(server.peerId, EchoService, 'Echo', { body: { text: 'still here' } })
  expect(body.text).toBe('still here')
}
