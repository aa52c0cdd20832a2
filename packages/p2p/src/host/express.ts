import type { MessageStream } from '@libp2p/interface'
import { AbstractMessageStream } from '@libp2p/utils'
import { Uint8ArrayList } from 'uint8arraylist'

type Data = Uint8Array | Uint8ArrayList
type OnMessage = (message: { readonly data: Uint8ArrayList }) => void

/** What an `AbstractMessageStream` of `@libp2p/utils` 7 keeps to itself and its heirs. */
interface Inner {
  readStatus: string
  writeStatus: string
  remoteWriteStatus: string
  sendingData: boolean
  writableNeedsDrain: boolean
  maxMessageSize: number | undefined
  readonly readBuffer: Uint8ArrayList
  readonly writeBuffer: Uint8ArrayList
  onData(data: Data): void
  send(data: Data): boolean
  sendData(data: Uint8ArrayList): { sentBytes: number; canSendMore: boolean }
  processSendQueue(): boolean
  checkWriteBufferLength(): void
  dispatchReadBuffer(): void
  abort(error: Error): void
  listenerCount(type: string): number
  addEventListener(type: string, listener: unknown, options?: unknown): void
  removeEventListener(type: string, listener: unknown, options?: unknown): void
  safeDispatchEvent(type: string, detail?: unknown): boolean
}

/**
 * Takes messages straight through a stream while nothing stands in their way.
 *
 * A message passes three of libp2p's streams on its way out and three on its way in. Each puts it into a queue, takes
 * it out again, and tells of it by events, most of which nobody hears. Where the queue is empty, the stream is open and
 * one listener waits, it goes to the next layer directly here; in every other case libp2p's own way is taken.
 */
export function express<Kind extends MessageStream>(stream: Kind): Kind {
  if (!(stream instanceof AbstractMessageStream)) return stream
  const inner = stream as unknown as Inner
  sendStraight(inner)
  receiveStraight(inner)
  const dispatch = inner.safeDispatchEvent.bind(inner)
  inner.safeDispatchEvent = (type, detail) => inner.listenerCount(type) === 0 || dispatch(type, detail)
  return stream
}

function sendStraight(inner: Inner): void {
  const send = inner.send.bind(inner)

  inner.send = data => {
    const { maxMessageSize = Number.POSITIVE_INFINITY, writeBuffer } = inner
    const isClear = writeBuffer.byteLength === 0 && !inner.sendingData && !inner.writableNeedsDrain
    const isWhole = data.byteLength > 0 && data.byteLength <= maxMessageSize
    if (!isClear || !isWhole || inner.writeStatus !== 'writable') return send(data)
    inner.sendingData = true
    try {
      // a list of its own: what is sent is taken out of it
      const { sentBytes, canSendMore } = inner.sendData(new Uint8ArrayList(data))
      if (sentBytes < data.byteLength) writeBuffer.prepend(new Uint8ArrayList(data).sublist(sentBytes))
      if (!canSendMore) {
        inner.writableNeedsDrain = true
        inner.checkWriteBufferLength()
      }
    } catch (error) {
      writeBuffer.prepend(data)
      inner.abort(error as Error)
      throw error
    } finally {
      inner.sendingData = false
    }
    if (writeBuffer.byteLength === 0) inner.safeDispatchEvent('idle')
    else if (!inner.writableNeedsDrain) return inner.processSendQueue()
    return !inner.writableNeedsDrain
  }
}

function receiveStraight(inner: Inner): void {
  const onData = inner.onData.bind(inner)
  const add = inner.addEventListener.bind(inner)
  const remove = inner.removeEventListener.bind(inner)
  /** Who listens for messages, without more ado. */
  const listeners: OnMessage[] = []

  inner.addEventListener = (type, listener, options) => {
    const before = inner.listenerCount('message')
    add(type, listener, options)
    const isPlain = options === undefined && typeof listener === 'function'
    if (inner.listenerCount('message') > before && isPlain) listeners.push(listener as OnMessage)
  }
  inner.removeEventListener = (type, listener, options) => {
    remove(type, listener, options)
    const index = type === 'message' ? listeners.indexOf(listener as OnMessage) : -1
    if (index >= 0) listeners.splice(index, 1)
  }

  inner.onData = data => {
    const [listener, another] = listeners
    const isAlone = listener !== undefined && another === undefined && inner.listenerCount('message') === 1
    const isClear = inner.readStatus === 'readable' && inner.readBuffer.byteLength === 0
    if (!isAlone || !isClear || data.byteLength === 0) {
      onData(data)
      return
    }
    listener({ data: new Uint8ArrayList(data) })
    // it was the last one, or more came meanwhile
    if (inner.remoteWriteStatus === 'closed' || inner.readBuffer.byteLength > 0) inner.dispatchReadBuffer()
  }
}
