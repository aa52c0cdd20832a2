import type { Logger } from '@libp2p/interface'
import { AbstractMessageStream } from '@libp2p/utils'
import fc from 'fast-check'
import { Uint8ArrayList } from 'uint8arraylist'
import { expect, it } from 'vitest'
import { express } from '../../src/host/express.js'

const silent = () => {}
const log: Logger = Object.assign(silent, {
  error: silent,
  trace: silent,
  enabled: false,
  newScope: () => log,
})

/** A stream onto nothing: it takes so many bytes until it is drained, and keeps what it took. */
class Sink extends AbstractMessageStream {
  room = 0
  readonly events: string[] = []
  /** What a listener does while it is told of a message. */
  onMessage: (() => void) | undefined

  constructor() {
    super({ log, maxReadBufferLength: 1_000, maxWriteBufferLength: 1_000 })
  }

  /** Listens to what is told of it. */
  watch(): void {
    for (const type of ['idle', 'drain', 'close', 'end', 'remoteCloseWrite'] as const) {
      this.addEventListener(type, () => this.events.push(type))
    }
  }

  readonly listener = ({ data }: { data: Uint8Array | Uint8ArrayList }) => {
    this.events.push(`message ${data.subarray().join()}`)
    this.onMessage?.()
  }

  sendData(data: Uint8ArrayList): { sentBytes: number; canSendMore: boolean } {
    if (this.room < 0) throw new Error('broken')
    const sentBytes = Math.min(this.room, data.byteLength)
    this.room -= sentBytes
    if (sentBytes > 0) this.events.push(`sent ${data.sublist(0, sentBytes).subarray().join()}`)
    // as Yamux does
    data.consume(sentBytes)
    return { sentBytes, canSendMore: this.room > 0 }
  }

  async close(): Promise<void> {}
  sendReset(): void {
    this.events.push('reset')
  }
  sendPause(): void {
    this.events.push('paused')
  }
  sendResume(): void {
    this.events.push('resumed')
  }
}

const bytes = fc.array(fc.nat(255), { maxLength: 12 })
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('send' as const), bytes, isList: fc.boolean() }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('data' as const), bytes, isList: fc.boolean() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('drain' as const), room: fc.nat(20) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'pause' as const,
        'resume' as const,
        'listen' as const,
        'listenOnce' as const,
        'deafen' as const,
        'pauseWhileTold' as const,
        'closeWhileTold' as const,
      ),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'remoteCloseWrite' as const,
        'remoteCloseRead' as const,
        'transportClosed' as const,
        'breakDown' as const,
        'smallMessages' as const,
      ),
    }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never

function act(sink: Sink, one: Step): unknown {
  switch (one.do) {
    case 'send':
    case 'data': {
      const raw = Uint8Array.from(one.bytes)
      const data = one.isList ? new Uint8ArrayList(raw.subarray(0, 3), raw.subarray(3)) : raw
      if (one.do === 'data') return sink.onData(data)
      const sent = sink.send(data)
      // what was handed over stays the sender's
      expect(data.byteLength).toBe(raw.length)
      return sent
    }
    case 'drain':
      sink.room = one.room
      return sink.safeDispatchEvent('drain')
    case 'pause':
      return sink.pause()
    case 'resume':
      return sink.resume()
    case 'listen':
      return sink.addEventListener('message', sink.listener)
    case 'listenOnce':
      return sink.addEventListener('message', () => sink.events.push('once'), { once: true })
    case 'deafen':
      return sink.removeEventListener('message', sink.listener)
    case 'pauseWhileTold':
      sink.onMessage = () => sink.readStatus === 'readable' && sink.pause()
      return
    case 'closeWhileTold':
      sink.onMessage = () => sink.onRemoteCloseWrite()
      return
    case 'remoteCloseWrite':
      return sink.onRemoteCloseWrite()
    case 'remoteCloseRead':
      return sink.onRemoteCloseRead()
    case 'transportClosed':
      return sink.onTransportClosed()
    case 'breakDown':
      sink.room = -1
      return
    case 'smallMessages':
      sink.maxMessageSize = 4
  }
}

/** What a stream does and tells, step by step. */
async function told(sink: Sink, steps: readonly Step[]): Promise<unknown[]> {
  const results: unknown[] = []
  for (const one of steps) {
    try {
      results.push(act(sink, one))
    } catch (error) {
      results.push((error as Error).message)
    }
    await Promise.resolve()
    const { status, readStatus, writeStatus, remoteWriteStatus, readBufferLength, writeBufferLength } = sink
    results.push(
      { status, readStatus, writeStatus, remoteWriteStatus, readBufferLength, writeBufferLength },
      sink.writableNeedsDrain,
      sink.events.splice(0),
    )
  }
  return results
}

it.each([true, false])(
  'does and tells what the stream would without it, whatever happens (watched: %s)',
  isWatched =>
    fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async steps => {
        const [ours, theirs] = [express(new Sink()), new Sink()]
        if (isWatched) for (const sink of [ours, theirs]) sink.watch()
        expect(await told(ours, steps)).toEqual(await told(theirs, steps))
      }),
      { numRuns: 500 },
    ),
)
