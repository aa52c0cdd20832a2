import type { Connection, Stream } from '@libp2p/interface'
import { encodeFrame, type FrameInit } from '@neurovoyance/protocol'
import { describe, expect, it } from 'vitest'
import { defaultRpcLimits, type RpcInit, type RpcLimits } from '../../src/rpc/index.js'
import { EchoService } from './echo-service.js'
import { signal, TestNetwork, type TestPeer } from './network.js'

const PROTOCOL = '/neurovoyance/test.echo/1.0.0'
const body = new TextEncoder().encode('{"text":"hello"}')

/** A frame of a call, as an attacker may send it. */
function callFrame(init: Partial<FrameInit> = {}): Uint8Array {
  return encodeFrame({ kind: 'call', callId: 1, method: 'Echo', body, ...init })
}

/** A server, an honest client, and an attacker who speaks raw streams. */
async function attack(network: TestNetwork, limits: Partial<RpcLimits> = {}, init: Partial<RpcInit> = {}) {
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

function open(connection: Connection): Promise<Stream> {
  return connection.newStream(PROTOCOL, { maxOutboundStreams: 1000 })
}

/** Settles when a stream is reset. */
function reset(stream: Stream): Promise<void> {
  const { promise, resolve } = signal()
  if (stream.status !== 'open') resolve()
  stream.addEventListener('close', () => resolve())
  return promise
}

function closed(connection: Connection): Promise<void> {
  const { promise, resolve } = signal()
  connection.addEventListener('close', () => resolve())
  return promise
}

async function assertServes(honest: TestPeer, server: TestPeer): Promise<void> {
  const { body } = await honest.rpc.call(server.peerId, EchoService, 'Echo', { body: { text: 'still here' } })
  expect(body.text).toBe('still here')
}

/** The clock's real timers with time that runs faster, so that timeouts of seconds pass in no time. */
const fast = {
  now: () => Date.now(),
  monotonicMs: () => performance.now() * 100,
  after(delayMs: number, callback: () => void) {
    const timer = setTimeout(callback, delayMs / 100)
    return () => clearTimeout(timer)
  },
}

describe('broken frames', () => {
  const broken: [string, Uint8Array][] = [
    ['bytes that are no frame', new Uint8Array(64).fill(0xff)],
    ['a body over the limit', prefix({ bodyBytes: 0x7fff_ffff })],
    ['a head over the limit', prefix({ attachments: 0x00ff_ffff })],
    ['a frame that starts no call', encodeFrame({ kind: 'reply', callId: 1, body })],
    ['an end without a call', encodeFrame({ kind: 'end', callId: 1 })],
    [
      'two calls at once on a stream',
      joined(callFrame({ method: 'Chat', body: new Uint8Array(0) }), callFrame({ callId: 2 })),
    ],
    ['a both-way stream opened with a message', callFrame({ method: 'Chat' })],
  ]
  it.each(broken)('resets the stream for %s, and counts it', async (_, bytes) => {
    await using network = new TestNetwork()
    const { server, honest, connection } = await attack(network)
    const stream = await open(connection)
    const gone = reset(stream)
    stream.send(bytes)
    await gone
    expect(server.rpc.stats()).toMatchObject({ streamsReset: 1, callsRunning: 0, inFlightBytes: 0 })
    await assertServes(honest, server)
  })

  it('closes the connection to a peer that keeps on, and refuses it for a while', async () => {
    await using network = new TestNetwork()
    const penalties: string[] = []
    const { server, honest, attacker, connection } = await attack(
      network,
      {},
      { onPenalty: (_, penalty) => penalties.push(penalty) },
    )
    const gone = closed(connection)
    // Four would do if points did not fade.
    for (let round = 0; round < 5; round++) {
      const stream = await open(connection)
      stream.send(new Uint8Array(64).fill(0xff))
      await reset(stream)
    }
    await gone
    expect(penalties).toEqual(new Array(5).fill('malformed'))
    expect(server.rpc.stats()).toMatchObject({ streamsReset: 5, peersDropped: 1 })
    const again = await attacker.libp2p.dial(server.libp2p.getMultiaddrs())
    const stream = await open(again)
    await reset(stream)
    await assertServes(honest, server)
  })

  it('answers a body that cannot be decoded, and keeps the stream', async () => {
    await using network = new TestNetwork()
    const { server, connection } = await attack(network)
    const stream = await open(connection)
    const answers = signal<number>()
    let bytes = 0
    stream.addEventListener('message', event => {
      bytes += event.data.byteLength
      if (bytes > 100) answers.resolve(bytes)
    })
    stream.send(callFrame({ body: new Uint8Array([1, 2, 3]) }))
    await answers.promise
    expect(stream.status).toBe('open')
    expect(server.rpc.stats()).toMatchObject({ callsServed: 1, streamsReset: 0 })
  })
})

describe('attachments', () => {
  it('refuses more than the method takes before it allocates', async () => {
    await using network = new TestNetwork()
    const { server, honest, connection } = await attack(network)
    const stream = await open(connection)
    const gone = reset(stream)
    stream.addEventListener('remoteCloseWrite', () => void stream.close())
    stream.send(callFrame({ attachmentBytes: [0xffff_ffff, 0xffff_ffff] }))
    await gone
    expect(server.rpc.stats()).toMatchObject({ inFlightBytes: 0, callsRefused: 1 })
    await assertServes(honest, server)
  })

  it('holds no more than its budget for one peer, and gives it back when the peer goes', async () => {
    await using network = new TestNetwork()
    const size = 30 * 1024 * 1024
    const limits = { inFlightBytesPerPeer: 2.5 * size }
    const { server, honest, connection } = await attack(network, limits)
    const streams = [await open(connection), await open(connection)]
    for (const stream of streams) stream.send(callFrame({ attachmentBytes: [size] }))
    const third = await open(connection)
    third.addEventListener('remoteCloseWrite', () => void third.close())
    const gone = reset(third)
    third.send(callFrame({ attachmentBytes: [size] }))
    await gone
    expect(server.rpc.stats().inFlightBytes).toBe(2 * (size + body.length))
    await assertServes(honest, server)
    for (const stream of streams) stream.abort(new Error('enough'))
    await assertServes(honest, server)
    expect(server.rpc.stats().inFlightBytes).toBe(0)
  })
})

describe('slow peers', () => {
  it.each([
    ['a head that does not get complete', callFrame().subarray(0, 10)],
    ['attachments that do not come', callFrame({ attachmentBytes: [1000] })],
  ])('resets a stream with %s', async (_, bytes) => {
    await using network = new TestNetwork()
    const { server, honest, connection } = await attack(network, {}, { clock: fast })
    const stream = await open(connection)
    const gone = reset(stream)
    stream.send(bytes)
    await gone
    expect(server.rpc.stats()).toMatchObject({ streamsReset: 1 })
    await assertServes(honest, server)
  })

  it('resets a stream whose head trickles in, byte by byte', async () => {
    await using network = new TestNetwork()
    const { server, connection } = await attack(network, {}, { clock: fast })
    const stream = await open(connection)
    const gone = reset(stream)
    const frame = callFrame({ body: new Uint8Array(100_000) })
    let sent = 0
    const trickle = setInterval(() => {
      if (stream.status === 'open') stream.send(frame.subarray(sent, ++sent))
    }, 5)
    await gone
    clearInterval(trickle)
    expect(sent).toBeLessThan(frame.length)
    expect(server.rpc.stats()).toMatchObject({ streamsReset: 1 })
  })

  it('resets a stream whose answers are not read', async () => {
    await using network = new TestNetwork()
    const { server, connection } = await attack(network, {}, { clock: fast })
    const stream = await open(connection)
    const gone = reset(stream)
    stream.pause()
    const attachmentBytes = [8 * 1024 * 1024]
    stream.send(callFrame({ attachmentBytes }))
    const chunk = new Uint8Array(64 * 1024)
    for (let part = 0; part < 128; part++) {
      if (!stream.send(chunk))
        await new Promise(resolve => stream.addEventListener('drain', resolve, { once: true }))
    }
    await gone
    expect(server.rpc.stats()).toMatchObject({ streamsReset: 1, callsRunning: 0, inFlightBytes: 0 })
  })

  it('closes a stream on which no call comes', async () => {
    await using network = new TestNetwork()
    const { server, connection } = await attack(network, { idleInboundMs: 2000 }, { clock: fast })
    const stream = await open(connection)
    const ended = signal()
    stream.addEventListener('remoteCloseWrite', () => ended.resolve())
    await ended.promise
    expect(server.rpc.stats()).toMatchObject({ streamsReset: 0 })
  })
})

describe('floods', () => {
  it('refuses calls beyond what one peer may run at once, without ending the others', async () => {
    await using network = new TestNetwork()
    const limits = { concurrentCallsPerPeer: 3 }
    const server = await network.peer({ limits })
    const client = await network.peer()
    await client.libp2p.dial(server.libp2p.getMultiaddrs())
    const gate = signal()
    server.rpc.serve(EchoService, {
      Echo: async ({ body }) => {
        await gate.promise
        return { body }
      },
    })
    const call = () => client.rpc.call(server.peerId, EchoService, 'Echo', { body: { text: 'x' } })
    const running = [call(), call(), call()]
    const { promise: allRunning, resolve } = signal()
    const look = () => (server.rpc.stats().callsRunning === 3 ? resolve() : setImmediate(look))
    look()
    await allRunning
    await expect(call()).rejects.toMatchObject({
      code: 'P2P_LIMIT_EXCEEDED',
      details: { limit: 'concurrentCallsPerPeer', retry: true },
    })
    gate.resolve()
    expect((await Promise.all(running)).map(({ body }) => body.text)).toEqual(['x', 'x', 'x'])
    expect(server.rpc.stats()).toMatchObject({ callsRefused: 1, callsRunning: 0, peersDropped: 0 })
  })

  it('drops a peer that calls faster than it may', async () => {
    await using network = new TestNetwork()
    const { server, honest, connection } = await attack(network, { callsPerSecondPerPeer: 20 })
    const gone = closed(connection)
    const stream = await open(connection)
    let callId = 1
    stream.addEventListener('message', () => {
      if (stream.status === 'open') stream.send(callFrame({ callId: ++callId }))
    })
    stream.send(callFrame({ callId }))
    await gone
    expect(server.rpc.stats().peersDropped).toBe(1)
    await assertServes(honest, server)
  })

  it('takes no calls of peers that its gate does not admit', async () => {
    await using network = new TestNetwork()
    let stranger = ''
    const { server, honest, attacker } = await attack(
      network,
      {},
      { gate: async peerId => peerId !== stranger },
    )
    stranger = attacker.peerId
    await assertServes(honest, server)
    const call = attacker.rpc.call(server.peerId, EchoService, 'Echo', { body: { text: '' } })
    await expect(call).rejects.toMatchObject({ code: 'P2P_STREAM_RESET' })
  })

  it('bounds the streams of one service on a connection', async () => {
    await using network = new TestNetwork()
    const { server, honest, connection } = await attack(network, { inboundStreamsPerService: 10 })
    const streams = await Promise.allSettled(Array.from({ length: 40 }, () => open(connection)))
    await assertServes(honest, server)
    const [inbound] = server.libp2p
      .getConnections(connection.remotePeer)
      .concat(server.libp2p.getConnections())
    expect(inbound!.streams.filter(({ protocol }) => protocol === PROTOCOL).length).toBeLessThanOrEqual(11)
    expect(streams).toHaveLength(40)
    expect(defaultRpcLimits.inboundStreamsPerService).toBeGreaterThan(10)
  })
})

function prefix({ bodyBytes = 0, attachments = 0 }): Uint8Array {
  const bytes = callFrame().slice(0, 24)
  const view = new DataView(bytes.buffer)
  if (attachments > 0) view.setUint32(12, attachments, true)
  if (bodyBytes > 0) view.setUint32(16, bodyBytes, true)
  return bytes
}

function joined(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}
