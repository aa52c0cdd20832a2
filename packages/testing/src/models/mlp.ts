import { buildModel, type InitializerInit, type NodeInit, node, value } from './build-model.js'
import { pseudoRandomFloats, type TestModel } from './test-model.js'

/** Options of {@link mlp}. */
export interface MlpInit {
  /** Layers of `width` × `width` between the first and the last. Default: 2. */
  readonly layers?: number
  /** Hidden width. Default: 64. */
  readonly width?: number
  /** Rows of an input. Default: 1. */
  readonly batch?: number
  /** Columns of an input. Default: `width`. */
  readonly inputs?: number
  /** Columns of an output. Default: `inputs`. */
  readonly outputs?: number
  /** Share one weight matrix among the hidden layers, so that a costly model is a small file. Default: false. */
  readonly tied?: boolean
  /** Seed of the weights and of the sample input. Default: 1. */
  readonly seed?: number
}

/**
 * A multilayer perceptron with ReLU, `x: [batch, inputs]` → `y: [batch, outputs]`. One run costs about
 * `2 · batch · width · (inputs + layers · width + outputs)` floating-point operations.
 */
export function mlp(init: MlpInit = {}): TestModel {
  const { layers = 2, width = 64, batch = 1, seed = 1, tied = false } = init
  const inputs = init.inputs ?? width
  const outputs = init.outputs ?? inputs
  const widths = [inputs, ...Array.from({ length: layers + 1 }, () => width), outputs]
  const nodes: NodeInit[] = []
  const initializers: InitializerInit[] = []
  for (let layer = 1; layer < widths.length; layer++) {
    const last = layer === widths.length - 1
    const source = layer === 1 ? 'x' : `h${layer - 1}`
    const weights = tied && layer > 1 && !last ? 2 : layer
    if (weights === layer) initializers.push(...layerWeights(layer, widths[layer - 1]!, widths[layer]!, seed))
    nodes.push(node('Gemm', [source, `w${weights}`, `b${weights}`], [last ? 'y' : `z${layer}`]))
    if (!last) nodes.push(node('Relu', [`z${layer}`], [`h${layer}`]))
  }
  const x = pseudoRandomFloats(batch * inputs, seed + 1000)
  return {
    name: `mlp-${layers}x${width}`,
    bytes: buildModel({
      graph: {
        inputs: [value('x', 'float32', [batch, inputs])],
        outputs: [value('y', 'float32', [batch, outputs])],
        nodes,
        initializers,
      },
    }),
    inputs: { x: { type: 'float32', dims: [batch, inputs], data: x } },
  }
}

/**
 * An {@link mlp} of about 10 ms on one core of a server of the early 2020s, with 16 kB in and 16 kB out
 * (`[64, 64]` each way), 2.2 GFLOP and 1.3 MB of weights; `layers` tunes it to a machine.
 */
export function tenMillisecondMlp(layers = 64): TestModel {
  return mlp({ layers, width: 512, batch: 64, inputs: 64, tied: true })
}

function layerWeights(layer: number, rows: number, columns: number, seed: number): InitializerInit[] {
  const scale = Math.sqrt(6 / rows)
  const weights = pseudoRandomFloats(rows * columns, seed + layer).map(each => each * scale)
  const bias = pseudoRandomFloats(columns, seed + 500 + layer).map(each => each * 0.1)
  return [
    { name: `w${layer}`, type: 'float32', dims: [rows, columns], data: weights },
    { name: `b${layer}`, type: 'float32', dims: [columns], data: bias },
  ]
}
