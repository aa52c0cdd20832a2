import { ELEMENT_TYPES } from '@neurovoyance/protocol'
import { expect, it } from 'vitest'
import { zeroInputs } from '../src/node/zero-inputs.js'

it('are sound tensors of every type, free dimensions being 1, defaults left out', () => {
  const inputs = ELEMENT_TYPES.map(type => ({ name: type, type, dims: ['batch', 3, null], optional: false }))
  const tensors = zeroInputs({
    inputs: [...inputs, { ...inputs[0]!, name: 'default', optional: true }],
    outputs: [],
  })
  expect(Object.keys(tensors!)).toEqual([...ELEMENT_TYPES])
  for (const tensor of Object.values(tensors!)) {
    expect(tensor.dims).toEqual([1, 3, 1])
    expect([...tensor.data].every(each => each === '' || Number(each) === 0)).toBe(true)
  }
})

it('are not made where they would be large', () => {
  const inputs = [{ name: 'x', type: 'float32' as const, dims: [2 ** 20, 2 ** 20], optional: false }]
  expect(zeroInputs({ inputs, outputs: [] })).toBeUndefined()
})
