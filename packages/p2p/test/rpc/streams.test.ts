import type { Message, ReceivedMessage } from '@neurovoyance/protocol'
import { describe, expect, it } from 'vitest'
import type { CallContext } from '../../src/rpc/index.js'
import { EchoService, type Text } from './echo-service.js'
import { signal, TestNetwork } from './network.js'

async function* echoAll(requests: AsyncIterable<ReceivedMessage<Text>>) {
  for await (const { body, attachments } of requests) yield { body, attachments }
}

async function* texts(count: number): AsyncGenerator<Message<Text>> {
  for (let index = 0; index < count; index++) yield { body: { text: `${index}` } }
}

async function collect<T>(messages: AsyncIterable<ReceivedMessage<T>>): Promise<T[]> {
  const all: T[] = []
  for await (const { body } of messages) all.push(body)
  return all
}

describe('both-way streams', () => {
  it('sends and yields messages in order, and keeps the stream for the next call', async () => {
    await using network = new TestNetwork()
    const { client, server } = await network.pair()
    server.rpc.serve(EchoService, { Chat: echoAll, Echo: ({ body }) => ({ body }) })
    for (const count of [0, 1, 500]) {
      const answers = await collect(client.rpc.duplex(server.peerId, EchoService, 'Chat', texts(count)))
      expect(answers.map(answer => answer.text)).toEqual(Array.from({ length: count }, (_, i) => `${i}`))
    }
    await client.rpc.call(server.peerId, EchoService, 'Echo', { body: { text: '' } })
    const [connection] = client.libp2p.getConnections()
    expect(connection!.streams.filter(stream => stream.protocol.includes('test.echo'))).toHaveLength(1)
  })

  it('stops a sender whose messages are not read, and goes on when they are', async () => {
    await using network = new TestNetwork()
    const limits = { queuedMessages: 4 }
    const { client, server } = await network.pair({ limits }, { limits })
    const bytes = new Uint8Array(1024 * 1024)
    const total = 96
    let sent = 0
    server.rpc.serve(EchoService, {
      Chat: async function* () {
        for (; sent < total; sent++) yield { body: { text: `${sent}` }, attachments: [bytes] }
      },
    })
    let received = 0
    let ahead = 0
    for await (const { attachments } of client.rpc.duplex(server.peerId, EchoService, 'Chat', [])) {
      expect(attachments[0]!.length).toBe(bytes.length)
      // The server runs ahead by the muxer's window (16 MiB), the queue and what is in the sockets, not by all.
      if (received === 0) await stable(() => sent)
      ahead = Math.max(ahead, sent - received)
      received++
    }
    expect(received).toBe(total)
    expect(ahead).toBeLessThan(48)
    expect(client.rpc.stats().inFlightBytes).toBe(0)
  })

  it('cancels the other end when the reader leaves early', async () => {
    await using network = new TestNetwork()
    const { client, server } = await network.pair()
    const context = signal<CallContext>()
    const aborted = signal<unknown>()
    server.rpc.serve(EchoService, {
      Chat: async function* (_, call) {
        context.resolve(call)
        call.signal.addEventListener('abort', () => aborted.resolve(call.signal.reason))
        for (let index = 0; ; index++) yield { body: { text: `${index}` } }
      },
    })
    for await (const { body } of client.rpc.duplex(server.peerId, EchoService, 'Chat', [])) {
      if (body.text === '3') break
    }
    await expect(aborted.promise).resolves.toMatchObject({ code: 'P2P_CANCELLED' })
  })

  it('ends the source when the answers end first', async () => {
    await using network = new TestNetwork()
    const { client, server } = await network.pair()
    server.rpc.serve(EchoService, {
      Chat: async function* (requests) {
        for await (const { body } of requests) {
          yield { body }
          return
        }
      },
    })
    const ended = signal()
    async function* endless(): AsyncGenerator<Message<Text>> {
      try {
        for (;;) yield { body: { text: 'again' } }
      } finally {
        ended.resolve()
      }
    }
    const answers = await collect(client.rpc.duplex(server.peerId, EchoService, 'Chat', endless()))
    expect(answers).toEqual([{ text: 'again' }])
    await ended.promise
  })

  it('brings errors of the handler and of the source, and ends at the deadline', async () => {
    await using network = new TestNetwork()
    const { client, server } = await network.pair()
    server.rpc.serve(EchoService, {
      Chat: async function* (requests) {
        for await (const { body } of requests) {
          if (body.text === '2') throw Object.assign(new Error('no twos'), { code: 'TEST_TWO', details: {} })
          yield { body }
        }
      },
    })
    const chat = (source: AsyncIterable<Message<Text>>, timeoutMs?: number) =>
      collect(client.rpc.duplex(server.peerId, EchoService, 'Chat', source, timeoutMs ? { timeoutMs } : {}))
    await expect(chat(texts(5))).rejects.toMatchObject({ code: 'TEST_TWO' })
    const broken = (async function* (): AsyncGenerator<Message<Text>> {
      yield { body: { text: '0' } }
      throw new TypeError('the source broke')
    })()
    await expect(chat(broken)).rejects.toThrow('the source broke')
    const silent = (async function* (): AsyncGenerator<Message<Text>> {
      yield { body: { text: '0' } }
      await new Promise(() => {})
    })()
    await expect(chat(silent, 200)).rejects.toMatchObject({ code: 'P2P_DEADLINE_EXCEEDED' })
  })
})

/** Waits until `value` no longer changes. */
async function stable(value: () => number): Promise<void> {
  let last = -1
  let same = 0
  while (same < 50) {
    await new Promise(resolve => setImmediate(resolve))
    same = value() === last ? same + 1 : 0
    last = value()
  }
}
