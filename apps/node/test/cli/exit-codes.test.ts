import { NeurovoyanceError } from '@neurovoyance/protocol'
import { expect, it } from 'vitest'
import { exitCodeOf } from '../../src/cli/exit-codes.js'

it.each([
  ['CLIENT_INPUT_MISSING', 2],
  ['CLIENT_INPUT_SHAPE', 2],
  ['CLIENT_OUTPUT_UNKNOWN', 2],
  ['CLIENT_MODEL_AMBIGUOUS', 2],
  ['LEDGER_INSUFFICIENT_FUNDS', 2],
  ['NODE_OUTPUT_FILE', 2],
  ['ONNX_INPUT_SHAPE', 2],
  ['ONNX_INPUT_UNKNOWN', 2],
  ['CLIENT_NO_NETWORK', 3],
  ['CLIENT_MODEL_UNKNOWN', 4],
  ['NODE_MODEL_UNKNOWN', 4],
  ['ONNX_MODEL_UNKNOWN', 4],
  ['SCHEDULER_DEADLINE_EXCEEDED', 5],
  ['ONNX_FORBIDDEN_OPERATOR', 6],
  ['ONNX_BUNDLE_NOT_FOUND', 6],
  ['RUNTIME_LOAD_FAILED', 6],
  ['NODE_INTERNAL', 1],
  ['ONNX_READ_FAILED', 1],
])('%s ends nv with %i', (code, exit) => {
  expect(exitCodeOf(new NeurovoyanceError(code, 'it failed'))).toBe(exit)
})
