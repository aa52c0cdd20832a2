import { LIMITS, WireWriter } from '@neurovoyance/protocol'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type AbciApplication,
  type AbciServer,
  openAbciApplication,
  serveAbci,
} from '../../src/abci/index.js'
import { ABCI_LIMITS } from '../../src/abci/limits.js'
import { envelope } from '../../src/abci/messages/envelope.js'
import { REQUESTS, type RequestOf } from '../../src/abci/messages/requests.js'
import { parseListen } from '../../src/abci/server/address.js'
import { FrameReader, frame } from '../../src/abci/wire/frames.js'
import { folder } from '../store/folder.js'
import { Engine } from './engine.js'
import { CHAIN } from './world.js'

const requests = envelope('Request', REQUESTS)
const FRAME_TAG = 2

/** A request of a kind with bytes of our own. */
function requestOf(kind: keyof typeof REQUESTS, write: (writer: WireWriter) => void): Uint8Array {
  const writer = new WireWriter()
  writer.nested(REQUESTS[kind].number * 8 + FRAME_TAG, 0, inner => write(inner))
  return writer.finish()
}

describe('frames', () => {
  it('come out as they went in, however the stream is cut', () => {
    const bytes = fc.uint8Array({ maxLength: 300 })
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 8 }), fc.integer({ min: 1, max: 50 }), (messages, size) => {
        const stream = Buffer.concat(messages.map(frame))
        const reader = new FrameReader(300)
        const out: Uint8Array[] = []
        for (let at = 0; at < stream.length; at += size)
          out.push(...reader.take(stream.subarray(at, at + size)))
        expect(out.map(item => [...item])).toEqual(messages.map(item => [...item]))
      }),
    )
  })

  it.each([
    ['a byte more than the limit', frame(new Uint8Array(301)).subarray(0, 2)],
    ['a gigabyte', new Uint8Array([0x80, 0x80, 0x80, 0x80, 0x04])],
    ['a length without end', new Uint8Array(5).fill(0xff)],
  ])('of %s are refused by their length alone', (_name, head) => {
    expect(() => [...new FrameReader(300).take(head)]).toThrow(/more than 300 bytes/)
  })
})

describe('requests', () => {
  it('with transactions that are too long, or too many, still tell that they are', () => {
    const long = requestOf('processProposal', writer => {
      writer.copy(10, new Uint8Array(3), 'txs', 3)
      writer.copy(10, new Uint8Array(LIMITS.transactionBytes + 1), 'txs', LIMITS.transactionBytes + 1)
    })
    const { txs } = requests.decode(long).value as RequestOf<'processProposal'>
    expect(txs.map(tx => tx.length)).toEqual([3, 0])
    const many = requestOf('processProposal', writer => {
      for (let index = 0; index < LIMITS.blockTransactions + 50; index++) {
        writer.copy(10, new Uint8Array(0), 'txs', 0)
      }
      writer.uint(5 * 8, 7, 'height', 7)
    })
    const read = requests.decode(many).value as RequestOf<'processProposal'>
    expect([read.txs.length, read.height]).toEqual([LIMITS.blockTransactions + 1, 7])
  })

  it('with numbers that no height is say the largest there is', () => {
    const negative = new Uint8Array([...Array(9).fill(0xff), 0x01])
    const bytes = new Uint8Array([REQUESTS.query.number * 8 + 2, 11, 0x18, ...negative])
    const { height } = requests.decode(bytes).value as RequestOf<'query'>
    expect(height).toBe(Number.MAX_SAFE_INTEGER)
  })

  it.each([
    ['nothing', new Uint8Array(0)],
    ['a request of the past', new Uint8Array([7 * 8 + 2, 0])],
    ['a cut request', requests.encode('echo', { message: 'hello' }).subarray(0, 5)],
    ['a group', new Uint8Array([8 * 8 + 2, 1, 0x0b])],
    ['text that is none', new Uint8Array([10, 3, 10, 1, 0xff])],
    [
      'more text than there may be',
      requestOf('echo', writer => writer.string(10, 'x'.repeat(5000), 'message', 5000)),
    ],
    [
      'more reports than there may be',
      requestOf('finalizeBlock', writer => {
        for (let index = 0; index <= ABCI_LIMITS.misbehaviors; index++) writer.nested(26, 0, () => {})
      }),
    ],
  ])('of %s are refused', (_name, bytes) => {
    expect(() => requests.decode(bytes)).toThrow()
  })
})

describe('addresses', () => {
  it('are CometBFT’s', () => {
    expect(parseListen('tcp://127.0.0.1:26658')).toEqual({ host: '127.0.0.1', port: 26658 })
    expect(parseListen('tcp://[::1]:1')).toEqual({ host: '::1', port: 1 })
    expect(parseListen('unix:///run/app.sock')).toEqual({ path: '/run/app.sock' })
  })

  it.each(['127.0.0.1:1', 'tcp://127.0.0.1', 'tcp://a:70000', 'http://a:1', 'unix://', ''])(
    '%s is none',
    address => {
      expect(() => parseListen(address)).toThrow(expect.objectContaining({ code: 'LEDGER_ABCI_BAD_ADDRESS' }))
    },
  )
})

describe('a socket that anything comes over', () => {
  let application: AbciApplication
  let server: AbciServer
  let dir: string

  beforeEach(async () => {
    dir = folder()
    application = await openAbciApplication({ dir, chainId: CHAIN })
    server = await serveAbci({ application, listen: `unix://${dir}/abci.sock` })
  })
  afterEach(async () => {
    await server.close()
    await application.close()
  })

  it('answers each of what is damaged with an exception or an answer, ends that connection alone, and goes on', async () => {
    const whole = [
      requests.encode('checkTx', { tx: new Uint8Array(60).fill(7) }),
      requests.encode('query', {
        path: Buffer.from('/value'),
        data: Buffer.from('accounts/00'),
        prove: true,
      }),
      requests.encode('offerSnapshot', {
        snapshot: { height: 1, format: 1, chunks: 1, hash: new Uint8Array(32), metadata: new Uint8Array(60) },
        appHash: new Uint8Array(32),
      }),
      requests.encode('info', { version: 'x' }),
    ]
    const kinds = new Set<string>()
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...whole),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        async (bytes, damages) => {
          const damaged = bytes.slice()
          for (const [at, value] of damages) damaged[at % damaged.length] = value
          const engine = await Engine.to(server.address)
          engine.write(frame(damaged))
          const { kind } = await engine.next()
          expect(kind).not.toBe('closed')
          kinds.add(kind)
          if (kind === 'exception') await engine.ended()
          engine.close()
        },
      ),
      { numRuns: 200, seed: 38 },
    )
    expect(kinds).toContain('exception')
    expect(kinds.size).toBeGreaterThan(2)
    const engine = await Engine.to(server.address)
    expect(await engine.ask('echo', { message: 'still here' })).toEqual({ message: 'still here' })
    engine.close()
  })

  it('answers in the order in which it was asked, across all that comes at once', async () => {
    const engine = await Engine.to(server.address)
    const names = Array.from({ length: 300 }, (_, index) => String(index))
    engine.write(
      Buffer.concat(
        names.flatMap(message => [
          frame(requests.encode('echo', { message })),
          frame(requests.encode('listSnapshots', {})),
          frame(requests.encode('flush', {})),
        ]),
      ),
    )
    for (const message of names) {
      expect(await engine.next()).toEqual({ kind: 'echo', value: { message } })
      expect((await engine.next()).kind).toBe('listSnapshots')
      expect((await engine.next()).kind).toBe('flush')
    }
    engine.close()
  })
})
