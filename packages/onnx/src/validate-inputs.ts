import { OnnxError } from './errors.js'
import type { ModelSignature, TensorSignature } from './signature.js'

/** A tensor without its elements: a tensor or the header of its frame fits. */
export interface TensorDescription {
  readonly name: string
  readonly type: string
  readonly dims: readonly number[]
}

/**
 * Checks inputs against what the model takes: names, element types and shapes. Returns the sizes that the symbols
 * took; ONNX Runtime lets a symbol be several sizes, and such a one is left out.
 *
 * An input whose default the model holds may be left out, and giving it is an error: ONNX Runtime's JavaScript
 * API would drop the given value without a word and compute with the default.
 *
 * @throws OnnxError `ONNX_INPUT_UNKNOWN`, `ONNX_INPUT_CONSTANT`, `ONNX_INPUT_MISSING`, `ONNX_INPUT_TYPE` or
 * `ONNX_INPUT_SHAPE`; details carry `input`, `expected` and `actual`.
 */
export function validateInputs(
  signature: Pick<ModelSignature, 'inputs'>,
  given: Iterable<TensorDescription>,
): ReadonlyMap<string, number> {
  const expected = new Map(signature.inputs.map(input => [input.name, input]))
  const sizes = new Map<string, Set<number>>()
  const seen = new Set<string>()
  for (const tensor of given) {
    const input = expected.get(tensor.name)
    if (input === undefined || seen.has(tensor.name)) throw unknown(tensor.name, seen, signature.inputs)
    if (input.optional) throw constant(tensor.name)
    seen.add(tensor.name)
    if (tensor.type !== input.type) throw wrongType(input, tensor)
    checkShape(input, tensor, sizes)
  }
  const missing = signature.inputs.filter(({ name, optional }) => !optional && !seen.has(name))
  if (missing.length > 0) throw absent(missing)
  const single = [...sizes].filter(([, taken]) => taken.size === 1)
  return new Map(single.map(([symbol, taken]) => [symbol, Math.max(...taken)]))
}

/** `float32[batch, 4]`, with `?` for what is open. */
export function formatTensorType({
  type,
  dims,
}: Pick<TensorSignature, 'dims'> & { readonly type: string }): string {
  return dims === null ? `${type}[…]` : `${type}[${dims.map(dim => dim ?? '?').join(', ')}]`
}

function checkShape(
  input: TensorSignature,
  tensor: TensorDescription,
  sizes: Map<string, Set<number>>,
): void {
  if (input.dims === null) return
  if (input.dims.length !== tensor.dims.length) throw wrongShape(input, tensor)
  for (const [axis, dim] of input.dims.entries()) {
    const size = tensor.dims[axis]!
    if (typeof dim === 'number' && dim !== size) throw wrongShape(input, tensor)
    if (typeof dim === 'string') sizes.set(dim, (sizes.get(dim) ?? new Set()).add(size))
  }
}

function unknown(name: string, seen: ReadonlySet<string>, inputs: readonly TensorSignature[]): OnnxError {
  const names = inputs.filter(({ optional }) => !optional).map(input => input.name)
  const what = seen.has(name) ? `input '${name}' is given twice` : `the model has no input '${name}'`
  return new OnnxError('ONNX_INPUT_UNKNOWN', `${what}; it takes ${quoted(names)}`, {
    details: { input: name, expected: names },
  })
}

function constant(name: string): OnnxError {
  return new OnnxError(
    'ONNX_INPUT_CONSTANT',
    `input '${name}' has a default inside the model that ONNX Runtime does not let be replaced: leave it out`,
    { details: { input: name } },
  )
}

function absent(missing: readonly TensorSignature[]): OnnxError {
  const wanted = missing.map(input => `'${input.name}' (${formatTensorType(input)})`).join(', ')
  return new OnnxError('ONNX_INPUT_MISSING', `missing input ${wanted}`, {
    details: { input: missing[0]!.name, expected: missing.map(({ name }) => name) },
  })
}

function wrongType(input: TensorSignature, tensor: TensorDescription): OnnxError {
  return new OnnxError('ONNX_INPUT_TYPE', `input '${input.name}' takes ${input.type}, not ${tensor.type}`, {
    details: { input: input.name, expected: input.type, actual: tensor.type },
  })
}

function wrongShape(input: TensorSignature, tensor: TensorDescription): OnnxError {
  const [expected, actual] = [formatTensorType(input), formatTensorType({ ...input, dims: tensor.dims })]
  return new OnnxError('ONNX_INPUT_SHAPE', `input '${input.name}' takes ${expected}, not ${actual}`, {
    details: { input: input.name, expected: input.dims, actual: tensor.dims },
  })
}

function quoted(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.map(name => `'${name}'`).join(', ')
}
