import type { Stream } from '@libp2p/interface'
import { encodeFrameHead, type FrameInit } from '@neurovoyance/protocol'
import { Uint8ArrayList } from 'uint8arraylist'
import { P2pError } from '../errors.js'

/** Up to this size a message is one write; larger ones go in writes of this size, each when the stream has room. */
const WRITE_BYTES = 512 * 1024

const NONE: readonly never[] = Object.freeze([])

/** A message's attachments, each in one or several pieces. */
export type Attachments = readonly (Uint8Array | readonly Uint8Array[])[]

/** Sends frames on a libp2p stream, in as few writes as it can, and waits where the stream is full. */
export class FrameWriter {
  readonly #stream: Stream
  readonly #waiting = new Set<(error: Error) => void>()
  #closed: P2pError | undefined
  #sending = false
  #stallSample = { atMs: -1, queuedBytes: -1 }

  constructor(stream: Stream) {
    this.#stream = stream
  }

  get sending(): boolean {
    return this.#sending
  }

  /**
   * Sends one frame, after what was sent before has left. Body and attachments are handed to the stream as they are,
   * without a copy.
   *
   * @returns nothing where the stream took it at once; else a promise for when it has.
   * @throws P2pError `P2P_STREAM_RESET` where the stream is closed, or still busy with another frame.
   */
  send(frame: FrameInit, attachments: Attachments = NONE): undefined | Promise<void> {
    if (this.#sending)
      throw new P2pError('P2P_STREAM_RESET', 'The stream is in the middle of another message.')
    const message = messageOf(frame, attachments)
    if (message.byteLength <= WRITE_BYTES && this.#hasRoom()) {
      this.#write(message)
      return undefined
    }
    this.#sending = true
    return this.#sendLater(message).finally(() => {
      this.#sending = false
    })
  }

  async #sendLater(message: Uint8ArrayList): Promise<void> {
    while (message.byteLength > 0) {
      if (!this.#hasRoom()) await this.#room()
      const bytes = Math.min(WRITE_BYTES, message.byteLength)
      const piece = message.sublist(0, bytes)
      message.consume(bytes)
      this.#write(piece)
    }
  }

  /** Whether a write has waited for `stallMs` without a byte leaving; called now and then. */
  isStalled(nowMs: number, stallMs: number): boolean {
    const queuedBytes = this.#waiting.size === 0 ? -1 : this.#stream.writeBufferLength
    if (queuedBytes === -1 || queuedBytes !== this.#stallSample.queuedBytes) {
      this.#stallSample = { atMs: nowMs, queuedBytes }
      return false
    }
    return nowMs - this.#stallSample.atMs >= stallMs
  }

  /** The stream is gone: whoever waits is told. */
  close(cause: Error | undefined): void {
    this.#closed = new P2pError('P2P_STREAM_RESET', 'The stream was closed while a message was being sent.', {
      cause,
    })
    for (const fail of [...this.#waiting]) fail(this.#closed)
  }

  #write(bytes: Uint8ArrayList): void {
    if (this.#closed !== undefined) throw this.#closed
    try {
      this.#stream.send(bytes)
    } catch (cause) {
      throw new P2pError('P2P_STREAM_RESET', 'The stream was closed before the message was sent.', { cause })
    }
  }

  #hasRoom(): boolean {
    return !this.#stream.writableNeedsDrain && this.#stream.writeBufferLength === 0
  }

  /** Room on the stream. `onDrain` of libp2p 3.3 does not wait a second time, hence its events. */
  #room(): Promise<void> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed)
    const stream = this.#stream
    return new Promise<void>((resolve, reject) => {
      const settle = () => {
        stream.removeEventListener('drain', look)
        stream.removeEventListener('idle', look)
        this.#waiting.delete(fail)
      }
      const look = () => {
        if (!this.#hasRoom()) return
        settle()
        resolve()
      }
      const fail = (error: Error) => {
        settle()
        reject(error)
      }
      this.#waiting.add(fail)
      stream.addEventListener('drain', look)
      stream.addEventListener('idle', look)
    })
  }
}

function messageOf(frame: FrameInit, attachments: Attachments): Uint8ArrayList {
  const pieces = [encodeFrameHead(frame)]
  if (frame.body !== undefined && frame.body.length > 0) pieces.push(frame.body)
  for (const attachment of attachments) {
    for (const chunk of attachment instanceof Uint8Array ? [attachment] : attachment) {
      if (chunk.length > 0) pieces.push(chunk)
    }
  }
  const message = new Uint8ArrayList()
  message.appendAll(pieces)
  return message
}

/** The length of each attachment. */
export function attachmentLengths(attachments: Attachments | undefined): readonly number[] {
  if (attachments === undefined || attachments.length === 0) return NONE
  return attachments.map(attachment =>
    attachment instanceof Uint8Array
      ? attachment.length
      : attachment.reduce((sum, chunk) => sum + chunk.length, 0),
  )
}
