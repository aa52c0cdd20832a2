import { add } from './arithmetic.js'
import { buildModel, encodeGraph, type GraphInit, type ModelInit, node, value } from './build-model.js'
import { bytesField, concatBytes } from './wire.js'

/** A model that no node may load, and the code of the error that says why. */
export interface HostileModel {
  readonly name: string
  readonly bytes: Uint8Array
  /** Code of the `OnnxError` that it must be refused with. */
  readonly code: string
  readonly files?: Readonly<Record<string, Uint8Array>>
}

/** Every hostile or broken model, one of each kind. */
export function hostileModels(): readonly HostileModel[] {
  return [
    ...[
      '../secret.bin',
      '/etc/passwd',
      'a/../../b',
      'C:\\secret',
      '..\\secret',
      'a\u0000b',
      '*/_ORT_MEM_ADDR_/*',
    ].map(escapingPath),
    customOperator(),
    forbidden('ep-context', { domain: 'com.microsoft', ...node('EPContext', ['x'], ['y']) }),
    forbidden('python-operator', { domain: 'com.microsoft', ...node('PythonOp', ['x'], ['y']) }),
    { ...broken('session-config', { metadata: { ort_config: '{}' } }), code: 'ONNX_FORBIDDEN_FEATURE' },
    {
      ...broken('training-info', { extra: bytesField(20, new Uint8Array()) }),
      code: 'ONNX_FORBIDDEN_FEATURE',
    },
    prepackedWeights(),
    missingExternalData(),
    shortExternalData(),
    giantInput(),
    giantWeight(),
    deepNesting(),
    unfoldingFunctions(),
    recursiveFunction(),
    { ...broken('future-opset', { opsets: { '': 999 } }), code: 'ONNX_UNSUPPORTED_VERSION' },
    { ...broken('future-ir', { irVersion: 999 }), code: 'ONNX_UNSUPPORTED_VERSION' },
    truncated(),
    doubleGraph(),
    { name: 'empty', bytes: new Uint8Array(), code: 'ONNX_NOT_A_MODEL' },
    { name: 'text', bytes: text('Not found\n'), code: 'ONNX_NOT_A_MODEL' },
    { name: 'web-page', bytes: text('<!doctype html><title>Sign in</title>'), code: 'ONNX_NOT_A_MODEL' },
    { name: 'lfs-pointer', bytes: lfsPointer(), code: 'ONNX_LFS_POINTER' },
    { name: 'ort-format', bytes: text('\u0018\0\0\0ORTM\0\0\0\0\0\0\0\0'), code: 'ONNX_ORT_FORMAT' },
  ]
}

/** A model whose weights lie at a path that leads out of its folder. */
export function escapingPath(path: string): HostileModel {
  return { ...external(`escape ${JSON.stringify(path)}`, { location: path }), code: 'ONNX_PATH_ESCAPES' }
}

/** A model with an operator of a domain that only a custom library could define. */
export function customOperator(): HostileModel {
  const run = { domain: 'evil.ops', ...node('Run', ['x'], ['y']) }
  return {
    ...broken('custom-operator', { opsets: { '': 17, 'evil.ops': 1 } }, { nodes: [run] }),
    code: 'ONNX_CUSTOM_OPERATOR',
  }
}

/** A model whose input is 4 TiB. */
export function giantInput(): HostileModel {
  const giant = value('x', 'float32', [2 ** 20, 2 ** 20])
  return { ...broken('giant-input', {}, { inputs: [giant] }), code: 'ONNX_LIMIT_EXCEEDED' }
}

/** A model that declares a weight of 2^60 elements and brings four bytes. */
export function giantWeight(): HostileModel {
  const weight = {
    name: 'w',
    type: 'float32',
    dims: [2n ** 30n, 2n ** 30n],
    data: Float32Array.of(1),
  } as const
  return { ...broken('giant-weight', {}, { initializers: [weight] }), code: 'ONNX_MALFORMED' }
}

/** A model with graphs inside graphs, `levels` deep. */
export function deepNesting(levels = 200): HostileModel {
  const outputs = [value('y', 'float32')]
  let nodes = [node('Identity', ['x'], ['y'])]
  for (let level = 0; level < levels; level++) {
    nodes = [
      node('If', ['c'], ['y'], { then_branch: { graph: encodeGraph({ inputs: [], outputs, nodes }) } }),
    ]
  }
  return { ...broken('deep-nesting', {}, { nodes }), code: 'ONNX_LIMIT_EXCEEDED' }
}

/** A kilobyte of functions that unfold into 2^40 operators. */
export function unfoldingFunctions(levels = 40): HostileModel {
  const call = (level: number) => ({ domain: 'bomb', ...node(`f${level}`, ['a'], ['b']) })
  const functions = Array.from({ length: levels }, (_, level) => ({
    name: `f${level}`,
    domain: 'bomb',
    inputs: ['a'],
    outputs: ['b'],
    nodes:
      level === 0
        ? [node('Identity', ['a'], ['b'])]
        : [call(level - 1), { ...call(level - 1), outputs: ['c'] }],
    opsets: { '': 17, bomb: 1 },
  }))
  const nodes = [{ domain: 'bomb', ...node(`f${levels - 1}`, ['x'], ['y']) }]
  const init = { functions, opsets: { '': 17, bomb: 1 } }
  return { ...broken('unfolding-functions', init, { nodes }), code: 'ONNX_LIMIT_EXCEEDED' }
}

/** A function that calls itself. */
export function recursiveFunction(): HostileModel {
  const call = { domain: 'loop', ...node('f', ['a'], ['b']) }
  const opsets = { '': 17, loop: 1 }
  const functions = [{ name: 'f', domain: 'loop', inputs: ['a'], outputs: ['b'], nodes: [call], opsets }]
  const nodes = [{ domain: 'loop', ...node('f', ['x'], ['y']) }]
  return { ...broken('recursive-function', { functions, opsets }, { nodes }), code: 'ONNX_MALFORMED' }
}

/** An honest model without its last third. */
export function truncated(): HostileModel {
  const { bytes } = add()
  return {
    name: 'truncated',
    bytes: bytes.slice(0, Math.floor((bytes.byteLength * 2) / 3)),
    code: 'ONNX_TRUNCATED',
  }
}

function forbidden(name: string, operator: ReturnType<typeof node> & { domain: string }): HostileModel {
  const init = { opsets: { '': 17, 'com.microsoft': 1 } }
  return { ...broken(name, init, { nodes: [operator] }), code: 'ONNX_FORBIDDEN_OPERATOR' }
}

function prepackedWeights(): HostileModel {
  const prepacked = { location: 'weights.bin', length: '8', prepacked_0: 'key|0;8;8' }
  return {
    ...external('prepacked-weights', prepacked, { 'weights.bin': new Uint8Array(16) }),
    code: 'ONNX_FORBIDDEN_FEATURE',
  }
}

function missingExternalData(): HostileModel {
  return { ...external('missing-external-data', { location: 'gone.bin' }), code: 'ONNX_EXTERNAL_DATA' }
}

function shortExternalData(): HostileModel {
  const files = { 'weights.bin': new Uint8Array(7) }
  return {
    ...external('short-external-data', { location: 'weights.bin' }, files),
    code: 'ONNX_EXTERNAL_DATA',
  }
}

/** Protobuf merges two graphs into one: a reader that takes either of them sees another model. */
function doubleGraph(): HostileModel {
  const { bytes } = add()
  return { name: 'double-graph', bytes: concatBytes([bytes, bytes.subarray(2)]), code: 'ONNX_MALFORMED' }
}

function external(
  name: string,
  location: Readonly<Record<string, string>>,
  files: Readonly<Record<string, Uint8Array>> = {},
): Omit<HostileModel, 'code'> {
  const nodes = [node('Add', ['x', 'w'], ['y'])]
  const initializers = [{ name: 'w', type: 'float32', dims: [2], external: location } as const]
  return { ...broken(name, {}, { nodes, initializers }), files }
}

/** `y = x`, with something about it changed. */
function broken(
  name: string,
  init: Omit<Partial<ModelInit>, 'graph'>,
  graph: Partial<GraphInit> = {},
): Omit<HostileModel, 'code'> {
  const honest: GraphInit = {
    inputs: [value('x', 'float32', [2])],
    outputs: [value('y', 'float32', [2])],
    nodes: [node('Identity', ['x'], ['y'])],
  }
  return { name, bytes: buildModel({ ...init, graph: { ...honest, ...graph } }) }
}

function lfsPointer(): Uint8Array {
  return text(`version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 123456\n`)
}

function text(content: string): Uint8Array {
  return new TextEncoder().encode(content)
}
