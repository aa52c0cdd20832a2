import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type AttributeValue,
  buildModel,
  type GraphInit,
  type InitializerInit,
  type NodeInit,
  value,
} from '@neurovoyance/testing/models'
import { bytesSource, createMeter, type MeteredInput, openModel } from '../src/index.js'
import { contradictions, exactlyKnown, exposing, runForShapes } from './every-value.js'

export type Type = 'float32' | 'uint8' | 'int8' | 'int32' | 'int64' | 'bool'
/** An input: its type, its dimensions, and the elements that matter. */
export type In = readonly [type: Type, dims: readonly number[], values?: readonly number[]] | null

/** One operator with its inputs. */
export interface Case {
  readonly operator: string
  /** Default: ai.onnx. */
  readonly domain?: string
  /** Version of ai.onnx. Default: 17. */
  readonly opset?: number
  /** Inputs from this position on are constants. Default: 1. */
  readonly constantsFrom?: number
  readonly inputs: readonly In[]
  readonly outputs?: number
  readonly attributes?: Readonly<Record<string, AttributeValue>>
}

export const f = (...dims: number[]): In => ['float32', dims]
export const u8 = (...dims: number[]): In => ['uint8', dims]
export const i32 = (dims: readonly number[], ...values: number[]): In => ['int32', dims, values]
export const i64 = (dims: readonly number[], ...values: number[]): In => ['int64', dims, values]
/** A scale and a zero point. */
export const q = (): readonly In[] => [f(), u8()]
export const op = (
  operator: string,
  inputs: readonly In[],
  attributes: Case['attributes'] = {},
  outputs = 1,
): Case => ({
  operator,
  inputs,
  attributes,
  outputs,
})

/** What of a graph's shapes a run contradicts. */
export interface Comparison {
  readonly differences: readonly string[]
  /** Whether every size was known. */
  readonly isExact: boolean
  readonly unknownOperators: readonly string[]
  readonly units: bigint
}

/** The shapes of one operator's outputs as they are inferred, against those that ONNX Runtime gives. */
export async function shapesOf(each: Case): Promise<Comparison> {
  const { operator, domain = '', inputs, outputs = 1, attributes = {} } = each
  const node: NodeInit = {
    op: operator,
    domain,
    inputs: inputs.map((input, index) => (input === null ? '' : `in${index}`)),
    outputs: Array.from({ length: outputs }, (_, index) => `out${index}`),
    attributes,
  }
  return shapesOfGraph(each, [node], node.outputs)
}

/** The shapes of these values of a graph, whose inputs are `in0`, `in1`, …, likewise. */
export async function shapesOfGraph(
  { inputs, constantsFrom = 1, opset = 17 }: Pick<Case, 'inputs' | 'constantsFrom' | 'opset'>,
  nodes: readonly NodeInit[],
  names: readonly string[],
): Promise<Comparison> {
  const given: MeteredInput[] = []
  const constants: InitializerInit[] = []
  for (const [index, input] of inputs.entries()) {
    if (input === null) continue
    const [type, dims, values] = input
    const name = `in${index}`
    if (index < constantsFrom) given.push({ name, type, dims, ...(values?.length ? { values } : {}) })
    else constants.push({ name, type, dims, data: elements(type, dims, values) })
  }
  const graph: GraphInit = {
    inputs: given.map(({ name, type, dims }) => value(name, type as Type, dims)),
    outputs: [],
    nodes,
    initializers: constants,
  }
  const opsets = { '': opset, 'com.microsoft': 1, 'ai.onnx.ml': 3 }
  return compare(buildModel({ opsets, graph }), given, names)
}

async function compare(
  bytes: Uint8Array,
  given: readonly MeteredInput[],
  names: readonly string[],
): Promise<Comparison> {
  const meter = await createMeter(await openModel(bytesSource(bytes)))
  const { values, conflicts, unknownOperators } = meter.inferShapes(given)
  const dir = await mkdtemp(join(tmpdir(), 'operator-'))
  await writeFile(join(dir, 'model.onnx'), exposing(bytes, names))
  const seen = await runForShapes(join(dir, 'model.onnx'), given).finally(() => rm(dir, { recursive: true }))
  return {
    differences: [...contradictions(values, seen), ...conflicts],
    isExact: exactlyKnown(values, seen) === names.length,
    unknownOperators,
    units: meter.workUnits(given).units,
  }
}

function elements(type: Type, dims: readonly number[], given: readonly number[] = []) {
  const count = dims.reduce((total, dim) => total * dim, 1)
  const values = Array.from({ length: count }, (_, at) => given[at] ?? (type === 'float32' ? 0.5 : 1))
  if (type === 'float32') return Float32Array.from(values)
  if (type === 'int64') return BigInt64Array.from(values, BigInt)
  if (type === 'int32') return Int32Array.from(values)
  return Uint8Array.from(values)
}
