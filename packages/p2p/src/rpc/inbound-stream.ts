import type { Connection, Stream } from '@libp2p/interface'
import type { Frame, FrameKind, Message, NeurovoyanceError, ReceivedMessage } from '@neurovoyance/protocol'
import { P2pError } from '../errors.js'
import { allocateExact } from './allocate.js'
import { Channel, type ChannelUser } from './channel.js'
import type { Penalty } from './conduct.js'
import type { Endpoint } from './endpoint.js'
import { encodeError } from './error-body.js'
import type { ReceivedFrame } from './frame-reader.js'
import { attachmentLengths } from './frame-writer.js'
import { InboundCall } from './inbound-call.js'
import { methodOfNew, methodOfRunning, penaltyFor } from './inbound-rules.js'
import { MessageQueue } from './message-queue.js'
import type { CallsOfPeer, RunningCalls } from './running-calls.js'
import { assertTakes, decodeRequest, type ServedMethod, type ServedMethods } from './served-method.js'

const EMPTY = new Uint8Array(0)

/** Answers the calls that come, one after the other, on one stream. */
export class InboundStream implements ChannelUser {
  readonly channel: Channel
  readonly #endpoint: Endpoint
  readonly #methods: ServedMethods
  readonly #running: CallsOfPeer
  #method: ServedMethod | undefined
  #call: InboundCall | undefined
  #callId = 0
  #requests: MessageQueue<unknown> | undefined
  #remoteEnded = false

  constructor(
    stream: Stream,
    connection: Connection,
    endpoint: Endpoint,
    methods: ServedMethods,
    running: RunningCalls,
  ) {
    this.#endpoint = endpoint
    this.#methods = methods
    this.#running = running.join(connection.remotePeer.toString())
    this.channel = new Channel({
      stream,
      connection,
      user: this,
      limits: endpoint.limits,
      idleMs: endpoint.limits.idleInboundMs,
      onGone: endpoint.unwatch,
    })
    endpoint.watch(this.channel)
  }

  admit(head: Frame, attachmentBytes: number): number {
    const method = this.#methodFor(head, attachmentBytes)
    assertTakes(method.definition, attachmentBytes)
    return this.#endpoint.budget.take(this.channel.peerId, head.body.length + attachmentBytes)
  }

  #methodFor(head: Frame, attachmentBytes: number): ServedMethod {
    if (this.#call !== undefined) {
      const takesMessages = this.#requests !== undefined && !this.#remoteEnded
      return methodOfRunning(head, { callId: this.#callId, method: this.#method!, takesMessages })
    }
    this.#callId = head.callId
    this.#method = methodOfNew(head, attachmentBytes, this.#methods, this.channel.stream.protocol)
    return this.#method
  }

  allocate(byteLength: number): Uint8Array {
    return allocateExact(byteLength)
  }

  release(heldBytes: number): void {
    this.#endpoint.budget.release(this.channel.peerId, heldBytes)
  }

  deliver(frame: ReceivedFrame): void {
    const { kind } = frame.head
    if (kind === 'call') this.#start(frame)
    else if (kind === 'message') this.#takeMessage(frame)
    else if (kind === 'cancel') this.#stop(new P2pError('P2P_CANCELLED', 'The caller cancelled the call.'))
    else {
      this.#remoteEnded = true
      this.#requests?.end()
    }
  }

  onFault(error: NeurovoyanceError): void {
    const penalty = penaltyFor(error)
    if (penalty === undefined) this.#refuse(error)
    else this.#endpoint.punish(this.channel, penalty, error)
  }

  onRemoteEnd(): void {
    if (this.#call === undefined) this.channel.end()
  }

  onClose(error: Error | undefined): void {
    const cause = error === undefined ? {} : { cause: error }
    const gone = new P2pError('P2P_CANCELLED', 'The caller cancelled the call or went away.', cause)
    this.#requests?.end(gone)
    this.#call?.abort(gone)
    this.#running.leave()
  }

  #start(frame: ReceivedFrame): void {
    const { peerId } = this.channel
    const refusal = this.#running.begin()
    if (refusal !== undefined) {
      this.release(frame.heldBytes)
      this.#penalise(refusal.penalty, refusal.error)
      if (!this.channel.ending) this.#refuse(refusal.error, false)
      return
    }
    this.channel.busy = true
    const { deadlineMs, traceparent } = frame.head
    const call = new InboundCall(peerId, traceparent, deadlineMs, this.#endpoint.deadlines, () =>
      this.#expire(call, deadlineMs),
    )
    this.#call = call
    const method = this.#method!
    if (method.definition.kind === 'duplex') void this.#runDuplex(method, call)
    else this.#runUnary(method, call, frame)
  }

  #runUnary(method: ServedMethod, call: InboundCall, frame: ReceivedFrame): void {
    const { heldBytes } = frame
    const fail = (error: unknown): void =>
      this.#finish(call, heldBytes, 'error', encodeError(error, this.#endpoint.logger))
    const reply = (message: Message<unknown>): void => {
      let body: Uint8Array
      try {
        body = method.definition.response.encode(message.body)
      } catch (error) {
        fail(error)
        return
      }
      this.#finish(call, heldBytes, 'reply', body, message.attachments)
    }
    try {
      const answer = method.handler(this.#decode(method, frame) as never, call)
      Promise.resolve(answer as Message<unknown> | Promise<Message<unknown>>).then(reply, fail)
    } catch (error) {
      fail(error)
    }
  }

  #decode({ definition }: ServedMethod, frame: ReceivedFrame): ReceivedMessage<unknown> {
    try {
      return { body: decodeRequest(definition, frame.head.body), attachments: frame.attachments }
    } catch (error) {
      this.#penalise('badBody', error as P2pError)
      throw error
    }
  }

  async #runDuplex(method: ServedMethod, call: InboundCall): Promise<void> {
    const requests = new MessageQueue<unknown>({
      maxMessages: this.#endpoint.limits.queuedMessages,
      maxBytes: this.#endpoint.limits.queuedBytes,
      onFull: full => this.channel.setPaused(full),
      onTaken: heldBytes => this.release(heldBytes),
      onReturn: () => {},
    })
    this.#requests = requests
    try {
      const answers = method.handler(requests as never, call) as AsyncIterable<Message<unknown>>
      for await (const message of answers) {
        if (this.#call !== call) break
        const body = method.definition.response.encode(message.body)
        await this.#send('message', body, message.attachments)
      }
      this.#finish(call, 0, 'end', EMPTY)
    } catch (error) {
      this.#finish(call, 0, 'error', encodeError(error, this.#endpoint.logger))
    }
  }

  #takeMessage(frame: ReceivedFrame): void {
    let body: unknown
    try {
      body = decodeRequest(this.#method!.definition, frame.head.body)
    } catch (error) {
      this.release(frame.heldBytes)
      throw error
    }
    const bytes = frame.attachments.reduce((sum, part) => sum + part.length, frame.head.body.length)
    this.#requests!.push({ body, attachments: frame.attachments }, bytes, frame.heldBytes)
  }

  /** The deadline has passed; the caller has likely left. */
  #expire(call: InboundCall, timeoutMs: number): void {
    if (this.#call !== call) return
    this.#stop(
      new P2pError('P2P_DEADLINE_EXCEEDED', `The call was not answered within ${timeoutMs} ms.`, {
        details: { timeoutMs },
      }),
    )
  }

  /** Ends the call from this side: the handler's signal aborts, and the caller is told. */
  #stop(error: P2pError): void {
    const call = this.#call
    if (call === undefined) return
    call.abort(error)
    this.#requests?.end(error)
    this.#finish(call, 0, 'error', encodeError(error, this.#endpoint.logger))
  }

  /** Sends the last frame of a call and makes the stream ready for the next one. */
  #finish(
    call: InboundCall,
    heldBytes: number,
    kind: FrameKind,
    body: Uint8Array,
    attachments?: Message<unknown>['attachments'],
  ): void {
    this.release(heldBytes)
    if (this.#call !== call) return
    call.finish()
    this.#endpoint.counters.callsServed++
    if (this.channel.ending) {
      this.#free()
      return
    }
    const clean = this.#requests === undefined || this.#remoteEnded
    try {
      const sent = this.#send(kind, body, attachments)
      if (sent === undefined) this.#ready(clean)
      else sent.then(() => this.#ready(clean)).catch((error: Error) => this.#abandon(error))
    } catch (error) {
      this.#abandon(error as Error)
    }
  }

  #send(kind: FrameKind, body: Uint8Array, attachments?: Message<unknown>['attachments']) {
    const attachmentBytes = attachmentLengths(attachments)
    return this.channel.send({ kind, callId: this.#callId, body, attachmentBytes }, attachments)
  }

  #ready(clean: boolean): void {
    this.#free()
    if (!clean || this.channel.stream.remoteWriteStatus !== 'writable') this.channel.end()
  }

  #abandon(error: Error): void {
    this.#free()
    this.channel.reset(error)
  }

  #free(): void {
    if (this.#call === undefined) return
    this.#call = undefined
    this.#requests?.drop()
    this.#requests = undefined
    this.#remoteEnded = false
    this.channel.busy = false
    this.#running.end()
  }

  /** Notes what the peer did; the stream lives on unless that was the last straw. */
  #penalise(penalty: Penalty, error: P2pError): void {
    const usedUp = this.#endpoint.conduct.penalise(this.channel.peerId, penalty)
    if (usedUp) this.#endpoint.punish(this.channel, penalty, error)
  }

  /** Tells the caller why its call is not taken; the stream ends unless its next frame can be found. */
  #refuse(error: NeurovoyanceError, end = true): void {
    this.#endpoint.counters.callsRefused++
    this.#call?.abort(error)
    this.#requests?.end(error)
    try {
      const sent = this.#send('error', encodeError(error, this.#endpoint.logger))
      sent?.catch((cause: Error) => this.channel.reset(cause))
    } catch (cause) {
      this.channel.reset(cause as Error)
    }
    if (end) this.channel.end()
  }
}
