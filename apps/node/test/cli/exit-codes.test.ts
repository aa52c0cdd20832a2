import { NeurovoyanceError } from '@neurovoyance/protocol'
import { expect, it } from 'vitest'
import { exitCodeOf } from '../../src/cli/exit-codes.js'

it.each([
  ['CLIENT_INPUT_MISSING', 2],
  ['CLIENT_INPUT_SHAPE', 2],
  ['CLIENT_OUTPUT_UNKNOWN', 2],
  ['ONNX_INPUT_SHAPE', 2],
  ['ONNX_INPUT_UNKNOWN', 2],
  ['ONNX_FORBIDDEN_OPERATOR', 6],
  ['SCHEDULER_DEADLINE_EXCEEDED', 5],
  ['NODE_INTERNAL', 1],
])('%s ends nv with %i', (code, exit) => {
  expect(exitCodeOf(new NeurovoyanceError(code, 'it failed'))).toBe(exit)
})
