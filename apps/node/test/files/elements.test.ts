import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tensorFromElements, tensorToElements } from '../../src/files/elements.js'
import { floatToHalf, halfToFloat } from '../../src/files/float16.js'

describe('float16', () => {
  it('keeps every bit pattern', () => {
    for (let half = 0; half < 65_536; half++) {
      const value = halfToFloat(half)
      if (Number.isNaN(value)) expect(floatToHalf(value) & 0x7c00).toBe(0x7c00)
      else expect(floatToHalf(value)).toBe(half)
    }
  })

  it('rounds to the nearest', () => {
    expect(halfToFloat(floatToHalf(1 / 3))).toBeCloseTo(0.333252, 6)
    expect(floatToHalf(65_520)).toBe(0x7c00)
    expect(floatToHalf(2 ** -25)).toBe(0)
    expect(floatToHalf(2 ** -24)).toBe(1)
  })
})

describe('tensor elements', () => {
  it('keep 64-bit integers beyond doubles', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })), values => {
        const tensor = { type: 'int64', dims: [values.length], data: BigInt64Array.from(values) } as const
        const again = tensorFromElements(
          'int64',
          JSON.parse(JSON.stringify(tensorToElements(tensor))),
          tensor.dims,
        )
        expect(again.data).toEqual(tensor.data)
      }),
    )
  })

  it('name the element that does not fit', () => {
    expect(() => tensorFromElements('uint8', [1, 256], [2])).toThrow('element 1 (256) is not a uint8')
    expect(() => tensorFromElements('int32', [1.5], [1])).toThrow('element 0 (1.5) is not a int32')
    expect(() => tensorFromElements('string', [1], [1])).toThrow('element 0 (1) is not a string')
    expect(() => tensorFromElements('bool', ['yes'], [1])).toThrow('is not a bool')
  })
})
