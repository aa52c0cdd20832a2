import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'

/** Whether this system tells how much memory a process had at its highest. */
export const hasMemoryPeaks = existsSync('/proc/self/clear_refs')

/** Resident memory of a process now, from where its peak is measured anew; in bytes. */
export async function startPeak(pid: number): Promise<number> {
  await writeFile(`/proc/${pid}/clear_refs`, '5')
  return readStatus(pid, 'VmRSS')
}

/** The most resident memory a process has had since {@link startPeak}, in bytes. */
export const peakOf = (pid: number): Promise<number> => readStatus(pid, 'VmHWM')

async function readStatus(pid: number, field: string): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)![1]) * 1024
}
