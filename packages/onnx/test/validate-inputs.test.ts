import {
  defaultedInput,
  dynamicMatMul,
  mapInput,
  optionalInput,
  sequenceOutput,
} from '@neurovoyance/testing/models'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bytesSource,
  formatTensorType,
  modelSignature,
  openModel,
  type TensorSignature,
  validateInputs,
} from '../src/index.js'

const signatureOf = async ({ bytes }: { bytes: Uint8Array }) =>
  modelSignature(await openModel(bytesSource(bytes)))

function input(name: string, dims: TensorSignature['dims'], optional = false): TensorSignature {
  return { name, type: 'float32', dims, optional }
}

describe('modelSignature', () => {
  it('keeps symbols', async () => {
    expect(await signatureOf(dynamicMatMul())).toEqual({
      inputs: [input('a', ['m', 'k']), input('b', ['k', 'n'])],
      outputs: [input('y', ['m', 'n'])],
    })
  })

  it('tells inputs with a default from weights that old models list among the inputs', async () => {
    expect((await signatureOf(defaultedInput())).inputs).toEqual([input('x', [2]), input('bias', [2], true)])
    expect((await signatureOf(defaultedInput({ irVersion: 3 }))).inputs).toEqual([input('x', [2])])
  })

  it('takes an optional tensor for a tensor', async () => {
    expect((await signatureOf(optionalInput())).inputs).toEqual([input('x', [2])])
  })

  it.each([
    ['sequences', sequenceOutput(), "output 'y' is a sequence (a tensor of float32)"],
    ['maps', mapInput(), "input 'x' is a map"],
  ])('refuses %s by name', async (_, model, message) => {
    await expect(signatureOf(model)).rejects.toMatchObject({
      code: 'ONNX_UNSUPPORTED_TYPE',
      message: expect.stringContaining(message),
    })
  })
})

describe('validateInputs', () => {
  const signature = { inputs: [input('a', ['n', 4]), input('b', ['n', null]), input('c', null, true)] }
  const a = { name: 'a', type: 'float32', dims: [2, 4] }
  const b = { name: 'b', type: 'float32', dims: [2, 9] }

  it('accepts what fits and says what the symbols mean', () => {
    expect(validateInputs(signature, [b, a])).toEqual(new Map([['n', 2]]))
  })

  it.each([
    ['ONNX_INPUT_MISSING', [a], "missing input 'b' (float32[n, ?])", 'b'],
    ['ONNX_INPUT_UNKNOWN', [a, b, { ...a, name: 'd' }], "no input 'd'; it takes 'a', 'b'", 'd'],
    ['ONNX_INPUT_UNKNOWN', [a, a, b], "input 'a' is given twice", 'a'],
    ['ONNX_INPUT_CONSTANT', [a, b, { ...a, name: 'c' }], "input 'c' has a default", 'c'],
    ['ONNX_INPUT_TYPE', [{ ...a, type: 'float64' }, b], "input 'a' takes float32, not float64", 'a'],
    [
      'ONNX_INPUT_SHAPE',
      [{ ...a, dims: [2, 5] }, b],
      "input 'a' takes float32[n, 4], not float32[2, 5]",
      'a',
    ],
    ['ONNX_INPUT_SHAPE', [{ ...a, dims: [8] }, b], 'not float32[8]', 'a'],
    ['ONNX_INPUT_SHAPE', [a, { ...b, dims: [3, 9] }], "'n' is 2 elsewhere", 'b'],
  ])('refuses with %s', (code, given, message, name) => {
    expect(() => validateInputs(signature, given)).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringContaining(message),
        details: expect.objectContaining({ input: name }),
      }),
    )
  })

  it('accepts exactly the shapes that some sizes of the symbols give', () => {
    const dim = fc.oneof(fc.constantFrom('n', 'm', null), fc.integer({ min: 0, max: 3 }))
    const shape = fc.array(dim, { maxLength: 3 })
    const size = fc.integer({ min: 0, max: 3 })
    fc.assert(
      fc.property(
        shape,
        shape,
        fc.array(size, { maxLength: 3 }),
        fc.array(size, { maxLength: 3 }),
        (p, q, x, y) => {
          const fitting = [0, 1, 2, 3].some(n => [0, 1, 2, 3].some(m => fits(p, x, n, m) && fits(q, y, n, m)))
          const check = () =>
            validateInputs({ inputs: [input('p', p), input('q', q)] }, [
              { name: 'p', type: 'float32', dims: x },
              { name: 'q', type: 'float32', dims: y },
            ])
          if (fitting) expect(check()).toBeInstanceOf(Map)
          else expect(check).toThrow(expect.objectContaining({ code: 'ONNX_INPUT_SHAPE' }))
        },
      ),
    )
  })
})

it('formatTensorType shows what is open', () => {
  expect(formatTensorType(input('a', ['n', null, 3]))).toBe('float32[n, ?, 3]')
  expect(formatTensorType(input('a', null))).toBe('float32[…]')
})

function fits(
  dims: readonly (number | string | null)[],
  sizes: readonly number[],
  n: number,
  m: number,
): boolean {
  const size = (dim: number | string | null, at: number) =>
    dim === null ? sizes[at] : dim === 'n' ? n : dim === 'm' ? m : dim
  return dims.length === sizes.length && dims.every((dim, at) => size(dim, at) === sizes[at])
}
