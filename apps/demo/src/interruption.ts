const PARENT_CHECK_MS = 500

/**
 * Aborts when whoever started this program ends it, or is gone without a word: at a signal (npm and the terminal may
 * each send it: the first counts), when the parent process has died, when nobody reads the output any more.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController()
  const interrupt = (reason: string) => controller.abort(new Error(`interrupted: ${reason}`))

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, interrupt)
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', () => interrupt('its output is closed'))

  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid !== parent) interrupt('the program that started it is gone')
  }, PARENT_CHECK_MS)
  timer.unref()
  return controller.signal
}

/** The work's result; where `signal` aborts first, its reason is thrown and the work is left to whoever disposes of it. */
export function unlessInterrupted<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  const { promise, reject } = Promise.withResolvers<never>()
  const interrupted = () => reject(signal.reason)
  if (signal.aborted) interrupted()
  signal.addEventListener('abort', interrupted, { once: true })
  return Promise.race([work, promise]).finally(() => signal.removeEventListener('abort', interrupted))
}
