import { Bell } from './waiting.js'

/**
 * Maps requests to answers in order, `depth` of them under way at once: one is sent while the next is read.
 *
 * Requests are taken from their source only when there is room, so a slow receiver slows the sender of requests.
 */
export async function* readAhead<Request, Answer>(
  requests: AsyncIterable<Request>,
  answer: (request: Request) => Promise<Answer>,
  depth: number,
): AsyncGenerator<Answer> {
  const underWay: Promise<Answer>[] = []
  const bell = new Bell()
  const progress: { left: boolean; ended: boolean; failure?: { error: unknown } } = {
    left: false,
    ended: false,
  }

  async function pump(): Promise<void> {
    try {
      for await (const request of requests) {
        while (underWay.length >= depth && !progress.left) await bell.next()
        if (progress.left) return
        const reading = answer(request)
        // Its failure is met when its turn comes.
        reading.catch(() => {})
        underWay.push(reading)
        bell.ring()
      }
    } catch (error) {
      progress.failure = { error }
    }
    progress.ended = true
    bell.ring()
  }

  void pump()
  try {
    for (;;) {
      const next = bell.next()
      const first = underWay[0]
      if (first !== undefined) {
        const value = await first
        underWay.shift()
        bell.ring()
        yield value
      } else if (progress.ended) {
        if (progress.failure !== undefined) throw progress.failure.error
        return
      } else await next
    }
  } finally {
    progress.left = true
    bell.ring()
    await Promise.allSettled(underWay)
  }
}
