import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os'

/** The machine in a line, so far as it bears on a figure: nothing that names it. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim() || 'unknown processor'
  const memoryGib = Math.round(totalmem() / 2 ** 30)
  return `Measured on ${availableParallelism()} cores of ${model}, ${memoryGib} GiB, ${platform()} ${arch()}, Node ${process.versions.node}.`
}
