import type { Socket } from 'node:net'
import type { Logger } from '@neurovoyance/protocol'
import type { AbciApplication } from '../application/application.js'
import { ABCI_LIMITS } from '../limits.js'
import { envelope } from '../messages/envelope.js'
import { REQUESTS, type RequestKind, type RequestOf } from '../messages/requests.js'
import { RESPONSES } from '../messages/responses.js'
import { FrameReader, frame } from '../wire/frames.js'
import type { Turns } from './turns.js'

const requests = envelope('Request', REQUESTS)
const responses = envelope('Response', RESPONSES)

const MOST_TEXT = 1_000

/**
 * Answers what comes over one connection, in its order, until it ends. Answers to what came together leave together.
 * A request that is malformed, or that cannot be answered, is answered with an exception, and the connection ends:
 * CometBFT stops then, which is what it has to do where the ledger cannot go on.
 */
export async function serveConnection(
  socket: Socket,
  application: AbciApplication,
  turns: Turns,
  logger: Logger,
): Promise<void> {
  const frames = new FrameReader(ABCI_LIMITS.frameBytes)
  let kind = 'request'
  try {
    for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
      socket.cork()
      try {
        for (const bytes of frames.take(chunk)) {
          const request = requests.decode(bytes)
          kind = request.kind
          const answer = await turns.take(() => answerOf(application, request.kind, request.value))
          socket.write(frame(responses.encode(request.kind, answer)))
        }
      } finally {
        socket.uncork()
      }
      if (socket.writableNeedDrain) await drained(socket)
    }
  } catch (error) {
    if (socket.destroyed) return
    logger.error({ request: kind, error: String(error) }, 'could not answer CometBFT')
    const text = (error instanceof Error ? error.message : String(error)).slice(0, MOST_TEXT)
    socket.end(frame(responses.encode('exception', { error: `${kind}: ${text}` })), () => socket.destroy())
  }
}

const answerOf = <Kind extends RequestKind>(application: AbciApplication, kind: Kind, value: unknown) =>
  application.answer(kind, value as RequestOf<Kind>)

/** Resolves when the socket takes more, or is gone. */
function drained(socket: Socket): Promise<void> {
  return new Promise(resolve => {
    const done = (): void => {
      socket.off('drain', done).off('close', done)
      resolve()
    }
    socket.on('drain', done).on('close', done)
  })
}
