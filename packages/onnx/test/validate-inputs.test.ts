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

  it('lets a symbol be several sizes, as ONNX Runtime does, and gives it none', () => {
    expect(validateInputs(signature, [a, { ...b, dims: [3, 9] }])).toEqual(new Map())
    expect(validateInputs({ inputs: [input('a', ['n', 'm', 'n'])] }, [{ ...a, dims: [2, 4, 3] }])).toEqual(
      new Map([['m', 4]]),
    )
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
  ])('refuses with %s', (code, given, message, name) => {
    expect(() => validateInputs(signature, given)).toThrow(
      expect.objectContaining({
        code,
        message: expect.stringContaining(message),
        details: expect.objectContaining({ input: name }),
      }),
    )
  })

  it('accepts exactly the shapes with the rank and the fixed sizes of the model', () => {
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
          const fitting = fits(p, x) && fits(q, y)
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

function fits(dims: readonly (number | string | null)[], sizes: readonly number[]): boolean {
  return dims.length === sizes.length && dims.every((dim, at) => typeof dim !== 'number' || dim === sizes[at])
}
