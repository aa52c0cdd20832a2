import type { Connection, Stream, StreamCloseEvent, StreamMessageEvent } from '@libp2p/interface'
import { type FrameInit, NeurovoyanceError } from '@neurovoyance/protocol'
import { P2pError } from '../errors.js'
import { FrameReader, type FrameSink } from './frame-reader.js'
import { type Attachments, FrameWriter } from './frame-writer.js'
import type { RpcLimits } from './limits.js'

/** Whoever speaks over a channel now: a call, the pool that keeps it, or the side that answers. */
export interface ChannelUser extends FrameSink {
  /** The peer broke the rules or sent what is not wanted; nothing more is read from the channel. */
  onFault(error: NeurovoyanceError): void
  /** The peer will send no more. */
  onRemoteEnd(): void
  /** The stream is gone. */
  onClose(error: Error | undefined): void
}

/** What a channel is made from. */
export interface ChannelInit {
  stream: Stream
  connection: Connection
  user: ChannelUser
  limits: RpcLimits
  /** The stream is closed after this long without a call. */
  idleMs: number
  /** The stream is gone; told after the user. */
  onGone: (channel: Channel) => void
}

/** How far a stream had come when it was last looked at. */
interface Sample {
  atMs: number
  phase: 'idle' | 'busy' | 'head' | 'attachments' | 'closing'
  frames: number
  receivedBytes: number
}

/**
 * A libp2p stream that speaks frames.
 *
 * It listens to the stream's events directly (no iterator per message), and keeps no timer: whoever owns it
 * calls `check` about once a second, which finds streams that trickle, stall or idle.
 */
export class Channel {
  readonly stream: Stream
  readonly connection: Connection
  readonly peerId: string
  /** Whether a call is on it. */
  busy = false
  user: ChannelUser
  readonly #limits: RpcLimits
  readonly #idleMs: number
  readonly #onGone: (channel: Channel) => void
  readonly #reader: FrameReader
  readonly #writer: FrameWriter
  #closed = false
  #deaf = false
  #paused = false
  #frames = 0
  #lastCallId = 0
  #receivedBytes = 0
  #sample: Sample = { atMs: 0, phase: 'idle', frames: -1, receivedBytes: 0 }

  constructor(init: ChannelInit) {
    const { stream, connection, limits } = init
    this.stream = stream
    this.connection = connection
    this.peerId = connection.remotePeer.toString()
    this.user = init.user
    this.#limits = limits
    this.#idleMs = init.idleMs
    this.#onGone = init.onGone
    this.#writer = new FrameWriter(stream)
    this.#reader = new FrameReader({
      admit: (head, attachmentBytes) => this.user.admit(head, attachmentBytes),
      allocate: byteLength => this.user.allocate(byteLength),
      release: heldBytes => this.user.release(heldBytes),
      deliver: frame => {
        this.#frames++
        this.user.deliver(frame)
      },
    })
    // While the channel is paused, the muxer's whole window may still arrive: it must not reset the stream.
    stream.maxReadBufferLength = Math.max(stream.maxReadBufferLength, MUXER_WINDOW_BYTES)
    stream.addEventListener('message', this.#onMessage)
    stream.addEventListener('remoteCloseWrite', this.#onRemoteEnd)
    stream.addEventListener('close', this.#onClose)
  }

  /** Whether a new call can start on it. */
  get usable(): boolean {
    return (
      !this.#closed &&
      !this.#deaf &&
      this.stream.status === 'open' &&
      this.stream.writeStatus === 'writable' &&
      this.stream.remoteWriteStatus === 'writable'
    )
  }

  /** Whether it has said goodbye, or is gone. */
  get ending(): boolean {
    return this.#deaf || this.#closed
  }

  /** Whether a frame is on its way out. */
  get sending(): boolean {
    return this.#writer.sending
  }

  /** Whether bytes of a frame have come that is not complete. */
  get midFrame(): boolean {
    return this.#reader.midFrame
  }

  /** Sends one frame; a promise where the stream was full, resolved when it has taken the frame. */
  send(frame: FrameInit, attachments?: Attachments): undefined | Promise<void> {
    return this.#writer.send(frame, attachments)
  }

  /** An id for the next call on this stream. */
  nextCallId(): number {
    this.#lastCallId = this.#lastCallId >= 0xffff_ffff ? 1 : this.#lastCallId + 1
    return this.#lastCallId
  }

  /** Stops (or starts again) taking bytes from the peer, which stops it when the muxer's window is full. */
  setPaused(paused: boolean): void {
    if (paused === this.#paused || this.#closed || this.stream.readStatus === 'closed') return
    this.#paused = paused
    if (paused) this.stream.pause()
    else this.stream.resume()
  }

  /** Says goodbye: what was sent still arrives, nothing more is read. */
  end(): void {
    if (this.#closed || this.#deaf) return
    this.#deaf = true
    this.setPaused(false)
    this.stream.close().catch((error: Error) => this.reset(error))
  }

  /** Ends the stream at once, at both ends. */
  reset(error: Error): void {
    if (this.#closed) return
    this.stream.abort(error)
    this.#settle(error)
  }

  /** Looks at the stream's progress; called about once a second. */
  check(nowMs: number): void {
    const phase = this.#phase()
    const last = this.#sample
    if (last.frames !== this.#frames || last.phase !== phase) {
      this.#sample = { atMs: nowMs, phase, frames: this.#frames, receivedBytes: this.#receivedBytes }
    } else {
      this.#judge(phase, nowMs - last.atMs, nowMs)
    }
    if (this.#writer.isStalled(nowMs, this.#limits.writeStallMs))
      this.#stall('what was sent to it was not read')
  }

  #phase(): Sample['phase'] {
    if (this.#deaf) return 'closing'
    if (this.#paused) return 'busy'
    if (this.#reader.inAttachments) return 'attachments'
    if (this.#reader.midFrame) return 'head'
    return this.busy ? 'busy' : 'idle'
  }

  #judge(phase: Sample['phase'], elapsedMs: number, nowMs: number): void {
    if (phase === 'closing' && elapsedMs >= CLOSING_MS)
      this.reset(new Error('the peer did not close its side'))
    else if (phase === 'idle' && elapsedMs >= this.#idleMs) this.end()
    else if (phase === 'head' && elapsedMs >= this.#limits.frameTimeoutMs)
      this.#stall('a frame did not get complete')
    else if (phase === 'attachments' && elapsedMs >= this.#limits.frameTimeoutMs) {
      const bytes = this.#receivedBytes - this.#sample.receivedBytes
      if ((bytes * 1000) / elapsedMs < this.#limits.attachmentBytesPerSecond)
        this.#stall('attachments trickled')
      else this.#sample = { ...this.#sample, atMs: nowMs, receivedBytes: this.#receivedBytes }
    }
  }

  #stall(what: string): void {
    this.#fault(
      new P2pError('P2P_STREAM_RESET', `The stream to ${this.peerId} was reset: ${what} in time.`, {
        details: { peerId: this.peerId, reason: 'stalled' },
      }),
    )
  }

  #fault(error: NeurovoyanceError): void {
    if (this.#closed || this.#deaf) return
    this.user.onFault(error)
  }

  readonly #onMessage = (event: StreamMessageEvent): void => {
    if (this.#deaf || this.#closed) return
    const data = event.data
    this.#receivedBytes += data.byteLength
    try {
      if (data instanceof Uint8Array) this.#reader.push(data)
      else {
        for (const chunk of data) {
          if (this.#deaf || this.#closed) return
          this.#reader.push(chunk)
        }
      }
    } catch (error) {
      this.#fault(error instanceof NeurovoyanceError ? error : brokenReader(error))
    }
  }

  readonly #onRemoteEnd = (): void => {
    if (!this.#closed) this.user.onRemoteEnd()
  }

  readonly #onClose = (event: StreamCloseEvent): void => this.#settle(event.error)

  #settle(error: Error | undefined): void {
    if (this.#closed) return
    this.#closed = true
    this.stream.removeEventListener('message', this.#onMessage)
    this.stream.removeEventListener('remoteCloseWrite', this.#onRemoteEnd)
    this.stream.removeEventListener('close', this.#onClose)
    this.#reader.abandon()
    this.#writer.close(error)
    this.user.onClose(error)
    this.#onGone(this)
  }
}

/** Yamux's largest receive window, and one frame more. */
const MUXER_WINDOW_BYTES = 17 * 1024 * 1024

/** A peer closes its side of a closed stream within this. */
const CLOSING_MS = 5000

function brokenReader(cause: unknown): P2pError {
  return new P2pError('P2P_MALFORMED', 'A frame could not be read.', { cause })
}
