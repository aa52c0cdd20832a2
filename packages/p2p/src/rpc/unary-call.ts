import type { NeurovoyanceError, ReceivedMessage } from '@neurovoyance/protocol'
import { P2pError } from '../errors.js'
import type { Channel } from './channel.js'
import type { Endpoint } from './endpoint.js'
import type { ReceivedFrame } from './frame-reader.js'
import { attachmentLengths } from './frame-writer.js'
import { type CalledMethod, OutboundCall } from './outbound-call.js'
import type { CallOptions } from './types.js'

/** What a unary call sends, already encoded. */
export interface EncodedMessage {
  body: Uint8Array
  attachments?: readonly (Uint8Array | readonly Uint8Array[])[] | undefined
}

/** What becomes of a unary call. */
export interface UnaryOutcome {
  resolve(answer: ReceivedMessage<unknown>): void
  reject(error: Error): void
  /** The stream is free for the next call. */
  giveBack(channel: Channel): void
}

/** One request, one answer, on a stream that others use before and after. */
export class UnaryCall extends OutboundCall {
  readonly #message: EncodedMessage
  readonly #outcome: UnaryOutcome

  constructor(
    endpoint: Endpoint,
    peerId: string,
    method: CalledMethod,
    message: EncodedMessage,
    options: CallOptions,
    outcome: UnaryOutcome,
  ) {
    const timeoutMs = Math.max(1, options.timeoutMs ?? endpoint.limits.callTimeoutMs)
    super(endpoint, peerId, method, options, timeoutMs)
    this.#message = message
    this.#outcome = outcome
  }

  start(channel: Channel): void {
    this.attach(channel)
    const { body, attachments } = this.#message
    try {
      const sent = channel.send(this.startFrame(body, attachmentLengths(attachments)), attachments)
      sent?.catch((error: NeurovoyanceError) => this.fail(error))
    } catch (error) {
      this.fail(error as NeurovoyanceError)
    }
  }

  protected onAnswer(frame: ReceivedFrame): void {
    this.release(frame.heldBytes)
    if (frame.head.kind !== 'reply') {
      this.fail(new P2pError('P2P_MALFORMED', `The peer ${this.peerId} answered a unary call with a stream.`))
      return
    }
    let answer: ReceivedMessage<unknown>
    try {
      answer = this.decode(frame)
    } catch (error) {
      this.fail(error as NeurovoyanceError)
      return
    }
    if (!this.settle()) return
    this.#outcome.giveBack(this.channel!)
    this.#outcome.resolve(answer)
  }

  protected onRemoteError(error: NeurovoyanceError): void {
    if (!this.settle()) return
    const channel = this.channel!
    if (channel.sending) channel.reset(error)
    else if (ENDING_CODES.has(error.code)) channel.end()
    else this.#outcome.giveBack(channel)
    this.#outcome.reject(error)
  }

  override fail(error: NeurovoyanceError): void {
    if (this.settle(error)) this.#outcome.reject(error)
  }
}

/** Refusals after which the peer may have closed the stream: the next call takes another one. */
const ENDING_CODES: ReadonlySet<string> = new Set([
  'P2P_LIMIT_EXCEEDED',
  'P2P_MALFORMED',
  'P2P_UNSUPPORTED_METHOD',
])
