import { describe, expect, it } from 'vitest'
import { defaultRpcLimits } from '../../src/rpc/index.js'
import { assertServes, attack, callFrame, closed, open, PROTOCOL, reset } from './attack.js'
import { EchoService } from './echo-service.js'
import { signal, TestNetwork } from './network.js'

/** The clock's real timers with time that runs faster, so that timeouts of seconds pass in no time. */
const fast = {
  now: () => Date.now(),
  monotonicMs: () => performance.now() * 100,
  after(delayMs: number, callback: () => void) {
    const timer = setTimeout(callback, delayMs / 100)
    return () => clearTimeout(timer)
  },
}

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
