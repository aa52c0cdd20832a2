import { buildModel, type ModelInit, node, value } from './build-model.js'
import { pseudoRandomFloats, type TestModel } from './test-model.js'

/** Strings in and out: `y[i] = a[i] + b[i]`. */
export function concatStrings(): TestModel {
  const dims = [3]
  return {
    name: 'concat-strings',
    bytes: buildModel({
      opsets: { '': 20 },
      irVersion: 9,
      graph: {
        inputs: [value('a', 'string', ['n']), value('b', 'string', ['n'])],
        outputs: [value('y', 'string', ['n'])],
        nodes: [node('StringConcat', ['a', 'b'], ['y'])],
      },
    }),
    inputs: {
      a: { type: 'string', dims, data: ['', 'Zürich', '日'] },
      b: { type: 'string', dims, data: ['', ' 🐝', '本'] },
    },
    outputs: { y: { type: 'string', dims, data: ['', 'Zürich 🐝', '日本'] } },
  }
}

/** Options of {@link defaultedInput}. */
export interface DefaultedInputInit {
  /** From 4 on the weight that is also an input is a default; below, every weight is listed so. Default: 8. */
  readonly irVersion?: number
}

/** `y = x + bias`, where `bias` is an input and an initializer of `[1, 2]` at once. */
export function defaultedInput(init: DefaultedInputInit = {}): TestModel {
  return {
    name: 'defaulted-input',
    bytes: buildModel({
      irVersion: init.irVersion ?? 8,
      opsets: { '': 9 },
      graph: {
        inputs: [value('x', 'float32', [2]), value('bias', 'float32', [2])],
        outputs: [value('y', 'float32', [2])],
        nodes: [node('Add', ['x', 'bias'], ['y'])],
        initializers: [{ name: 'bias', type: 'float32', dims: [2], data: Float32Array.of(1, 2) }],
      },
    }),
    inputs: { x: { type: 'float32', dims: [2], data: Float32Array.of(10, 20) } },
    outputs: { y: { type: 'float32', dims: [2], data: Float32Array.of(11, 22) } },
  }
}

/** An input of type `optional(tensor(float))`: `given` tells whether it holds a tensor. */
export function optionalInput(): TestModel {
  const tensor = { kind: 'tensor', type: 'float32', dims: [2] } as const
  return {
    name: 'optional-input',
    bytes: buildModel({
      opsets: { '': 18 },
      graph: {
        inputs: [{ name: 'x', type: { kind: 'optional', of: tensor } }],
        outputs: [value('given', 'bool', [])],
        nodes: [node('OptionalHasElement', ['x'], ['given'])],
      },
    }),
    inputs: { x: { type: 'float32', dims: [2], data: Float32Array.of(1, 2) } },
    outputs: { given: { type: 'bool', dims: [], data: Uint8Array.of(1) } },
  }
}

/** A model that gives a sequence of tensors, which ONNX Runtime's JavaScript API cannot return. */
export function sequenceOutput(): TestModel {
  const tensor = { kind: 'tensor', type: 'float32', dims: [2] } as const
  return {
    name: 'sequence-output',
    bytes: buildModel({
      graph: {
        inputs: [value('x', 'float32', [2])],
        outputs: [{ name: 'y', type: { kind: 'sequence', of: tensor } }],
        nodes: [node('SequenceConstruct', ['x'], ['y'])],
      },
    }),
    inputs: { x: { type: 'float32', dims: [2], data: Float32Array.of(1, 2) } },
  }
}

/** A model that takes a map, which ONNX Runtime's JavaScript API cannot give. */
export function mapInput(): TestModel {
  const scalar = { kind: 'tensor', type: 'float32' } as const
  return {
    name: 'map-input',
    bytes: buildModel({
      opsets: { '': 17, 'ai.onnx.ml': 3 },
      graph: {
        inputs: [{ name: 'x', type: { kind: 'map', key: 'int64', of: scalar } }],
        outputs: [value('y', 'float32', [1, null])],
        nodes: [{ ...node('CastMap', ['x'], ['y']), domain: 'ai.onnx.ml' }],
      },
    }),
    inputs: {},
  }
}

/** An operator that the model defines itself: `y = x · x + x` as `example.square_plus`. */
export function localFunction(): TestModel {
  return {
    name: 'local-function',
    bytes: buildModel({
      opsets: { '': 17, example: 1 },
      functions: [
        {
          name: 'square_plus',
          domain: 'example',
          inputs: ['a'],
          outputs: ['c'],
          nodes: [node('Mul', ['a', 'a'], ['b']), node('Add', ['b', 'a'], ['c'])],
          opsets: { '': 17 },
        },
      ],
      graph: {
        inputs: [value('x', 'float32', [2])],
        outputs: [value('y', 'float32', [2])],
        nodes: [{ ...node('square_plus', ['x'], ['y']), domain: 'example' }],
      },
    }),
    inputs: { x: { type: 'float32', dims: [2], data: Float32Array.of(2, 3) } },
    outputs: { y: { type: 'float32', dims: [2], data: Float32Array.of(6, 12) } },
  }
}

/** Options of {@link storedWeights}. */
export interface StoredWeightsInit {
  /** Where the weights lie. Default: `'inline'`. */
  readonly storage?: 'inline' | 'external'
  /** Path of the external data as the model writes it. Default: `'weights.bin'`. */
  readonly path?: string
  /** Rows and columns of the weight. Default: 64. */
  readonly size?: number
}

/** `y = x + weight`, the weight inside the model or in another file, 256 bytes into it: one and the same model. */
export function storedWeights(init: StoredWeightsInit = {}): TestModel {
  const { storage = 'inline', path = 'weights.bin', size = 64 } = init
  const dims = [size, size]
  const weight = pseudoRandomFloats(size * size)
  const bytes = new Uint8Array(weight.buffer)
  const offset = 256
  const external = { location: path, offset: `${offset}`, length: `${bytes.byteLength}` }
  const model: ModelInit = {
    graph: {
      inputs: [value('x', 'float32', dims)],
      outputs: [value('y', 'float32', dims)],
      nodes: [node('Add', ['x', 'weight'], ['y'])],
      initializers: [
        {
          name: 'weight',
          type: 'float32',
          dims,
          ...(storage === 'inline' ? { data: weight } : { external }),
        },
      ],
    },
  }
  const file = new Uint8Array(offset + bytes.byteLength)
  file.set(bytes, offset)
  return {
    name: storage === 'inline' ? 'inline-weights' : `weights-in-${path}`,
    bytes: buildModel(model),
    inputs: { x: { type: 'float32', dims, data: new Float32Array(size * size).fill(1) } },
    outputs: { y: { type: 'float32', dims, data: weight.map(each => each + 1) } },
    ...(storage === 'external' && { files: { [path]: file } }),
  }
}
