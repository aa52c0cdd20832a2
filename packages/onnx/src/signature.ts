import type { ElementType } from '@neurovoyance/protocol'
import { isTensorElementType } from './element-types.js'
import { OnnxError } from './errors.js'
import { IR_WITH_DEFAULTS } from './model/ir-version.js'
import type { Dimension, OnnxModel, ValueInfo, ValueType } from './model/model.js'

/** What an input or output must look like. */
export interface TensorSignature {
  readonly name: string
  readonly type: ElementType
  /** Sizes, symbols, and `null` for dimensions left open; `null` as a whole where even the rank is open. */
  readonly dims: readonly Dimension[] | null
  /** Whether the input may be left out because the model holds a default for it; outputs are never optional. */
  readonly optional: boolean
}

/** What a model takes and gives. */
export interface ModelSignature {
  readonly inputs: readonly TensorSignature[]
  readonly outputs: readonly TensorSignature[]
}

/**
 * The inputs and outputs of a model.
 *
 * Below IR version 4 every weight is listed among the inputs and none can be replaced: those are left out, as
 * ONNX Runtime does. An input of type `optional(tensor)` counts as a required tensor, because ONNX Runtime's
 * JavaScript API cannot leave it out.
 *
 * @throws OnnxError `ONNX_UNSUPPORTED_TYPE` for sequences, maps, sparse tensors and element types that
 * tensors on the network cannot have.
 */
export function modelSignature(model: OnnxModel): ModelSignature {
  const { graph } = model
  const defaults = new Set(graph.initializers.map(({ name }) => name))
  for (const { values } of graph.sparseInitializers) defaults.add(values.name)
  const replaceable = model.irVersion >= IR_WITH_DEFAULTS
  return {
    inputs: graph.inputs
      .filter(({ name }) => replaceable || !defaults.has(name))
      .map(input => tensorSignature('input', input, defaults.has(input.name))),
    outputs: graph.outputs.map(output => tensorSignature('output', output, false)),
  }
}

function tensorSignature(role: string, { name, type }: ValueInfo, optional: boolean): TensorSignature {
  const tensor = type?.kind === 'optional' ? type.element : type
  if (tensor?.kind !== 'tensor' || !isTensorElementType(tensor.elementType)) {
    throw new OnnxError(
      'ONNX_UNSUPPORTED_TYPE',
      `${role} '${name}' is ${describeType(type)}; models can take and give tensors of ONNX Runtime's element types only: ` +
        'export the model with tensors there',
      { details: { [role]: name, type: describeType(type) } },
    )
  }
  return { name, type: tensor.elementType, dims: tensor.dims, optional }
}

function describeType(type: ValueType | undefined): string {
  if (type === undefined) return 'of no declared type'
  switch (type.kind) {
    case 'tensor':
    case 'sparse-tensor':
      return `a ${type.kind === 'tensor' ? '' : 'sparse '}tensor of ${type.elementType}`
    case 'map':
      return 'a map'
    case 'opaque':
      return 'opaque'
    default:
      return `${type.kind === 'sequence' ? 'a sequence' : 'an optional'} (${describeType(type.element)})`
  }
}
