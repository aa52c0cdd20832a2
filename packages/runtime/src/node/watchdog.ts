/**
 * A thread beside a child's main thread, which a model may hold for as long as it runs: it kills the process
 * when it is over its memory limit or has lost its parent.
 */
import { writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'
import { OUT_OF_MEMORY_NOTE } from './child-config.js'
import { WATCHDOG_CELLS } from './watchdog-cells.js'

interface WatchdogInit {
  readonly cells: Int32Array
  readonly memoryLimitBytes: number
  readonly parentPid: number
}

const PERIOD_MS = 20
const PERIODS_UNTIL_SLEEP = 50
const STDERR_FD = 2

const { cells, memoryLimitBytes, parentPid } = workerData as WatchdogInit
const pause = new Int32Array(new SharedArrayBuffer(4))

for (let calm = 0, seen = -1; ; ) {
  check()
  const starts = Atomics.load(cells, WATCHDOG_CELLS.starts)
  calm = starts === seen && Atomics.load(cells, WATCHDOG_CELLS.busy) === 0 ? calm + 1 : 0
  seen = starts
  if (calm < PERIODS_UNTIL_SLEEP) Atomics.wait(pause, 0, 0, PERIOD_MS)
  else sleepUntilBusy(starts)
}

function sleepUntilBusy(starts: number): void {
  Atomics.store(cells, WATCHDOG_CELLS.asleep, 1)
  // Work that began before `asleep` was seen does not wake us.
  if (Atomics.load(cells, WATCHDOG_CELLS.starts) === starts) Atomics.wait(cells, WATCHDOG_CELLS.asleep, 1)
  Atomics.store(cells, WATCHDOG_CELLS.asleep, 0)
}

function check(): void {
  if (process.memoryUsage.rss() > memoryLimitBytes) die(OUT_OF_MEMORY_NOTE)
  if (process.ppid !== parentPid || !isAlive(parentPid)) die()
}

/** Windows keeps a dead parent's id. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

function die(note?: string): void {
  try {
    if (note !== undefined) writeSync(STDERR_FD, `\n${note}\n`)
  } finally {
    process.kill(process.pid, 'SIGKILL')
  }
}
