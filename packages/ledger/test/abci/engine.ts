import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { WireWriter } from '@neurovoyance/protocol'
import { envelope } from '../../src/abci/messages/envelope.js'
import { REQUESTS, type RequestKind, type RequestOf } from '../../src/abci/messages/requests.js'
import { RESPONSES, type ResponseOf } from '../../src/abci/messages/responses.js'
import { parseListen } from '../../src/abci/server/address.js'
import { FrameReader, frame } from '../../src/abci/wire/frames.js'

const requests = envelope('Request', REQUESTS)
const responses = envelope('Response', RESPONSES)

/** One of the connections that an engine has to its application. */
export class Engine {
  readonly #socket: Socket
  readonly #frames = new FrameReader(2 ** 27)
  readonly #answers: { kind: string; value: unknown }[] = []
  readonly #waiting: ((answer: { kind: string; value: unknown }) => void)[] = []

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', chunk => {
      for (const bytes of this.#frames.take(chunk)) {
        const answer = responses.decode(bytes)
        const next = this.#waiting.shift()
        if (next === undefined) this.#answers.push(answer)
        else next(answer)
      }
    })
    socket.on('close', () => {
      for (const next of this.#waiting.splice(0)) next({ kind: 'closed', value: {} })
    })
  }

  static async to(address: string): Promise<Engine> {
    const socket = connect(parseListen(address))
    await once(socket, 'connect')
    return new Engine(socket)
  }

  /** Asks, and waits for the answer. */
  async ask<Kind extends RequestKind>(
    kind: Kind,
    request: Partial<RequestOf<Kind>> = {},
  ): Promise<Required<ResponseOf<Kind>>> {
    this.write(frame(requests.encode(kind, request)))
    return this.answerTo(kind)
  }

  /** Asks with one field of bytes, of any length. */
  async askBytes<Kind extends RequestKind>(kind: Kind, field: number, bytes: Uint8Array) {
    const writer = new WireWriter()
    writer.nested(REQUESTS[kind].number * 8 + 2, bytes, (inner, value) =>
      inner.copy(field * 8 + 2, value, 'field', value.length),
    )
    this.write(frame(writer.finish()))
    return this.answerTo(kind)
  }

  async answerTo<Kind extends RequestKind>(kind: Kind): Promise<Required<ResponseOf<Kind>>> {
    const answer = await this.next()
    if (answer.kind !== kind) throw new Error(`${answer.kind}: ${JSON.stringify(answer.value)}`)
    return answer.value as Required<ResponseOf<Kind>>
  }

  /** Sends bytes as they are. */
  write(bytes: Uint8Array): void {
    this.#socket.write(bytes)
  }

  /** The next answer. */
  next(): Promise<{ kind: string; value: unknown }> {
    const answer = this.#answers.shift()
    if (answer !== undefined) return Promise.resolve(answer)
    if (this.#socket.closed) return Promise.resolve({ kind: 'closed', value: {} })
    return new Promise(resolve => this.#waiting.push(resolve))
  }

  /** Resolves when the other end is gone. */
  async ended(): Promise<void> {
    if (!this.#socket.closed) await once(this.#socket, 'close')
  }

  close(): void {
    this.#socket.destroy()
  }
}
