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
import { damaged } from './damage.js'

const samples = [...honestModels(), ...hostileModels()]
  .map(({ bytes }) => bytes)
  .filter(({ byteLength }) => byteLength > 0 && byteLength < 100_000)

describe('damaged models', () => {
  it('are opened, or refused with an OnnxError, without reading or keeping more than there is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof({ weight: 9, arbitrary: damaged(samples) }, fc.uint8Array({ maxLength: 300 })),
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
