import { isDeepStrictEqual } from 'node:util'
import type { Decoder } from './decoder.ts'
import { type AllocationMeter, heldBytes, meterAllocations } from './meter.ts'
import { makeFrame } from './mutate.ts'
import { seededRandom } from './random.ts'

/** What became of one decoder's frames. */
export interface Outcome {
  readonly name: string
  /** Damaged and random frames, beside the samples as they are. */
  readonly generated: number
  readonly frames: number
  readonly accepted: number
  /** Refusals by error code. */
  readonly refused: Readonly<Record<string, number>>
  /** The largest buffer that any decode asked for by size. */
  readonly largestBytes: number
}

/** A frame that broke a promise; the message tells how to see it again. */
export class FuzzFailure extends Error {
  override name = 'FuzzFailure'
}

/** A decode may ask for this much beyond what its input pays for: tables and scratch space. */
const FREE_BYTES = 64 * 1024
/** The most a decode may ask for in one piece, and a value may hold, per byte of input. */
const ASKED_PER_BYTE = 16
const HELD_PER_BYTE = 256

/** How much is fed. */
export interface FuzzOptions {
  readonly seed: number
  /** Frames to generate in all, shared among the decoders. */
  readonly frames: number
  /** Frames to generate for each decoder at least; none when left out. */
  readonly each?: number
  readonly onOutcome?: (outcome: Outcome) => void
}

/**
 * Generates `frames` frames, shared among the decoders, and feeds them between samples as they are; each decoder's frames depend on the seed and its name only.
 *
 * @throws FuzzFailure where a decoder throws anything but its own errors, refuses a sample, asks for or keeps more
 *   memory than its input pays for, or writes what it does not read back
 */
export async function fuzz(
  decoders: readonly Decoder[],
  { seed, frames, each = 0, onOutcome }: FuzzOptions,
): Promise<Outcome[]> {
  const shares = decoders.reduce((sum, { share = 1 }) => sum + share, 0)
  const outcomes: Outcome[] = []
  const meter = meterAllocations()
  try {
    for (const decoder of decoders) {
      const count = Math.max(each, Math.ceil((frames * (decoder.share ?? 1)) / shares))
      const outcome = await fuzzOne(decoder, seed, count, meter)
      outcomes.push(outcome)
      onOutcome?.(outcome)
    }
  } finally {
    meter.remove()
  }
  return outcomes
}

async function fuzzOne(
  decoder: Decoder,
  seed: number,
  count: number,
  meter: AllocationMeter,
): Promise<Outcome> {
  const random = seededRandom(seed, decoder.name)
  const refused: Record<string, number> = {}
  let generated = 0
  let accepted = 0
  let largestBytes = 0
  let index = 0
  for (; generated < count || index < decoder.samples.length; index++) {
    // Every sample as it is, then what becomes of them.
    const sample = decoder.samples[index]
    const { frame, intact } = sample ? { frame: sample, intact: true } : makeFrame(random, decoder.samples)
    if (!intact) generated++
    meter.reset()
    try {
      const decoded = decoder.decode(frame)
      const value = decoded instanceof Promise ? await decoded : decoded
      largestBytes = Math.max(largestBytes, checkMemory(frame, value, meter))
      checkRoundTrip(decoder, value)
      accepted++
    } catch (error) {
      const code = (error as { code?: unknown } | null)?.code
      if (typeof code !== 'string' || !code.startsWith(decoder.codes) || intact) {
        const again = `pnpm sim fuzz --seed ${seed} --frames ${count} --only ${decoder.name}`
        const what = intact ? 'refuses one of its samples' : 'breaks'
        throw new FuzzFailure(
          `${decoder.name} ${what} at frame ${index}: ${again}\n${hex(frame)}\n${error}`,
          { cause: error },
        )
      }
      refused[code] = (refused[code] ?? 0) + 1
      largestBytes = Math.max(largestBytes, checkMemory(frame, undefined, meter))
    }
  }
  return { name: decoder.name, generated, frames: index, accepted, refused, largestBytes }
}

function checkMemory(frame: Uint8Array, value: unknown, meter: AllocationMeter): number {
  const asked = meter.largestBytes()
  if (asked > FREE_BYTES + ASKED_PER_BYTE * frame.length)
    throw new Error(`asks for ${asked} bytes for ${frame.length}`)
  const held = heldBytes(value, frame)
  if (held > FREE_BYTES + HELD_PER_BYTE * frame.length)
    throw new Error(`keeps ${held} bytes for ${frame.length}`)
  return asked
}

function checkRoundTrip(decoder: Decoder, value: unknown): void {
  if (decoder.encode === undefined) return
  const again = decoder.decode(decoder.encode(value as never))
  if (!isDeepStrictEqual(again, value)) throw new Error('writes what it does not read back')
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')
}
