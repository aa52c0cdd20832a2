import type { Codec, Message, NeurovoyanceError, ReceivedMessage } from '@neurovoyance/protocol'
import { P2pError } from '../errors.js'
import type { Channel } from './channel.js'
import type { Endpoint } from './endpoint.js'
import type { ReceivedFrame } from './frame-reader.js'
import { attachmentLengths } from './frame-writer.js'
import { MessageQueue } from './message-queue.js'
import { type CalledMethod, cancelled, OutboundCall } from './outbound-call.js'
import type { CallOptions } from './types.js'

const EMPTY = new Uint8Array(0)

/** What a both-way call sends. */
export type Source = Iterable<Message<unknown>> | AsyncIterable<Message<unknown>>

/** Messages both ways on a stream that it has for itself while it lasts. */
export class DuplexCall extends OutboundCall {
  readonly answers: MessageQueue<unknown>
  readonly #request: Codec<unknown>
  readonly #giveBack: (channel: Channel) => void
  readonly #source: Source
  #iterator: Iterator<Message<unknown>> | AsyncIterator<Message<unknown>> | undefined
  #sourceEnded = false
  #answersEnded = false

  constructor(
    endpoint: Endpoint,
    peerId: string,
    method: CalledMethod & { readonly request: Codec<unknown> },
    source: Source,
    options: CallOptions,
    giveBack: (channel: Channel) => void,
  ) {
    super(endpoint, peerId, method, options, options.timeoutMs ?? 0)
    this.#request = method.request
    this.#source = source
    this.#giveBack = giveBack
    this.answers = new MessageQueue<unknown>({
      maxMessages: endpoint.limits.queuedMessages,
      maxBytes: endpoint.limits.queuedBytes,
      onFull: full => this.channel?.setPaused(full),
      onTaken: heldBytes => this.release(heldBytes),
      onReturn: () => this.fail(cancelled(method.name, undefined)),
    })
  }

  start(channel: Channel): void {
    this.attach(channel)
    void this.#sendAll(channel)
  }

  /** Sends what the source yields until it or the call ends. */
  async #sendAll(channel: Channel): Promise<void> {
    try {
      const iterator = iteratorOf(this.#source)
      this.#iterator = iterator
      await channel.send(this.startFrame(EMPTY, []))
      for (
        let step = await iterator.next();
        !this.ended && step.done !== true;
        step = await iterator.next()
      ) {
        const { body, attachments } = step.value
        const attachmentBytes = attachmentLengths(attachments)
        const frame = {
          kind: 'message',
          callId: this.callId,
          body: this.#request.encode(body),
          attachmentBytes,
        } as const
        await channel.send(frame, attachments)
      }
      if (this.ended) return
      await channel.send({ kind: 'end', callId: this.callId })
      this.#sourceEnded = true
      this.#maybeComplete()
    } catch (error) {
      this.fail(error as NeurovoyanceError)
    }
  }

  /** Tells a source that is still going that nobody wants more of it. */
  #stopSource(): void {
    if (this.#sourceEnded) return
    Promise.resolve(this.#iterator?.return?.()).catch(() => {})
  }

  protected onAnswer(frame: ReceivedFrame): void {
    if (frame.head.kind === 'end' && !this.#answersEnded) {
      this.release(frame.heldBytes)
      this.#answersEnded = true
      this.#maybeComplete()
      return
    }
    if (frame.head.kind !== 'message' || this.#answersEnded) {
      this.release(frame.heldBytes)
      this.fail(
        new P2pError('P2P_MALFORMED', `The peer ${this.peerId} sent a frame that has no place in a stream.`),
      )
      return
    }
    let message: ReceivedMessage<unknown>
    try {
      message = this.decode(frame)
    } catch (error) {
      this.release(frame.heldBytes)
      this.fail(error as NeurovoyanceError)
      return
    }
    const bytes = frame.attachments.reduce((sum, part) => sum + part.length, frame.head.body.length)
    this.answers.push(message, bytes, frame.heldBytes)
  }

  /** The answers are complete: the reader is told at once; the stream is kept where both sides are. */
  #maybeComplete(): void {
    if (!this.#answersEnded) return
    if (!this.#sourceEnded) {
      // The peer needs no more of the source.
      if (this.settle()) this.channel!.reset(new Error('the peer ended the stream'))
      this.#stopSource()
    } else if (this.settle()) {
      this.channel!.setPaused(false)
      this.#giveBack(this.channel!)
    }
    this.answers.end()
  }

  protected onRemoteError(error: NeurovoyanceError): void {
    this.fail(error)
  }

  override fail(error: NeurovoyanceError): void {
    if (!this.settle(error)) return
    this.#stopSource()
    this.answers.end(error)
  }
}

function iteratorOf(source: Source): Iterator<Message<unknown>> | AsyncIterator<Message<unknown>> {
  return Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]()
}
