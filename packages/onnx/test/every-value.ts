import { bytesField, concatBytes } from '@neurovoyance/testing/models'
import ort from 'onnxruntime-node'
import type { InferredValue, MeteredInput, OnnxModel } from '../src/index.js'

/** Shapes of values as a run gave them. */
export type SeenShapes = ReadonlyMap<string, { readonly type: string; readonly dims: readonly number[] }>

/** The model with every value of its own graph as an output. */
export function exposingEverything(bytes: Uint8Array, { graph }: OnnxModel): Uint8Array {
  const outputs = new Set(graph.outputs.map(({ name }) => name))
  const inner = graph.nodes.flatMap(node => node.outputs).filter(name => name !== '' && !outputs.has(name))
  return exposing(bytes, inner)
}

/**
 * The model with these values as outputs too: protobuf merges a graph that comes twice, so the names are appended to
 * the file as it is.
 */
export function exposing(bytes: Uint8Array, names: readonly string[]): Uint8Array {
  const infos = names.map(name => bytesField(12, bytesField(1, name)))
  return concatBytes([bytes, bytesField(7, concatBytes(infos))])
}

/** Runs a model file and tells the shape of every output. */
export async function runForShapes(file: string, inputs: readonly MeteredInput[]): Promise<SeenShapes> {
  const options = { graphOptimizationLevel: 'disabled', intraOpNumThreads: 1, logSeverityLevel: 3 } as const
  const session = await ort.InferenceSession.create(file, options)
  const feeds = Object.fromEntries(inputs.map(input => [input.name, feed(input)]))
  const results = await session.run(feeds)
  const seen = new Map(Object.entries(results).map(([name, { type, dims }]) => [name, { type, dims }]))
  await session.release()
  return seen
}

/** A tensor of ones, or of the elements that the input tells. */
function feed({ type, dims, values }: MeteredInput): ort.Tensor {
  const count = dims.reduce((total, dim) => total * dim, 1)
  const at = (index: number) => Number(values?.[index] ?? 1)
  const elements = Array.from({ length: count }, (_, index) => at(index))
  if (type === 'int64') return new ort.Tensor('int64', BigInt64Array.from(elements, BigInt), dims)
  if (type === 'int32') return new ort.Tensor('int32', Int32Array.from(elements), dims)
  if (type === 'bool') return new ort.Tensor('bool', Uint8Array.from(elements), dims)
  if (type === 'uint8') return new ort.Tensor('uint8', Uint8Array.from(elements), dims)
  return new ort.Tensor('float32', Float32Array.from(elements), dims)
}

/** What a run contradicts: a shape that was not said, a type that was another, a size above its bound. */
export function contradictions(
  values: ReadonlyMap<string, InferredValue>,
  seen: SeenShapes,
): readonly string[] {
  const found: string[] = []
  for (const [name, { type, dims }] of seen) {
    const value = values.get(name)
    const isBounded = value?.dims?.every((size, axis) => {
      const most = value.maxDims![axis]
      return typeof size === 'number' ? size === dims[axis] : most == null || dims[axis]! <= most
    })
    const sameRank = value?.dims == null || value.dims.length === dims.length
    if (value === undefined || value.type !== type || !sameRank || isBounded === false) {
      found.push(`${name}: ${value?.type}[${value?.dims}] where a run gave ${type}[${dims}]`)
    }
  }
  return found
}

/** How many of the values that a run gave were known to the last dimension. */
export function exactlyKnown(values: ReadonlyMap<string, InferredValue>, seen: SeenShapes): number {
  return [...seen.keys()].filter(name => values.get(name)?.dims?.every(size => typeof size === 'number'))
    .length
}
