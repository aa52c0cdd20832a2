import { NeurovoyanceError } from '@neurovoyance/protocol'
import { RuntimeError, type RuntimeErrorCode } from '../errors.js'

const OUT_OF_MEMORY = /bad_alloc|failed to allocate memory|out of memory|allocation failed|CUDA failure 2\b/i
const NOT_FOUND = /file doesn't exist|no such file|system error number 2\b/i
const UNSUPPORTED =
  /unsupported data type|tensor\.type is not supported|non[- ]tensor|not supported: (sequence|map|optional)/i
const TELLING_CHARACTERS = 600

/** What ONNX Runtime throws while it loads a model, as one of our errors. */
export function loadFailure(error: unknown, model: string): NeurovoyanceError {
  return toRuntimeError(error, 'RUNTIME_LOAD_FAILED', `ONNX Runtime cannot load ${model}`)
}

/** What ONNX Runtime throws while it runs a model, as one of our errors. */
export function runFailure(error: unknown): NeurovoyanceError {
  return toRuntimeError(error, 'RUNTIME_MODEL_FAILED', 'The model failed on these inputs')
}

/** ONNX Runtime's message without what differs between machines: colours, paths of its own sources. */
export function telling(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message
    .replace(/\/?[\w./-]*onnxruntime[\w./-]*\.(cc|h):\d+ /g, '')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, TELLING_CHARACTERS)
}

function toRuntimeError(error: unknown, code: RuntimeErrorCode, message: string): NeurovoyanceError {
  if (error instanceof NeurovoyanceError) return error
  const reason = telling(error)
  const actual = classify(reason) ?? code
  return new RuntimeError(actual, `${message}: ${reason}`, { details: { reason }, cause: error })
}

function classify(reason: string): RuntimeErrorCode | undefined {
  if (OUT_OF_MEMORY.test(reason)) return 'RUNTIME_OUT_OF_MEMORY'
  if (NOT_FOUND.test(reason)) return 'RUNTIME_MODEL_NOT_FOUND'
  if (UNSUPPORTED.test(reason)) return 'RUNTIME_UNSUPPORTED_TYPE'
  return undefined
}
