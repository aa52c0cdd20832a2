import { encodeFrame } from '@neurovoyance/protocol'
import { describe, expect, it } from 'vitest'
import { assertServes, attack, body, callFrame, closed, open, reset } from './attack.js'
import { signal, TestNetwork } from './network.js'

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
