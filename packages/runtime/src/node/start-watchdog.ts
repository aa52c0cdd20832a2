import { Worker } from 'node:worker_threads'
import type { ChildConfig } from './child-config.js'
import { WATCHDOG_CELLS } from './watchdog-cells.js'

/** The watchdog, as the main thread sees it. */
export interface Watchdog {
  /** Work begins that may take long or take much memory. */
  busy(): void
  /** The main thread is about to block on its pipe, where it sees its parent's end itself. */
  idle(): void
}

/** Starts the thread of watchdog.ts. Waking it costs only where it sleeps, which it does after idle seconds. */
export function startWatchdog({ memoryLimitBytes, parentPid }: ChildConfig): Watchdog {
  const cells = new Int32Array(new SharedArrayBuffer(WATCHDOG_CELLS.count * 4))
  const worker = new Worker(new URL('./watchdog.js', import.meta.url), {
    workerData: { cells, memoryLimitBytes, parentPid },
  })
  worker.unref()
  return {
    busy() {
      Atomics.add(cells, WATCHDOG_CELLS.starts, 1)
      Atomics.store(cells, WATCHDOG_CELLS.busy, 1)
      if (Atomics.exchange(cells, WATCHDOG_CELLS.asleep, 0) === 1)
        Atomics.notify(cells, WATCHDOG_CELLS.asleep)
    },
    idle() {
      Atomics.store(cells, WATCHDOG_CELLS.busy, 0)
    },
  }
}
