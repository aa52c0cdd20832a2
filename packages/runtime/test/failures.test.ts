import { describe, expect, it } from 'vitest'
import { RuntimeError } from '../src/errors.js'
import { loadFailure, runFailure } from '../src/ort/failures.js'

describe('what ONNX Runtime says', () => {
  it.each([
    ['std::bad_alloc', 'RUNTIME_OUT_OF_MEMORY'],
    ['bfc_arena.cc:358 Failed to allocate memory for requested buffer of size 4096', 'RUNTIME_OUT_OF_MEMORY'],
    ['Non tensor type is temporarily not supported.', 'RUNTIME_UNSUPPORTED_TYPE'],
    ['Non-zero status code returned while running Gather node', 'RUNTIME_MODEL_FAILED'],
  ])('of a run, "%s", is %s', (message, code) => {
    expect(runFailure(new Error(message))).toMatchObject({ code })
  })

  it.each([
    ["Load model m.onnx failed. File doesn't exist", 'RUNTIME_MODEL_NOT_FOUND'],
    ['Unsupported data type: 16', 'RUNTIME_UNSUPPORTED_TYPE'],
    ['Could not find an implementation for Foo(1)', 'RUNTIME_LOAD_FAILED'],
  ])('of a load, "%s", is %s', (message, code) => {
    expect(loadFailure(new Error(message), 'm.onnx')).toMatchObject({ code })
  })

  it('is told without the paths of its own sources', () => {
    const error = runFailure(
      new Error('/onnxruntime_src/onnxruntime/core/x.cc:136 the adapter is missing\n\n'),
    )
    expect(error.message).toBe('The model failed on these inputs: the adapter is missing')
  })

  it('is left alone where it is an error with a code', () => {
    const error = new RuntimeError('RUNTIME_CANCELLED', 'no')
    expect(runFailure(error)).toBe(error)
  })
})
