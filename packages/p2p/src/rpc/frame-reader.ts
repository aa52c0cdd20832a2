import { decodeFrame, FRAME_PREFIX_BYTES, type Frame, frameBytes } from '@neurovoyance/protocol'

/** One whole message off the wire. */
export interface ReceivedFrame {
  /** Its body is a view on received bytes: decode it now, do not keep it. */
  head: Frame
  attachments: readonly Uint8Array[]
  /** What the message took of the budget; whoever is done with it gives it back. */
  heldBytes: number
}

/** What a reader asks of the stream it reads for. */
export interface FrameSink {
  /**
   * Decides on a frame before its attachments are allocated; returns the bytes it holds of a budget.
   *
   * @throws P2pError where the frame is not wanted.
   */
  admit(head: Frame, attachmentBytes: number): number
  /** Gives the buffer of one attachment. */
  allocate(byteLength: number): Uint8Array
  /** A frame is complete. */
  deliver(frame: ReceivedFrame): void
  /** Gives back what `admit` took for a frame that will not be complete. */
  release(heldBytes: number): void
}

const NONE: readonly Uint8Array[] = Object.freeze([])
const EMPTY = new Uint8Array(0)

/**
 * Cuts a stream of bytes into frames.
 *
 * Lengths are checked before anything is kept or allocated. A small frame that comes in one piece is
 * never copied; heads that come in pieces are gathered; attachments are written once, straight into the
 * buffers that their receiver will own.
 */
export class FrameReader {
  readonly #sink: FrameSink
  /** What has come of a frame's head and body, and how many bytes of them are needed: the prefix first. */
  #gathering = EMPTY
  #gathered = 0
  #needed = FRAME_PREFIX_BYTES
  #frame: ReceivedFrame | undefined
  #attachments: Uint8Array[] = []
  #filling: Uint8Array | undefined
  #filled = 0

  constructor(sink: FrameSink) {
    this.#sink = sink
  }

  /** Whether a frame has begun and is not complete. */
  get midFrame(): boolean {
    return this.#gathered > 0 || this.#frame !== undefined
  }

  /** Whether header and body are in, and attachments are on their way. */
  get inAttachments(): boolean {
    return this.#frame !== undefined
  }

  /**
   * Takes the next bytes of the stream.
   *
   * @throws ProtocolError for bytes that are no frame or one over the limits, P2pError as `admit` does;
   * the reader is then done for.
   */
  push(chunk: Uint8Array): void {
    let rest = chunk
    while (rest.length > 0) {
      rest = this.#frame === undefined ? this.#takeHead(rest) : this.#takeAttachments(rest)
    }
  }

  /** Drops a frame that will not be complete. */
  abandon(): void {
    if (this.#frame !== undefined) this.#sink.release(this.#frame.heldBytes)
    this.#frame = undefined
    this.#attachments = []
    this.#filling = undefined
    this.#gathering = EMPTY
    this.#gathered = 0
  }

  #takeHead(chunk: Uint8Array): Uint8Array {
    if (this.#gathered === 0 && chunk.length >= FRAME_PREFIX_BYTES) {
      const wanted = frameBytes(chunk)
      if (chunk.length === wanted) {
        this.#readHead(chunk)
        return EMPTY
      }
      if (chunk.length > wanted) {
        const rest = chunk.subarray(wanted)
        this.#readHead(chunk.subarray(0, wanted))
        return rest
      }
      this.#needed = wanted
    }
    const wanted = this.#needed - this.#gathered
    const taken = Math.min(wanted, chunk.length)
    this.#gather(chunk.subarray(0, taken))
    if (taken === wanted) {
      if (this.#needed === FRAME_PREFIX_BYTES) this.#needed = frameBytes(this.#gathering)
      if (this.#needed === this.#gathered) this.#readHead(this.#gathering.subarray(0, this.#gathered))
    }
    return chunk.subarray(taken)
  }

  /** Keeps a part of a head in a buffer that grows with what has come, not with what was announced. */
  #gather(chunk: Uint8Array): void {
    const bytes = this.#gathered + chunk.length
    if (bytes > this.#gathering.length) {
      const grown = new Uint8Array(Math.min(this.#needed, Math.max(bytes, 2 * this.#gathering.length, 1024)))
      grown.set(this.#gathering.subarray(0, this.#gathered))
      this.#gathering = grown
    }
    this.#gathering.set(chunk, this.#gathered)
    this.#gathered = bytes
  }

  #readHead(bytes: Uint8Array): void {
    this.#gathering = EMPTY
    this.#gathered = 0
    this.#needed = FRAME_PREFIX_BYTES
    const head = decodeFrame(bytes)
    let attachmentBytes = 0
    for (const length of head.attachmentBytes) attachmentBytes += length
    const heldBytes = this.#sink.admit(head, attachmentBytes)
    const frame: ReceivedFrame = { head, attachments: NONE, heldBytes }
    if (head.attachmentBytes.length === 0) {
      this.#sink.deliver(frame)
      return
    }
    this.#frame = frame
    this.#attachments = []
    this.#nextAttachment()
  }

  /** Opens the next attachment that has bytes to come; delivers the frame when there is none. */
  #nextAttachment(): void {
    const frame = this.#frame!
    while (this.#attachments.length < frame.head.attachmentBytes.length) {
      const buffer = this.#sink.allocate(frame.head.attachmentBytes[this.#attachments.length]!)
      if (buffer.length > 0) {
        this.#filling = buffer
        this.#filled = 0
        return
      }
      this.#attachments.push(buffer)
    }
    frame.attachments = this.#attachments
    this.#frame = undefined
    this.#filling = undefined
    this.#attachments = []
    this.#sink.deliver(frame)
  }

  #takeAttachments(chunk: Uint8Array): Uint8Array {
    const filling = this.#filling!
    const wanted = filling.length - this.#filled
    const piece = chunk.length > wanted ? chunk.subarray(0, wanted) : chunk
    filling.set(piece, this.#filled)
    this.#filled += piece.length
    if (this.#filled === filling.length) {
      this.#attachments.push(filling)
      this.#nextAttachment()
    }
    return chunk.length > wanted ? chunk.subarray(wanted) : EMPTY
  }
}
