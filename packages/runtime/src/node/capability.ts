import { matMulGraph, type ReferenceGraph, streamGraph } from '../core/reference-graphs.js'
import { type Inputs, inputsFromTensors } from './frames.js'

/** What a machine can do, measured by running graphs of known cost through the provider in use. */
export interface Capability {
  /** The provider. */
  readonly backend: string
  /** 10⁹ floating-point operations a second in products of float32 matrices. */
  readonly gflops: number
  /** 10⁶ bytes a second, read and written, in element-wise work on vectors larger than caches. */
  readonly memoryBandwidthMbps: number
  /** Memory that one model may take. */
  readonly memoryBytes: number
}

type Run = (request: {
  model: { id: string; bytes: Uint8Array }
  inputs: Inputs
}) => Promise<{ stats: { runUs: number; backend: string } }>

const RUNS = 3
/** A graph that takes less is too small to tell anything of this machine. */
const TELLING_US = 4000
const PRODUCTS = [matMulGraph(768, 2), matMulGraph(4096, 4)]
const STREAMS = [streamGraph(2 ** 24, 8), streamGraph(2 ** 26, 8)]
/** For children that may not take the memory of the others. */
const SMALL_STREAMS = [streamGraph(2 ** 21, 8)]
const SMALL_MEMORY_BYTES = 1024 * 1024 * 1024

/** Measures, in less than a second on an ordinary machine; it waits its turn like any job. */
export async function measureCapability(
  run: Run,
  forget: (id: string) => Promise<void>,
  memoryBytes: number,
): Promise<Capability> {
  const product = await measure(run, forget, PRODUCTS)
  const stream = await measure(run, forget, memoryBytes < SMALL_MEMORY_BYTES ? SMALL_STREAMS : STREAMS)
  return {
    backend: product.backend,
    gflops: round(product.graph.flop / product.runUs / 1000),
    memoryBandwidthMbps: round(stream.graph.bytesMoved / stream.runUs),
    memoryBytes,
  }
}

interface Measured {
  readonly graph: ReferenceGraph
  readonly runUs: number
  readonly backend: string
}

async function measure(
  run: Run,
  forget: (id: string) => Promise<void>,
  graphs: readonly ReferenceGraph[],
): Promise<Measured> {
  let measured: Measured | undefined
  for (const graph of graphs) {
    measured = await measureGraph(run, graph)
    await forget(graph.name)
    if (measured.runUs >= TELLING_US) break
  }
  return measured!
}

/** The fastest of a few runs, after one that allocates. */
async function measureGraph(run: Run, graph: ReferenceGraph): Promise<Measured> {
  const data = BigInt64Array.from(graph.size, BigInt)
  const inputs = inputsFromTensors({ size: { type: 'int64', dims: [data.length], data } })
  const model = { id: graph.name, bytes: graph.bytes }
  let backend = (await run({ model, inputs })).stats.backend
  let runUs = Number.POSITIVE_INFINITY
  for (let turn = 0; turn < RUNS; turn++) {
    const { stats } = await run({ model, inputs })
    runUs = Math.min(runUs, stats.runUs)
    backend = stats.backend
  }
  return { graph, runUs: Math.max(1, runUs), backend }
}

function round(value: number): number {
  return Number(value.toPrecision(3))
}
