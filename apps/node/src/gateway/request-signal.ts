import type { FastifyReply } from 'fastify'

/** Aborts when the one who asked hangs up before the answer is sent. */
export function abortedBy(reply: FastifyReply): AbortSignal {
  const controller = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) controller.abort()
  })
  return controller.signal
}
