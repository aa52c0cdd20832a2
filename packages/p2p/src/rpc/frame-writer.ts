import type { Stream } from '@libp2p/interface'
import { encodeFrame, type FrameInit } from '@neurovoyance/protocol'
import { Uint8ArrayList } from 'uint8arraylist'
import { P2pError } from '../errors.js'

/** Up to this size a message is put into one buffer: one pass of the cipher and one write beat the copy. */
const JOIN_BYTES = 32 * 1024

/** Larger messages go in writes of this size, each when the stream has room. */
const WRITE_BYTES = 512 * 1024

const NO_LENGTHS: readonly number[] = Object.freeze([])

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
   * Sends one frame, after what was sent before has left. Attachments are handed to the stream as they are,
   * without a copy (small messages apart).
   *
   * @returns nothing where the stream took it at once; else a promise for when it has.
   * @throws P2pError `P2P_STREAM_RESET` where the stream is closed, or still busy with another frame.
   */
  send(frame: FrameInit, attachments: Attachments = []): undefined | Promise<void> {
    if (this.#sending)
      throw new P2pError('P2P_STREAM_RESET', 'The stream is in the middle of another message.')
    const bytes = joined(frame, attachments)
    if (bytes !== undefined && this.#hasRoom()) {
      this.#write(bytes)
      return undefined
    }
    this.#sending = true
    const sent = bytes === undefined ? this.#sendLarge(frame, attachments) : this.#sendLater(bytes)
    return sent.finally(() => {
      this.#sending = false
    })
  }

  async #sendLater(bytes: Uint8Array): Promise<void> {
    await this.#room()
    this.#write(bytes)
  }

  async #sendLarge(frame: FrameInit, attachments: Attachments): Promise<void> {
    let batch = new Uint8ArrayList(encodeFrame(frame))
    for (const chunk of chunksOf(attachments)) {
      for (let at = 0; at < chunk.length; ) {
        const end = Math.min(chunk.length, at + Math.max(0, WRITE_BYTES - batch.byteLength))
        batch.append(chunk.subarray(at, end))
        at = end
        if (batch.byteLength < WRITE_BYTES) continue
        if (!this.#hasRoom()) await this.#room()
        this.#write(batch)
        batch = new Uint8ArrayList()
      }
    }
    if (batch.byteLength === 0) return
    if (!this.#hasRoom()) await this.#room()
    this.#write(batch)
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

  #write(bytes: Uint8Array | Uint8ArrayList): void {
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

function* chunksOf(attachments: Attachments): Generator<Uint8Array> {
  for (const attachment of attachments) {
    if (attachment instanceof Uint8Array) yield attachment
    else yield* attachment
  }
}

/** A small message in one buffer. */
function joined(frame: FrameInit, attachments: Attachments): Uint8Array | undefined {
  let attachmentBytes = 0
  for (const length of frame.attachmentBytes ?? NO_LENGTHS) attachmentBytes += length
  if ((frame.body?.length ?? 0) + attachmentBytes > JOIN_BYTES) return undefined
  const head = encodeFrame(frame)
  if (attachmentBytes === 0) return head
  const bytes = new Uint8Array(head.length + attachmentBytes)
  bytes.set(head)
  let at = head.length
  for (const chunk of chunksOf(attachments)) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

/** The length of each attachment. */
export function attachmentLengths(attachments: Attachments | undefined): readonly number[] {
  if (attachments === undefined || attachments.length === 0) return NO_LENGTHS
  return attachments.map(attachment =>
    attachment instanceof Uint8Array
      ? attachment.length
      : attachment.reduce((sum, chunk) => sum + chunk.length, 0),
  )
}
