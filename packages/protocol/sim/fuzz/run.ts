import { isDeepStrictEqual } from 'node:util'
import type { Decoder } from './decoder.ts'
import { type AllocationMeter, heldBytes, meterAllocations } from './meter.ts'
import { makeFrame } from './mutate.ts'
import { seededRandom } from './random.ts'

/** What became of one decoder's frames. */
export interface Outcome {
  readonly name: string
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

/**
 * Feeds `frames` frames, shared among the decoders; each decoder's frames depend on the seed and its name only.
 *
 * @throws FuzzFailure where a decoder throws anything but its own errors, refuses a sample, asks for or keeps more
 *   memory than its input pays for, or writes what it does not read back
 */
export async function fuzz(decoders: readonly Decoder[], seed: number, frames: number): Promise<Outcome[]> {
  const shares = decoders.reduce((sum, { share = 1 }) => sum + share, 0)
  const outcomes: Outcome[] = []
  const meter = meterAllocations()
  try {
    for (const decoder of decoders) {
      const count = Math.max(decoder.samples.length, Math.ceil((frames * (decoder.share ?? 1)) / shares))
      outcomes.push(await fuzzOne(decoder, seed, count, meter))
    }
  } finally {
    meter.remove()
  }
  return outcomes
}

async function fuzzOne(
  decoder: Decoder,
  seed: number,
  frames: number,
  meter: AllocationMeter,
): Promise<Outcome> {
  const random = seededRandom(seed, decoder.name)
  const refused: Record<string, number> = {}
  let accepted = 0
  let largestBytes = 0
  for (let index = 0; index < frames; index++) {
    // Every sample as it is, then what becomes of them.
    const sample = decoder.samples[index]
    const { frame, intact } = sample ? { frame: sample, intact: true } : makeFrame(random, decoder.samples)
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
        const again = `pnpm sim fuzz --seed ${seed} --frames ${frames} --only ${decoder.name}`
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
  return { name: decoder.name, frames, accepted, refused, largestBytes }
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
