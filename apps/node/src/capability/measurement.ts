import { readFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { writeFileAtomic } from '@neurovoyance/p2p/node'
import type { Capability } from '@neurovoyance/protocol'
import { z } from 'zod'
import type { Config } from '../config/schema.js'
import { VERSION } from '../package.js'

/** A measurement is good for a week; then the machine is measured again, as drivers and cooling change. */
const GOOD_FOR_MS = 7 * 24 * 3_600_000

const figure = z.number().positive()

const fileSchema = z.object({
  of: z.string(),
  measuredAtMs: z.number(),
  capability: z.object({
    backend: z.string().max(32),
    gflops: figure,
    memoryBandwidthMbps: figure,
    memoryBytes: figure,
  }),
})

/** What a measurement holds for: this machine, what runs the models, and how it is set. */
export function measuredThing(settings: Config['runtime']): string {
  const processors = cpus()
  const machine = [process.platform, process.arch, processors.length, processors[0]?.model, totalmem()]
  return JSON.stringify([VERSION, process.version, ...machine, settings])
}

/** The measurement in a file, where there is one of the same thing that is not too old. */
export async function readMeasurement(
  path: string,
  of: string,
  nowMs: number,
): Promise<Capability | undefined> {
  try {
    const found = fileSchema.parse(JSON.parse(await readFile(path, 'utf8')))
    const ageMs = nowMs - found.measuredAtMs
    return found.of === of && ageMs >= 0 && ageMs < GOOD_FOR_MS ? found.capability : undefined
  } catch {
    // Whatever is wrong with it, measuring anew mends it.
    return undefined
  }
}

/** Keeps a measurement for the next start. */
export async function writeMeasurement(
  path: string,
  of: string,
  measuredAtMs: number,
  capability: Capability,
): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify({ of, measuredAtMs, capability }, null, 2)}\n`, {
    mode: 0o600,
  })
}
