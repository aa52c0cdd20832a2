/** Resolves when a signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise(resolve => signal.addEventListener('abort', () => resolve(), { once: true }))
}

/** Resolves when the process that holds our standard input ends, however it ends. */
export function supervisorGone(): Promise<void> {
  return new Promise(resolve => {
    process.stdin.resume()
    process.stdin.once('end', resolve)
    process.stdin.once('error', () => resolve())
    process.stdin.once('close', resolve)
  })
}
