import { yamux } from '@chainsafe/libp2p-yamux'
import { StreamState, YamuxStream } from '@chainsafe/libp2p-yamux/stream'
import type { MessageStream, Stream, StreamMuxer, StreamMuxerFactory } from '@libp2p/interface'
import { AbstractStreamMuxer } from '@libp2p/utils'
import type { HostLimits } from '../limits/host-limits.js'
import { express } from './express.js'

/** A receiver tells of its window again when this part of it is used up. */
const WINDOW_PART = 1 / 8

/**
 * Yamux, with two of its ways mended.
 *
 * `@chainsafe/libp2p-yamux` 8.0 sends a stream's first frame in a microtask, where nobody catches what it throws: a
 * peer that hung up at that moment would end the whole process. What is sent on a closed connection is lost either
 * way; its streams end with it.
 *
 * And it answers every frame of data, however small, with a window update: a frame more to encrypt, write, read and
 * decrypt for each message. Here it says so when it matters to the sender.
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
      createStreamMuxer: connection => sparing(factory.createStreamMuxer(lenient(connection))),
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

function sparing(muxer: StreamMuxer): StreamMuxer {
  const createStream = muxer.createStream.bind(muxer)
  muxer.createStream = async options => updateRarely(await createStream(options))
  if (muxer instanceof AbstractStreamMuxer) {
    const onRemoteStream = muxer.onRemoteStream.bind(muxer)
    muxer.onRemoteStream = stream => onRemoteStream(updateRarely(stream))
  }
  return muxer
}

function updateRarely<Opened extends Stream>(stream: Opened): Opened {
  if (!(stream instanceof YamuxStream)) return stream
  express(stream)
  const update = stream.sendWindowUpdate.bind(stream)
  stream.sendWindowUpdate = () => {
    // what opens or resumes a stream is said at once
    if (stream.state !== StreamState.Established || isWindowUsed(stream)) update()
  }
  return stream
}

/** Whether so much of a stream's window is used that its sender should hear of what is free again. */
function isWindowUsed(stream: YamuxStream): boolean {
  const window = Number(Reflect.get(stream, 'recvWindow'))
  const left = Number(Reflect.get(stream, 'recvWindowCapacity'))
  return !(window - left < window * WINDOW_PART)
}
