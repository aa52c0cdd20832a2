import type { Stream } from '@libp2p/interface'

/**
 * Counts what a stream receives, from the moment its handler begins to listen: a libp2p stream hands its
 * buffered data to whoever listens first, so a meter that came before the handler would eat it.
 *
 * @param onBytes - called with the size of every chunk
 */
export function onFirstMessageListener(stream: Stream, onBytes: (bytes: number) => void): void {
  const add: EventTarget['addEventListener'] = stream.addEventListener.bind(stream)
  let metered = false
  const addEventListener: EventTarget['addEventListener'] = (type, listener, options) => {
    if (type === 'message' && !metered) {
      metered = true
      stream.addEventListener = add as Stream['addEventListener']
      add('message', event => onBytes((event as MessageEvent<Uint8Array>).data.byteLength))
    }
    add(type, listener, options)
  }
  stream.addEventListener = addEventListener as Stream['addEventListener']
}
