import { buildModel, node, value } from './build-model.js'
import type { TestModel } from './test-model.js'

/** If: `y = condition ? x + 1 : x − 1`; the branches capture `x` from outside. */
export function branch(condition = true): TestModel {
  const arm = (op: string) => ({
    graph: {
      name: op,
      inputs: [],
      outputs: [value('arm', 'float32', [2])],
      nodes: [node(op, ['x', 'one'], ['arm'])],
    },
  })
  return {
    name: `if-${condition}`,
    bytes: buildModel({
      graph: {
        inputs: [value('condition', 'bool', []), value('x', 'float32', [2])],
        outputs: [value('y', 'float32', [2])],
        nodes: [node('If', ['condition'], ['y'], { then_branch: arm('Add'), else_branch: arm('Sub') })],
        initializers: [{ name: 'one', type: 'float32', dims: [1], data: Float32Array.of(1) }],
      },
    }),
    inputs: {
      condition: { type: 'bool', dims: [], data: Uint8Array.of(condition ? 1 : 0) },
      x: { type: 'float32', dims: [2], data: Float32Array.of(10, 20) },
    },
    outputs: {
      y: { type: 'float32', dims: [2], data: condition ? Float32Array.of(11, 21) : Float32Array.of(9, 19) },
    },
  }
}

/** Loop: `total = start + 0 + 1 + … + (turns − 1)`, and every partial sum as `history`. */
export function loop(turns = 4): TestModel {
  const history = Float32Array.from({ length: turns }, (_, turn) => 100 + (turn * (turn + 1)) / 2)
  return {
    name: 'loop',
    bytes: buildModel({
      graph: {
        inputs: [value('turns', 'int64', []), value('start', 'float32', [])],
        outputs: [value('total', 'float32', []), value('history', 'float32', ['turns'])],
        nodes: [
          node('Loop', ['turns', '', 'start'], ['total', 'history'], {
            body: {
              graph: {
                name: 'body',
                inputs: [
                  value('turn', 'int64', []),
                  value('again', 'bool', []),
                  value('before', 'float32', []),
                ],
                outputs: [
                  value('go_on', 'bool', []),
                  value('after', 'float32', []),
                  value('seen', 'float32', []),
                ],
                nodes: [
                  node('Identity', ['again'], ['go_on']),
                  node('Cast', ['turn'], ['step'], { to: 1 }),
                  node('Add', ['before', 'step'], ['after']),
                  node('Identity', ['after'], ['seen']),
                ],
              },
            },
          }),
        ],
      },
    }),
    inputs: {
      turns: { type: 'int64', dims: [], data: BigInt64Array.of(BigInt(turns)) },
      start: { type: 'float32', dims: [], data: Float32Array.of(100) },
    },
    outputs: {
      total: { type: 'float32', dims: [], data: history.slice(-1) },
      history: { type: 'float32', dims: [turns], data: history },
    },
  }
}

/** Scan: running sums of the rows of `x: [rows, 2]`. */
export function scan(): TestModel {
  return {
    name: 'scan',
    bytes: buildModel({
      graph: {
        inputs: [value('x', 'float32', ['rows', 2])],
        outputs: [value('sums', 'float32', ['rows', 2])],
        nodes: [
          node('Scan', ['zero', 'x'], ['last', 'sums'], {
            num_scan_inputs: 1,
            body: {
              graph: {
                name: 'body',
                inputs: [value('before', 'float32', [2]), value('row', 'float32', [2])],
                outputs: [value('after', 'float32', [2]), value('sum', 'float32', [2])],
                nodes: [node('Add', ['before', 'row'], ['after']), node('Identity', ['after'], ['sum'])],
              },
            },
          }),
        ],
        initializers: [{ name: 'zero', type: 'float32', dims: [2], data: Float32Array.of(0, 0) }],
      },
    }),
    inputs: { x: { type: 'float32', dims: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) } },
    outputs: { sums: { type: 'float32', dims: [3, 2], data: Float32Array.of(1, 2, 4, 6, 9, 12) } },
  }
}
