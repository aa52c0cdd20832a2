import { buildModel, node, value } from './build-model.js'
import type { TestModel } from './test-model.js'

const WIDTH = 128

/** The input of {@link slow} that sets how long it runs. */
export function iterations(count: number | bigint) {
  return { type: 'int64' as const, dims: [], data: BigInt64Array.of(BigInt(count)) }
}

/**
 * A model that runs as long as its input `iterations` says: a Loop whose body multiplies `x: [128, 128]` by
 * a matrix that rotates its columns by one (4.2 MFLOP a turn, roughly 0.1 ms). `y` is `x` rotated by
 * `iterations` columns, exactly.
 */
export function slow(count: number | bigint = 1000): TestModel {
  const rotation = new Float32Array(WIDTH * WIDTH)
  for (let row = 0; row < WIDTH; row++) rotation[row * WIDTH + ((row + 1) % WIDTH)] = 1
  const x = Float32Array.from({ length: WIDTH * WIDTH }, (_, index) => index % 1000)
  const shift = Number(BigInt(count) % BigInt(WIDTH))
  const rotated = x.map((_, index) => {
    const row = Math.floor(index / WIDTH)
    return x[row * WIDTH + (((index % WIDTH) - shift + WIDTH) % WIDTH)]!
  })
  const square = [WIDTH, WIDTH]
  return {
    name: 'slow',
    bytes: buildModel({
      graph: {
        inputs: [value('x', 'float32', square), value('iterations', 'int64', [])],
        outputs: [value('y', 'float32', square)],
        nodes: [
          node('Loop', ['iterations', '', 'x'], ['y'], {
            body: {
              graph: {
                name: 'body',
                inputs: [
                  value('turn', 'int64', []),
                  value('again', 'bool', []),
                  value('before', 'float32', square),
                ],
                outputs: [value('go_on', 'bool', []), value('after', 'float32', square)],
                nodes: [
                  node('Identity', ['again'], ['go_on']),
                  node('MatMul', ['before', 'rotation'], ['after']),
                ],
              },
            },
          }),
        ],
        initializers: [{ name: 'rotation', type: 'float32', dims: square, data: rotation }],
      },
    }),
    inputs: { x: { type: 'float32', dims: square, data: x }, iterations: iterations(count) },
    outputs: { y: { type: 'float32', dims: square, data: rotated } },
  }
}

/**
 * A model that takes as much memory as its input `elements` says, four bytes each, all of them written,
 * and returns their `count` as one float: from the outside it looks as small as `add`.
 */
export function memoryHog(elements: number | bigint = 1024): TestModel {
  return {
    name: 'memory-hog',
    bytes: buildModel({
      graph: {
        inputs: [value('elements', 'int64', [1])],
        outputs: [value('count', 'float32', [])],
        nodes: [
          node('ConstantOfShape', ['elements'], ['ones'], {
            value: { tensor: { type: 'float32', dims: [1], data: Float32Array.of(1) } },
          }),
          node('ReduceSum', ['ones'], ['count'], { keepdims: 0 }),
        ],
      },
    }),
    inputs: { elements: { type: 'int64', dims: [1], data: BigInt64Array.of(BigInt(elements)) } },
    outputs: { count: { type: 'float32', dims: [], data: Float32Array.of(Number(elements)) } },
  }
}
