// @ts-check

/**
 * The layers of docs/architecture.md: each package with its level and what its sources may import. Its
 * tests and programs may import every package of a lower level as well, and `testing`.
 *
 * @type {Readonly<Record<string, { level: number, imports: readonly string[] }>>}
 */
export const layers = {
  'packages/protocol': { level: 0, imports: [] },
  'packages/onnx': { level: 0, imports: ['packages/protocol'] },
  'packages/testing': { level: 0, imports: ['packages/protocol'] },
  'packages/p2p': { level: 1, imports: ['packages/protocol'] },
  'packages/runtime': { level: 1, imports: ['packages/protocol', 'packages/onnx'] },
  'packages/scheduler': { level: 1, imports: ['packages/protocol'] },
  'packages/ledger': { level: 1, imports: ['packages/protocol'] },
  'packages/client': {
    level: 3,
    imports: ['packages/protocol', 'packages/onnx', 'packages/p2p', 'packages/scheduler', 'packages/ledger'],
  },
  'apps/node': {
    level: 4,
    imports: [
      'packages/protocol',
      'packages/onnx',
      'packages/p2p',
      'packages/runtime',
      'packages/scheduler',
      'packages/ledger',
      'packages/client',
    ],
  },
  'examples/browser': { level: 5, imports: ['packages/client'] },
  'examples/custom-node': {
    level: 5,
    imports: ['packages/protocol', 'packages/p2p', 'packages/client', 'packages/testing', 'apps/node'],
  },
  'examples/infer': { level: 5, imports: ['packages/client', 'packages/testing', 'apps/node'] },
  'examples/own-chain': { level: 5, imports: ['packages/protocol', 'packages/ledger'] },
  'examples/wallet': {
    level: 5,
    imports: ['packages/protocol', 'packages/client', 'packages/testing', 'apps/node'],
  },
  'examples/ocr': { level: 5, imports: ['packages/client', 'packages/testing', 'apps/node'] },
  'apps/demo': {
    level: 6,
    imports: ['packages/protocol', 'packages/ledger', 'packages/client', 'apps/node', 'examples/ocr'],
  },
}
