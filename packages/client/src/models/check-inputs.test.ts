import { createTensor, type TensorMap } from '@neurovoyance/protocol'
import { describe, expect, it } from 'vitest'
import { checkInputs } from './check-inputs.js'
import type { ModelSignature, TensorSignature } from './signature.js'

const tensor = (name: string, dims: TensorSignature['dims'], optional = false): TensorSignature => ({
  name,
  type: 'float32',
  dims,
  optional,
})

const signature: ModelSignature = {
  model: 'cid',
  name: 'test',
  bytes: 1,
  inputs: [tensor('x', ['batch', 3, null]), tensor('any', undefined), tensor('mask', [2], true)],
  outputs: [tensor('y', ['batch'])],
}

const floats = (...dims: number[]) =>
  createTensor('float32', new Float32Array(dims.reduce((a, b) => a * b, 1)), dims)

const good: TensorMap = { x: floats(1, 3, 5), any: floats(1, 1, 1, 1) }

describe('checkInputs', () => {
  it('accepts what the model takes', () => {
    checkInputs(signature, good)
    checkInputs(signature, { ...good, mask: floats(2), x: floats(9, 3, 0) }, ['y'])
  })

  it.each<[string, TensorMap, string[], string]>([
    ['CLIENT_INPUT_MISSING', { any: floats() }, [], "the model needs the input 'x' (float32 [batch, 3, ?])"],
    [
      'CLIENT_INPUT_UNKNOWN',
      { ...good, z: floats() },
      [],
      "the model has no input 'z'; it has 'x', 'any', 'mask'",
    ],
    [
      'CLIENT_INPUT_TYPE',
      { ...good, x: createTensor('int32', new Int32Array(3), [1, 3, 1]) },
      [],
      "the input 'x' is int32, the model wants float32 [batch, 3, ?]",
    ],
    [
      'CLIENT_INPUT_SHAPE',
      { ...good, x: floats(1, 4, 5) },
      [],
      "the input 'x' is [1, 4, 5], the model wants float32 [batch, 3, ?]: dimension 1 is 3",
    ],
    [
      'CLIENT_INPUT_SHAPE',
      { ...good, x: floats(3, 5) },
      [],
      "the input 'x' is [3, 5], the model wants float32 [batch, 3, ?]: 3 dimensions",
    ],
    ['CLIENT_OUTPUT_UNKNOWN', good, ['y', 'q'], "the model has no output 'q'; it has 'y'"],
  ])('refuses with %s', (code, inputs, outputs, message) => {
    expect(() => checkInputs(signature, inputs, outputs)).toThrow(expect.objectContaining({ code, message }))
  })
})
