import {
  type Codec,
  type Frame,
  type FrameInit,
  LIMITS,
  type NeurovoyanceError,
  type ReceivedMessage,
} from '@neurovoyance/protocol'
import { P2pError } from '../errors.js'
import { allocateExact } from './allocate.js'
import type { Channel, ChannelUser } from './channel.js'
import type { Deadline } from './deadlines.js'
import type { Endpoint } from './endpoint.js'
import { decodeError } from './error-body.js'
import type { ReceivedFrame } from './frame-reader.js'
import { validTrace } from './trace-context.js'
import type { CallOptions } from './types.js'

/** What a call knows of its method. */
export interface CalledMethod {
  readonly service: string
  readonly name: string
  readonly response: Codec<unknown>
  readonly maxAttachmentBytes: number
}

/**
 * One call of this process to a peer, from before it has a stream until its end: its deadline and
 * cancellation, and what comes back. Its two kinds say what they do with frames.
 */
export abstract class OutboundCall implements ChannelUser {
  readonly peerId: string
  readonly method: CalledMethod
  protected readonly endpoint: Endpoint
  protected channel: Channel | undefined
  protected ended = false
  protected callId = 0
  readonly #options: CallOptions
  readonly #timeoutMs: number
  #deadline: Deadline | undefined
  /** Ends the wait for a stream. */
  #onEnd: (() => void) | undefined

  constructor(
    endpoint: Endpoint,
    peerId: string,
    method: CalledMethod,
    options: CallOptions,
    timeoutMs: number,
  ) {
    this.endpoint = endpoint
    this.peerId = peerId
    this.method = method
    this.#options = options
    this.#timeoutMs = timeoutMs
  }

  /** Begins to heed deadline and cancellation: once the call is on its way, while the peer works. */
  watch(): void {
    if (this.ended) return
    if (this.#timeoutMs > 0) this.#deadline = this.endpoint.deadlines.add(this.#timeoutMs, this.#expire)
    const { signal } = this.#options
    if (signal === undefined) return
    if (signal.aborted) this.#cancel()
    else signal.addEventListener('abort', this.#cancel)
  }

  /** Begins on its stream. */
  abstract start(channel: Channel): void
  /** Ends the call badly; what has been sent of it is taken back by resetting its stream. */
  abstract fail(error: NeurovoyanceError): void
  protected abstract onAnswer(frame: ReceivedFrame): void

  /** Tells `onEnd` where the call ends before it has a stream. */
  whileWaiting(onEnd: (() => void) | undefined): void {
    this.#onEnd = onEnd
  }

  get hasEnded(): boolean {
    return this.ended
  }

  /** The call's first frame, with what is left of its time. */
  protected startFrame(body: Uint8Array, attachmentBytes: readonly number[]): FrameInit {
    const leftMs =
      this.#deadline === undefined
        ? this.#timeoutMs
        : Math.max(1, this.#deadline.atMs - this.endpoint.deadlines.nowMs())
    const traceparent = validTrace(this.#options.trace) ?? ''
    return {
      kind: 'call',
      callId: this.callId,
      method: this.method.name,
      deadlineMs: Math.min(LIMITS.deadlineMs, Math.ceil(leftMs)),
      traceparent,
      body,
      attachmentBytes,
    }
  }

  protected attach(channel: Channel): void {
    this.channel = channel
    this.callId = channel.nextCallId()
    channel.user = this
    channel.busy = true
    this.#onEnd = undefined
  }

  /** Ends the call's timers; with an error its stream is reset. */
  protected settle(error?: Error): boolean {
    if (this.ended) return false
    this.ended = true
    this.endpoint.counters.callsMade++
    this.#deadline?.cancel()
    this.#options.signal?.removeEventListener('abort', this.#cancel)
    if (error !== undefined) {
      this.channel?.reset(error)
      this.#onEnd?.()
    }
    return true
  }

  admit(head: Frame, attachmentBytes: number): number {
    if (head.callId !== this.callId || head.kind === 'call' || head.kind === 'cancel') {
      throw new P2pError(
        'P2P_MALFORMED',
        `The peer ${this.peerId} sent a frame that does not answer the call.`,
      )
    }
    const max = this.method.maxAttachmentBytes
    if (attachmentBytes > max) {
      throw new P2pError(
        'P2P_LIMIT_EXCEEDED',
        `The answer of ${this.method.name} has ${attachmentBytes} bytes of attachments; at most ${max} are taken.`,
        { details: { limit: 'maxAttachmentBytes', bytes: attachmentBytes, max, peerId: this.peerId } },
      )
    }
    return this.endpoint.budget.take(this.peerId, head.body.length + attachmentBytes)
  }

  allocate(byteLength: number): Uint8Array {
    const { allocate } = this.#options
    if (allocate === undefined) return allocateExact(byteLength)
    const buffer = allocate(byteLength)
    if (buffer.length === byteLength) return buffer
    throw new P2pError('P2P_INVALID_INIT', `allocate(${byteLength}) gave a buffer of ${buffer.length} bytes.`)
  }

  release(heldBytes: number): void {
    this.endpoint.budget.release(this.peerId, heldBytes)
  }

  deliver(frame: ReceivedFrame): void {
    if (this.ended) {
      this.release(frame.heldBytes)
      return
    }
    if (frame.head.kind === 'error') {
      this.release(frame.heldBytes)
      this.onRemoteError(decodeError(frame.head.body, this.peerId))
    } else this.onAnswer(frame)
  }

  protected abstract onRemoteError(error: NeurovoyanceError): void

  onFault(error: NeurovoyanceError): void {
    this.fail(error)
  }

  onRemoteEnd(): void {
    if (!this.ended) this.fail(this.gone(undefined))
  }

  onClose(error: Error | undefined): void {
    if (!this.ended) this.fail(this.gone(error))
  }

  protected gone(cause: Error | undefined): P2pError {
    return new P2pError(
      'P2P_STREAM_RESET',
      `The peer ${this.peerId} ended the call before it was answered.`,
      {
        details: { peerId: this.peerId, method: this.method.name },
        cause,
      },
    )
  }

  protected decode(frame: ReceivedFrame): ReceivedMessage<unknown> {
    try {
      return { body: this.method.response.decode(frame.head.body), attachments: frame.attachments }
    } catch (cause) {
      throw new P2pError(
        'P2P_MALFORMED',
        `The answer of ${this.method.name} by ${this.peerId} cannot be decoded.`,
        {
          details: { peerId: this.peerId, method: this.method.name },
          cause,
        },
      )
    }
  }

  readonly #expire = (): void => {
    this.fail(
      new P2pError(
        'P2P_DEADLINE_EXCEEDED',
        `${this.method.name} was not answered within ${this.#timeoutMs} ms.`,
        {
          details: { timeoutMs: this.#timeoutMs, peerId: this.peerId, method: this.method.name },
        },
      ),
    )
  }

  readonly #cancel = (): void => this.fail(cancelled(this.method.name, this.#options.signal))
}

/** The error of a call that its caller gave up. */
export function cancelled(method: string, signal: AbortSignal | undefined): P2pError {
  return new P2pError('P2P_CANCELLED', `${method} was cancelled.`, {
    details: { method },
    cause: signal?.reason,
  })
}
