import { honestModels, hostileModels } from '@neurovoyance/testing/models'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  checkModel,
  DEFAULT_READ_LIMITS,
  modelId,
  modelSignature,
  OnnxError,
  openModel,
} from '../src/index.js'
import { countingSource } from './counting-source.js'

const samples = [...honestModels(), ...hostileModels()]
  .map(({ bytes }) => bytes)
  .filter(({ byteLength }) => byteLength > 0 && byteLength < 100_000)

type Damage = (bytes: Uint8Array) => Uint8Array

/** A place in the bytes, mostly near their head, where the structure is. */
const place = fc.oneof(fc.integer({ min: 0, max: 400 }), fc.nat())

const damage: fc.Arbitrary<Damage> = fc.oneof(
  fc.tuple(place, fc.integer({ min: 0, max: 255 })).map(
    ([at, byte]): Damage =>
      bytes => {
        const changed = bytes.slice()
        if (changed.byteLength > 0) changed[at % changed.byteLength] = byte
        return changed
      },
  ),
  place.map(
    (at): Damage =>
      bytes =>
        bytes.slice(0, at % (bytes.byteLength + 1)),
  ),
  fc.tuple(place, fc.uint8Array({ maxLength: 12 })).map(
    ([at, extra]): Damage =>
      bytes => {
        const cut = at % (bytes.byteLength + 1)
        return Uint8Array.from([...bytes.subarray(0, cut), ...extra, ...bytes.subarray(cut)])
      },
  ),
  fc.tuple(place, place).map(
    ([from, length]): Damage =>
      bytes => {
        const start = from % (bytes.byteLength + 1)
        const end = start + (length % 64)
        return Uint8Array.from([
          ...bytes.subarray(0, end),
          ...bytes.subarray(start, end),
          ...bytes.subarray(end),
        ])
      },
  ),
)

const damaged = fc
  .tuple(fc.constantFrom(...samples), fc.array(damage, { minLength: 1, maxLength: 4 }))
  .map(([bytes, steps]) => steps.reduce((changed, step) => step(changed), bytes))

describe('damaged models', () => {
  it('are opened, or refused with an OnnxError, without reading or keeping more than there is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof({ weight: 9, arbitrary: damaged }, fc.uint8Array({ maxLength: 300 })),
        async bytes => {
          const source = countingSource(bytes)
          const outcome = await openModel(source).catch(error => error)
          expect(source.largestRead).toBeLessThanOrEqual(bytes.byteLength)
          if (outcome instanceof Error) {
            expect(outcome).toBeInstanceOf(OnnxError)
            return
          }
          expect(outcome.keptBytes).toBeLessThanOrEqual(
            Math.min(bytes.byteLength, DEFAULT_READ_LIMITS.maxGraphBytes),
          )
          for (const question of [checkModel, modelSignature, modelId]) {
            const answer = await (async () => question(outcome))().catch(error => error)
            if (answer instanceof Error) expect(answer).toBeInstanceOf(OnnxError)
          }
        },
      ),
      { numRuns: 3000 },
    )
  }, 60_000)
})
