// @ts-check

/**
 * The layers of docs/architecture.md: each package with the packages that it may import. A package
 * that is not named here may import none.
 *
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const layers = {
  'packages/protocol': [],
  'packages/onnx': ['packages/protocol'],
  'packages/p2p': ['packages/protocol'],
  'packages/runtime': ['packages/protocol', 'packages/onnx'],
  'packages/scheduler': ['packages/protocol'],
  'packages/client': ['packages/protocol', 'packages/p2p', 'packages/scheduler'],
  'packages/testing': ['packages/protocol'],
  'apps/node': [
    'packages/protocol',
    'packages/onnx',
    'packages/p2p',
    'packages/runtime',
    'packages/scheduler',
    'packages/client',
  ],
}
