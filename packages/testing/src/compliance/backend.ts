import type { ElementType, TensorMap } from '@neurovoyance/protocol'
import {
  add,
  buildModel,
  dynamicMatMul,
  identity,
  node,
  RUNNABLE_ELEMENT_TYPES,
  slow,
  type TestModel,
  value,
} from '../models/index.js'
import { assertFails, assertTensors, ensure } from './backend-assertions.js'

/** What the suite asks of a backend, in its own words; `Backend` of `@neurovoyance/runtime` fits. */
export interface BackendUnderTest {
  load(source: { bytes: Uint8Array }): Promise<ModelUnderTest>
  close(): Promise<void>
}

/** A loaded model. */
export interface ModelUnderTest {
  readonly signature: {
    readonly inputs: readonly { readonly name: string; readonly type: string }[]
    readonly outputs: readonly { readonly name: string; readonly type: string }[]
  }
  run(inputs: TensorMap, outputs?: readonly string[]): Promise<TensorMap>
  release(): Promise<void>
}

/** What {@link backendCompliance} is given. */
export interface BackendComplianceInit {
  /** Makes the backend that one case uses and closes. */
  readonly create: () => Promise<BackendUnderTest>
  /** Element types that its `Identity` takes. Default: those of ONNX Runtime's CPU provider. */
  readonly elementTypes?: readonly ElementType[]
}

/** One case of a suite, for any test runner. */
export interface BackendComplianceCase {
  readonly name: string
  run(): Promise<void>
}

type Check = (backend: BackendUnderTest) => Promise<void>

/**
 * What every backend does alike, as cases for any test runner.
 *
 * @example
 * ```ts
 * for (const { name, run } of backendCompliance({ create: createNodeBackend })) it(name, run)
 * ```
 */
export function backendCompliance(init: BackendComplianceInit): BackendComplianceCase[] {
  const checks: [string, Check][] = [
    ['computes a sum', checkModel(add())],
    ['binds symbolic dimensions anew in each run', checkSymbols],
    ['runs a model with a subgraph', checkModel(slow(3))],
    ['runs opset 7', checkModel(add({ opset: 7, irVersion: 3 }))],
    ['tells the names and types of inputs and outputs', checkSignature],
    ['gives the outputs asked for, and only those', checkWantedOutputs],
    ['refuses an output that the model does not have', checkUnknownOutput],
    ['refuses inputs that do not fit', checkBadInputs],
    ['refuses what is not a model', checkNotModels],
    ['refuses sequences', checkSequence],
    ['leaves inputs as they were', checkInputsKept],
    ['leaves the outputs of a run alone in the next', checkOutputsKept],
    ['answers runs side by side each with its own', checkSideBySide],
    ['keeps models apart', checkTwoModels],
    ...(init.elementTypes ?? RUNNABLE_ELEMENT_TYPES).map((type): [string, Check] => [
      `carries ${type} bit for bit`,
      checkModel(identity(type)),
    ]),
  ]
  return checks.map(([name, check]) => ({
    name,
    async run() {
      const backend = await init.create()
      try {
        await check(backend)
      } finally {
        await backend.close()
      }
    },
  }))
}

function checkModel(model: TestModel): Check {
  return async backend => {
    const loaded = await backend.load(model)
    assertTensors(await loaded.run(model.inputs), model.outputs!)
    await loaded.release()
  }
}

async function checkSymbols(backend: BackendUnderTest): Promise<void> {
  const model = dynamicMatMul()
  const loaded = await backend.load(model)
  assertTensors(await loaded.run(model.inputs), model.outputs!)
  const inputs: TensorMap = {
    a: { type: 'float32', dims: [1, 2], data: Float32Array.of(2, 3) },
    b: { type: 'float32', dims: [2, 2], data: Float32Array.of(1, 10, 100, 1000) },
  }
  const y = { type: 'float32', dims: [1, 2], data: Float32Array.of(302, 3020) } as const
  assertTensors(await loaded.run(inputs), { y })
}

async function checkSignature(backend: BackendUnderTest): Promise<void> {
  const { signature } = await backend.load(slow())
  const told = [...signature.inputs, ...signature.outputs]
    .map(({ name, type }) => `${name}: ${type}`)
    .join(', ')
  ensure(told === 'x: float32, iterations: int64, y: float32', `the signature is ${told}`)
}

/** `sum = a + b`, `difference = a - b`. */
function twoOutputs(): Uint8Array {
  return buildModel({
    graph: {
      inputs: [value('a', 'float32', [1]), value('b', 'float32', [1])],
      outputs: [value('sum', 'float32', [1]), value('difference', 'float32', [1])],
      nodes: [node('Add', ['a', 'b'], ['sum']), node('Sub', ['a', 'b'], ['difference'])],
    },
  })
}

const TWO_AND_ONE = { a: float(2), b: float(1) }

async function checkWantedOutputs(backend: BackendUnderTest): Promise<void> {
  const loaded = await backend.load({ bytes: twoOutputs() })
  assertTensors(await loaded.run(TWO_AND_ONE), { sum: float(3), difference: float(1) })
  assertTensors(await loaded.run(TWO_AND_ONE, ['difference']), { difference: float(1) })
}

async function checkUnknownOutput(backend: BackendUnderTest): Promise<void> {
  const loaded = await backend.load({ bytes: twoOutputs() })
  await assertFails(() => loaded.run(TWO_AND_ONE, ['product']), 'RUNTIME_OUTPUT_UNKNOWN')
}

async function checkBadInputs(backend: BackendUnderTest): Promise<void> {
  const { a, b } = add().inputs
  const loaded = await backend.load(add())
  const short = { type: 'float32', dims: [2], data: Float32Array.of(1, 2) } as const
  const whole = { type: 'int32', dims: [3], data: Int32Array.of(1, 2, 3) } as const
  await assertFails(() => loaded.run({ a: a! }), 'ONNX_INPUT_MISSING')
  await assertFails(() => loaded.run({ a: a!, b: b!, c: a! }), 'ONNX_INPUT_UNKNOWN')
  await assertFails(() => loaded.run({ a: a!, b: short }), 'ONNX_INPUT_SHAPE')
  await assertFails(() => loaded.run({ a: a!, b: whole }), 'ONNX_INPUT_TYPE')
  assertTensors(await loaded.run(add().inputs), add().outputs!)
}

async function checkNotModels(backend: BackendUnderTest): Promise<void> {
  const { bytes } = add()
  const noOperator = buildModel({
    graph: {
      inputs: [value('x', 'float32', [1])],
      outputs: [value('y', 'float32', [1])],
      nodes: [node('NoSuchOperator', ['x'], ['y'])],
    },
  })
  await assertFails(
    () => backend.load({ bytes: new TextEncoder().encode('<!doctype html>') }),
    /^(ONNX|RUNTIME)_/,
  )
  await assertFails(() => backend.load({ bytes: bytes.slice(0, bytes.length - 7) }), /^(ONNX|RUNTIME)_/)
  await assertFails(() => backend.load({ bytes: noOperator }), 'RUNTIME_LOAD_FAILED')
}

async function checkSequence(backend: BackendUnderTest): Promise<void> {
  const tensor = { kind: 'tensor', type: 'float32', dims: [1] } as const
  const bytes = buildModel({
    graph: {
      inputs: [value('x', 'float32', [1])],
      outputs: [{ name: 'y', type: { kind: 'sequence', of: tensor } }],
      nodes: [node('SequenceConstruct', ['x'], ['y'])],
    },
  })
  await assertFails(() => backend.load({ bytes }), 'RUNTIME_UNSUPPORTED_TYPE')
}

async function checkInputsKept(backend: BackendUnderTest): Promise<void> {
  const loaded = await backend.load(add())
  const inputs = structuredClone(add().inputs) as TensorMap
  await loaded.run(inputs)
  assertTensors(inputs, add().inputs)
}

async function checkOutputsKept(backend: BackendUnderTest): Promise<void> {
  const loaded = await backend.load({ bytes: twoOutputs() })
  const first = await loaded.run(TWO_AND_ONE)
  await loaded.run({ a: float(70), b: float(7) })
  assertTensors(first, { sum: float(3), difference: float(1) })
}

async function checkSideBySide(backend: BackendUnderTest): Promise<void> {
  const loaded = await backend.load({ bytes: twoOutputs() })
  const numbers = Array.from({ length: 16 }, (_, index) => index)
  const results = await Promise.all(numbers.map(each => loaded.run({ a: float(each), b: float(1) })))
  for (const [index, result] of results.entries()) {
    assertTensors(result, { sum: float(index + 1), difference: float(index - 1) })
  }
}

async function checkTwoModels(backend: BackendUnderTest): Promise<void> {
  const sums = await backend.load(add())
  const products = await backend.load(dynamicMatMul())
  assertTensors(await sums.run(add().inputs), add().outputs!)
  assertTensors(await products.run(dynamicMatMul().inputs), dynamicMatMul().outputs!)
  await sums.release()
  assertTensors(await products.run(dynamicMatMul().inputs), dynamicMatMul().outputs!)
}

function float(number: number) {
  return { type: 'float32' as const, dims: [1], data: Float32Array.of(number) }
}
