import { NeurovoyanceError, type ReceivedMessage } from '@neurovoyance/protocol'
import { describe, expect, it } from 'vitest'
import type { CallContext } from '../../src/rpc/index.js'
import { EchoService, type Text } from './echo-service.js'
import { signal, TestNetwork } from './network.js'

const echo = ({ body, attachments }: ReceivedMessage<Text>) => ({ body, attachments })

function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + (index >> 8)) & 0xff)
}

describe('unary calls', () => {
  it('carries the body and attachments both ways, each in a buffer of its own', async () => {
    await using network = new TestNetwork()
    const { client, server } = await network.pair()
    server.rpc.serve(EchoService, { Echo: echo })
    for (const size of [0, 1, 4096, 40_000, 300_000, 5_000_000]) {
      const bytes = pattern(size)
      const chunks = [bytes.subarray(0, size >> 1), bytes.subarray(size >> 1)]
      const answer = await client.rpc.call(server.peerId, EchoService, 'Echo', {
        body: { text: `size ${size}` },
        attachments: [chunks, new Uint8Array([7])],
      })
      expect(answer.body.text).toBe(`size ${size}`)
      expect(answer.attachments.map(part => part.length)).toEqual([size, 1])
      expect(Buffer.compare(answer.attachments[0]!, bytes)).toBe(0)
      for (const part of answer.attachments) {
        expect(part.byteOffset).toBe(0)
        expect(part.buffer.byteLength).toBe(part.length)
      }
    }
    expect(server.rpc.stats()).toMatchObject({ callsServed: 6, callsRunning: 0, inFlightBytes: 0 })
    expect(client.rpc.stats()).toMatchObject({ callsMade: 6, inFlightBytes: 0 })
  })

  it('runs calls on one stream after the other, and as many side by side as there are', async () => {
    await using network = new TestNetwork()
    const { client, server } = await network.pair({ limits: { outboundStreamsPerService: 4 } })
    let running = 0
    let most = 0
    const gate = signal()
    server.rpc.serve(EchoService, {
      Echo: async request => {
        most = Math.max(most, ++running)
        if (running === 4) gate.resolve()
        await gate.promise
        running--
        return echo(request)
      },
    })
    const texts = Array.from({ length: 40 }, (_, index) => `call ${index}`)
    const answers = await Promise.all(
      texts.map(text => client.rpc.call(server.peerId, EchoService, 'Echo', { body: { text } })),
    )
    expect(answers.map(answer => answer.body.text)).toEqual(texts)
    expect(most).toBe(4)
    const [connection] = client.libp2p.getConnections()
    expect(connection!.streams.filter(stream => stream.protocol.includes('test.echo'))).toHaveLength(4)
  })

  it('brings the error of a handler with its code, message and details', async () => {
    await using network = new TestNetwork()
    const { client, server } = await network.pair()
    server.rpc.serve(EchoService, {
      Echo: () => {
        throw new NeurovoyanceError('TEST_FAILED', 'It failed.', { details: { why: 'because' } })
      },
    })
    const call = () => client.rpc.call(server.peerId, EchoService, 'Echo', { body: { text: '' } })
    await expect(call()).rejects.toMatchObject({
      name: 'NeurovoyanceError',
      code: 'TEST_FAILED',
      message: 'It failed.',
      details: { why: 'because', peerId: server.peerId },
    })
    await expect(call()).rejects.toMatchObject({ code: 'TEST_FAILED' })
  })

  it('tells nothing of an error without a code', async () => {
    await using network = new TestNetwork()
    const { client, server } = await network.pair()
    server.rpc.serve(EchoService, { Echo: () => Promise.reject(new Error('/root/secret')) })
    const failed = client.rpc.call(server.peerId, EchoService, 'Echo', { body: { text: '' } })
    await expect(failed).rejects.toMatchObject({ code: 'P2P_REMOTE_INTERNAL' })
    await expect(failed).rejects.not.toThrow(/secret/)
  })

  it('says which service or method the peer lacks, and that a peer cannot be reached', async () => {
    await using network = new TestNetwork()
    const { client, server } = await network.pair()
    const call = (peerId: string) => client.rpc.call(peerId, EchoService, 'Echo', { body: { text: '' } })
    await expect(call(server.peerId)).rejects.toMatchObject({ code: 'P2P_UNSUPPORTED_SERVICE' })
    const stop = server.rpc.serve(EchoService, {})
    await expect(call(server.peerId)).rejects.toMatchObject({ code: 'P2P_UNSUPPORTED_METHOD' })
    stop()
    const stranger = await network.peer()
    await stranger.libp2p.stop()
    await expect(call(stranger.peerId)).rejects.toMatchObject({ code: 'P2P_PEER_UNREACHABLE' })
  })
})

describe('deadlines and cancellation', () => {
  it('ends a call at its deadline at both ends, by time left and not by the clock', async () => {
    await using network = new TestNetwork()
    const dayOff = { now: () => Date.now() + 86_400_000, monotonicMs: () => performance.now() + 5e6 }
    const after = (delayMs: number, callback: () => void) => {
      const timer = setTimeout(callback, delayMs)
      return () => clearTimeout(timer)
    }
    const { client, server } = await network.pair({}, { clock: { ...dayOff, after } })
    const seen = signal<CallContext>()
    const aborted = signal<unknown>()
    server.rpc.serve(EchoService, {
      Echo: (_, context) => {
        seen.resolve(context)
        context.signal.addEventListener('abort', () => aborted.resolve(context.signal.reason))
        return new Promise(() => {})
      },
    })
    const call = client.rpc.call(
      server.peerId,
      EchoService,
      'Echo',
      { body: { text: '' } },
      { timeoutMs: 300 },
    )
    await expect(call).rejects.toMatchObject({
      code: 'P2P_DEADLINE_EXCEEDED',
      details: { peerId: server.peerId },
    })
    const context = await seen.promise
    expect(context.remainingMs()).toBeLessThanOrEqual(300)
    expect(['P2P_DEADLINE_EXCEEDED', 'P2P_CANCELLED']).toContain(
      ((await aborted.promise) as { code: string }).code,
    )
  })

  it('cancels the handler when the caller aborts, and before there is a stream', async () => {
    await using network = new TestNetwork()
    const { client, server } = await network.pair()
    const started = signal()
    const aborted = signal<unknown>()
    server.rpc.serve(EchoService, {
      Echo: (_, context) => {
        context.signal.addEventListener('abort', () => aborted.resolve(context.signal.reason))
        started.resolve()
        return new Promise(() => {})
      },
    })
    const controller = new AbortController()
    const options = { signal: controller.signal }
    const call = client.rpc.call(server.peerId, EchoService, 'Echo', { body: { text: '' } }, options)
    call.catch(() => {})
    await started.promise
    const opening = client.rpc.call(server.peerId, EchoService, 'Echo', { body: { text: '' } }, options)
    controller.abort()
    await expect(call).rejects.toMatchObject({ code: 'P2P_CANCELLED' })
    await expect(opening).rejects.toMatchObject({ code: 'P2P_CANCELLED' })
    await expect(aborted.promise).resolves.toMatchObject({ code: 'P2P_CANCELLED' })
    const late = client.rpc.call(server.peerId, EchoService, 'Echo', { body: { text: '' } }, options)
    await expect(late).rejects.toMatchObject({ code: 'P2P_CANCELLED' })
  })

  it('fails calls under way when the peer goes away', async () => {
    await using network = new TestNetwork()
    const { client, server } = await network.pair()
    const started = signal()
    server.rpc.serve(EchoService, {
      Echo: () => {
        started.resolve()
        return new Promise(() => {})
      },
    })
    const call = client.rpc.call(server.peerId, EchoService, 'Echo', { body: { text: '' } })
    call.catch(() => {})
    await started.promise
    for (const connection of server.libp2p.getConnections()) connection.abort(new Error('gone'))
    await expect(call).rejects.toMatchObject({ code: 'P2P_STREAM_RESET' })
  })

  it('carries a valid trace and drops a bad one', async () => {
    await using network = new TestNetwork()
    const { client, server } = await network.pair()
    server.rpc.serve(EchoService, { Echo: (_, { trace }) => ({ body: { text: trace ?? 'none' } }) })
    const traceOf = async (trace: string) =>
      (await client.rpc.call(server.peerId, EchoService, 'Echo', { body: { text: '' } }, { trace })).body.text
    const valid = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
    expect(await traceOf(valid)).toBe(valid)
    expect(await traceOf('00-00000000000000000000000000000000-00f067aa0ba902b7-01')).toBe('none')
    expect(await traceOf('hello')).toBe('none')
  })
})
