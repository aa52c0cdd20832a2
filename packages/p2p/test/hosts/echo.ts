import { peerIdFromString } from '@libp2p/peer-id'
import { byteStream } from '@libp2p/utils'
import type { Host } from '../../src/index.ts'

export const ECHO_PROTOCOL = '/neurovoyance/test-echo/1.0.0'

/** Answers every byte with itself; returns how many streams were served so far. */
export async function serveEcho(host: Host): Promise<() => number> {
  let served = 0
  await host.libp2p.handle(
    ECHO_PROTOCOL,
    stream => {
      served++
      stream.addEventListener('message', ({ data }) => {
        if (!stream.send(data)) {
          stream.pause()
          stream.onDrain().then(
            () => stream.resume(),
            error => stream.abort(error),
          )
        }
      })
      stream.addEventListener('remoteCloseWrite', () => {
        stream.close().catch(error => stream.abort(error))
      })
    },
    { runOnLimitedConnection: true },
  )
  return () => served
}

/** Sends bytes to a peer's echo and returns what came back. */
export async function echo(host: Host, peerId: string, data: Uint8Array): Promise<Uint8Array> {
  const [connection] = host.libp2p.getConnections(peerIdFromString(peerId))
  if (connection === undefined) throw new Error(`not connected to ${peerId}`)
  const stream = await connection.newStream(ECHO_PROTOCOL, { runOnLimitedConnection: true })
  const bytes = byteStream(stream, { maxBufferSize: 2 * data.byteLength })
  const [answer] = await Promise.all([bytes.read({ bytes: data.byteLength }), bytes.write(data)])
  await stream.close()
  return Uint8Array.from(answer.subarray())
}
