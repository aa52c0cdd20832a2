import type { ElementType } from '@neurovoyance/protocol'
import { buildModel, type Dimension, node, value } from './build-model.js'
import { sixElements } from './element-types.js'
import type { TestModel } from './test-model.js'

/** Options of {@link add}. */
export interface AddInit {
  /** Default: `[3]`. */
  readonly dims?: readonly number[]
  /** Default: 17. */
  readonly opset?: number
  /** Default: 8. */
  readonly irVersion?: number
}

/** `sum = a + b` in float32. */
export function add(init: AddInit = {}): TestModel {
  const dims = init.dims ?? [3]
  const size = dims.reduce((product, dim) => product * dim, 1)
  const a = Float32Array.from({ length: size }, (_, index) => index)
  const b = Float32Array.from({ length: size }, (_, index) => 10 * index + 0.5)
  return {
    name: 'add',
    bytes: buildModel({
      opsets: { '': init.opset ?? 17 },
      irVersion: init.irVersion ?? 8,
      graph: {
        inputs: [value('a', 'float32', dims), value('b', 'float32', dims)],
        outputs: [value('sum', 'float32', dims)],
        nodes: [node('Add', ['a', 'b'], ['sum'])],
      },
    }),
    inputs: { a: { type: 'float32', dims, data: a }, b: { type: 'float32', dims, data: b } },
    outputs: { sum: { type: 'float32', dims, data: a.map((each, index) => each + b[index]!) } },
  }
}

/** `y` is `a` and then `b`, both of shape `[n]`, and `n` is another size in each. */
export function carelessConcat(): TestModel {
  return {
    name: 'careless-concat',
    bytes: buildModel({
      graph: {
        inputs: [value('a', 'float32', ['n']), value('b', 'float32', ['n'])],
        outputs: [value('y', 'float32', ['m'])],
        nodes: [node('Concat', ['a', 'b'], ['y'], { axis: 0 })],
      },
    }),
    inputs: {
      a: { type: 'float32', dims: [2], data: Float32Array.of(1, 2) },
      b: { type: 'float32', dims: [3], data: Float32Array.of(3, 4, 5) },
    },
    outputs: { y: { type: 'float32', dims: [5], data: Float32Array.of(1, 2, 3, 4, 5) } },
  }
}

/** `y = x` for an element type, shape `[2, 3]`. */
export function identity(type: ElementType = 'float32'): TestModel {
  const tensor = { type, dims: [2, 3], data: sixElements(type) }
  return {
    name: `identity-${type}`,
    bytes: buildModel({
      opsets: { '': type === 'uint4' || type === 'int4' ? 21 : 17 },
      irVersion: type === 'uint4' || type === 'int4' ? 10 : 8,
      graph: {
        inputs: [value('x', type, [2, 3])],
        outputs: [value('y', type, [2, 3])],
        nodes: [node('Identity', ['x'], ['y'])],
      },
    }),
    inputs: { x: tensor },
    outputs: { y: tensor },
  }
}

/** `y = a · b`, where the symbols `m`, `k` and `n` are free and `k` must agree between the inputs. */
export function dynamicMatMul(): TestModel {
  const dims = (...each: Dimension[]) => each
  return {
    name: 'dynamic-matmul',
    bytes: buildModel({
      graph: {
        inputs: [value('a', 'float32', dims('m', 'k')), value('b', 'float32', dims('k', 'n'))],
        outputs: [value('y', 'float32', dims('m', 'n'))],
        nodes: [node('MatMul', ['a', 'b'], ['y'])],
      },
    }),
    inputs: {
      a: { type: 'float32', dims: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) },
      b: { type: 'float32', dims: [3, 1], data: Float32Array.of(1, 0, -1) },
    },
    outputs: { y: { type: 'float32', dims: [2, 1], data: Float32Array.of(-2, -2) } },
  }
}
