import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** Another process of a benchmark. */
export interface SpawnedPeer<Ready> {
  process: ChildProcess
  /** What it said when it was ready. */
  ready: Ready
}

/** Starts `file` (beside this one) as a process that ends with this one, and waits for its first message. */
export async function spawnPeer<Ready>(
  file: string,
  args: readonly string[] = [],
): Promise<SpawnedPeer<Ready>> {
  const child = fork(new URL(file, import.meta.url), args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    execArgv: [...process.execArgv, '--import', new URL('./young-generation.ts', import.meta.url).href],
  })
  const failed = once(child, 'exit').then(([code]) => {
    throw new Error(`${file} ended with ${code} before it was ready`)
  })
  const [ready] = (await Promise.race([once(child, 'message'), failed])) as [Ready]
  failed.catch(() => {})
  return { process: child, ready }
}
