import type { Tensor, TensorMap } from '@neurovoyance/protocol'
import { ClientError } from '../errors.js'
import type { ModelSignature, TensorSignature } from './signature.js'

/**
 * Holds inputs and wanted outputs against a model's signature, so that a mistake shows here and now.
 *
 * @throws ClientError `CLIENT_INPUT_MISSING`, `CLIENT_INPUT_UNKNOWN`, `CLIENT_INPUT_TYPE`, `CLIENT_INPUT_SHAPE`,
 * `CLIENT_OUTPUT_UNKNOWN`
 */
export function checkInputs(
  signature: ModelSignature,
  inputs: TensorMap,
  outputs: readonly string[] = [],
): void {
  const expected = new Map(signature.inputs.map(input => [input.name, input]))
  for (const input of signature.inputs) {
    if (!input.optional && inputs[input.name] === undefined) {
      throw new ClientError(
        'CLIENT_INPUT_MISSING',
        `the model needs the input '${input.name}' (${show(input)})`,
        {
          details: { input: input.name, model: signature.model },
        },
      )
    }
  }
  for (const [name, tensor] of Object.entries(inputs)) {
    const input = expected.get(name)
    if (input === undefined) throw unknownName('input', name, signature.inputs, signature.model)
    checkType(input, tensor)
    checkShape(input, tensor)
  }
  for (const name of outputs) {
    if (!signature.outputs.some(output => output.name === name)) {
      throw unknownName('output', name, signature.outputs, signature.model)
    }
  }
}

function checkType(input: TensorSignature, tensor: Tensor): void {
  if (tensor.type === input.type) return
  throw new ClientError(
    'CLIENT_INPUT_TYPE',
    `the input '${input.name}' is ${tensor.type}, the model wants ${show(input)}`,
    { details: { input: input.name, type: tensor.type, expected: input.type } },
  )
}

// Symbols are not compared across inputs: ONNX Runtime does not, and many models reuse them carelessly.
function checkShape(input: TensorSignature, tensor: Tensor): void {
  const { dims } = input
  if (dims === undefined) return
  const refuse = (why: string): never => {
    throw new ClientError(
      'CLIENT_INPUT_SHAPE',
      `the input '${input.name}' is [${tensor.dims.join(', ')}], the model wants ${show(input)}: ${why}`,
      { details: { input: input.name, dims: [...tensor.dims], expected: [...dims] } },
    )
  }
  if (tensor.dims.length !== dims.length) refuse(`${dims.length} dimensions`)
  for (const [axis, wanted] of dims.entries()) {
    const size = tensor.dims[axis]!
    if (typeof wanted === 'number' && size !== wanted) refuse(`dimension ${axis} is ${wanted}`)
  }
}

function unknownName(
  kind: 'input' | 'output',
  name: string,
  known: readonly TensorSignature[],
  model: string,
): ClientError {
  const names = known.map(tensor => tensor.name)
  return new ClientError(
    kind === 'input' ? 'CLIENT_INPUT_UNKNOWN' : 'CLIENT_OUTPUT_UNKNOWN',
    `the model has no ${kind} '${name}'; it has ${names.map(known => `'${known}'`).join(', ')}`,
    { details: { [kind]: name, known: names, model } },
  )
}

function show({ type, dims }: TensorSignature): string {
  return dims === undefined ? type : `${type} [${dims.map(dim => dim ?? '?').join(', ')}]`
}
