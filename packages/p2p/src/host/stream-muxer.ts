import { yamux } from '@chainsafe/libp2p-yamux'
import type { MessageStream, StreamMuxerFactory } from '@libp2p/interface'
import type { HostLimits } from '../limits/host-limits.js'

/**
 * Yamux, on connections that do not throw when they are closed already.
 *
 * `@chainsafe/libp2p-yamux` 8.0 sends a stream's first frame in a microtask, where nobody catches what it throws: a
 * peer that hung up at that moment would end the whole process. What is sent on a closed connection is lost either
 * way; its streams end with it.
 */
export function streamMuxer(limits: HostLimits): () => StreamMuxerFactory {
  const create = yamux({
    maxInboundStreams: limits.streamsPerConnection,
    maxOutboundStreams: limits.streamsPerConnection,
  })
  return () => {
    const factory = create()
    return {
      protocol: factory.protocol,
      createStreamMuxer: connection => factory.createStreamMuxer(lenient(connection)),
    }
  }
}

function lenient(connection: MessageStream): MessageStream {
  const send = connection.send.bind(connection)
  connection.send = data => {
    try {
      return send(data)
    } catch (error) {
      if (error instanceof Error && error.name === 'StreamStateError') return false
      throw error
    }
  }
  return connection
}
