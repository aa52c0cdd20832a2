import { elementBits, elementTypeOf, type OnnxElementType } from '../element-types.js'
import type { AttributeValue, OnnxGraph, OnnxNode, OnnxTensor } from '../model/model.js'
import { conflict } from './conflict.js'
import { type Fact, UNKNOWN } from './fact.js'
import { highOf, type Size } from './size.js'
import type { Tally } from './tally.js'

/** The most dimensions of a tensor. */
export const MAX_RANK = 32
/** Bytes that one string is taken to be. */
const STRING_BYTES = 16n

/** What a subgraph gave. */
export interface BodyResult {
  readonly outputs: readonly Fact[]
  readonly tally: Tally
  /** Bytes of its activations that are alive at once. */
  readonly peakBytes: bigint
}

/** What an operator's rule may ask of the inference that calls it. */
export interface InferenceRun {
  /** What a size counts as that nothing bounds; `undefined` where sizes are symbols and nothing is counted. */
  readonly assumedSize: number | undefined
  /** A size or element that only a run will tell. */
  fresh(low: number, high: number): Size
  /** Elements of a weight or of a tensor in an attribute, where they are small enough to be kept. */
  constant(tensor: OnnxTensor): readonly number[] | undefined
  /** Infers a graph of an attribute with these inputs. */
  body(graph: OnnxGraph, inputs: readonly Fact[]): BodyResult
  /** What a graph of an attribute notes of its inputs. */
  declaredInputs(graph: OnnxGraph): readonly Fact[]
  /** Counts what a body takes, so many times over, as the calling operator's. */
  charge(body: BodyResult, times: bigint): void
  /** Notes that the figure rests on an upper rule. */
  assume(rule: string): void
}

/** One operator with what is known of its inputs. */
export class Call {
  readonly node: OnnxNode
  /** Version of the operator's set. */
  readonly version: number
  /** By position; `undefined` where an input is left out. */
  readonly inputs: readonly (Fact | undefined)[]
  readonly run: InferenceRun
  readonly #attributes: ReadonlyMap<string, AttributeValue>

  constructor(
    node: OnnxNode,
    version: number,
    inputs: readonly (Fact | undefined)[],
    attributes: ReadonlyMap<string, AttributeValue>,
    run: InferenceRun,
  ) {
    this.node = node
    this.version = version
    this.inputs = inputs
    this.run = run
    this.#attributes = attributes
  }

  /** How many outputs the node names. */
  get outputCount(): number {
    return this.node.outputs.length
  }

  /** Whether the node wants its output of this position. */
  wants(output: number): boolean {
    return (this.node.outputs[output] ?? '') !== ''
  }

  has(input: number): boolean {
    return this.inputs[input] !== undefined
  }

  fact(input: number): Fact {
    return this.inputs[input] ?? UNKNOWN
  }

  type(input: number): OnnxElementType | undefined {
    return this.fact(input).type
  }

  dims(input: number): readonly Size[] | undefined {
    return this.fact(input).dims
  }

  /** Dimensions of an input that must have this rank, or one from `rank` to `most`. */
  dimsOfRank(input: number, rank: number, most = rank): readonly Size[] | undefined {
    const dims = this.dims(input)
    if (dims !== undefined && (dims.length < rank || dims.length > most)) {
      conflict(
        `input ${input} of rank ${dims.length} where ${rank}${most > rank ? ' or more' : ''} is wanted`,
      )
    }
    return dims
  }

  /** Dimensions of an input that must have at least these. */
  dimsFromRank(input: number, rank: number): readonly Size[] | undefined {
    return this.dimsOfRank(input, rank, Number.POSITIVE_INFINITY)
  }

  /** Elements of an input. */
  values(input: number): readonly Size[] | undefined {
    return this.fact(input).values
  }

  /** Elements of an input, all of them known. */
  numbers(input: number): readonly number[] | undefined {
    const values = this.values(input)
    return values?.every(each => typeof each === 'number') ? values : undefined
  }

  hasAttribute(name: string): boolean {
    return this.#attributes.has(name)
  }

  int(name: string, fallback: number): number {
    const value = this.#attributes.get(name)
    return value?.kind === 'int' ? Number(value.value) : fallback
  }

  /** Elements that share a byte, by an attribute that says how many bits one has; 1 where it says what cannot be. */
  elementsInByte(name: string): number {
    const bits = this.int(name, 4)
    return bits === 1 || bits === 2 || bits === 4 ? 8 / bits : 1
  }

  ints(name: string): readonly number[] | undefined {
    const value = this.#attributes.get(name)
    return value?.kind === 'ints' ? Array.from(value.values, Number) : undefined
  }

  float(name: string, fallback: number): number {
    const value = this.#attributes.get(name)
    return value?.kind === 'float' ? value.value : fallback
  }

  floats(name: string): readonly number[] | undefined {
    const value = this.#attributes.get(name)
    return value?.kind === 'floats' ? [...value.values] : undefined
  }

  text(name: string, fallback: string): string {
    const value = this.#attributes.get(name)
    return value?.kind === 'string' ? new TextDecoder().decode(value.value) : fallback
  }

  /** How many entries an attribute that is a list has. */
  listLength(name: string): number | undefined {
    const value = this.#attributes.get(name)
    return value !== undefined && 'values' in value ? value.values.length : undefined
  }

  tensor(name: string): OnnxTensor | undefined {
    const value = this.#attributes.get(name)
    return value?.kind === 'tensor' ? value.tensors[0] : undefined
  }

  /** Dimensions of a sparse tensor in an attribute, and its element type. */
  sparse(name: string): Fact | undefined {
    const value = this.#attributes.get(name)
    const sparse = value?.kind === 'sparse-tensor' ? value.tensors[0] : undefined
    return sparse && { type: sparse.values.elementType, dims: sparse.dims }
  }

  graph(name: string): OnnxGraph | undefined {
    const value = this.#attributes.get(name)
    return value?.kind === 'graph' ? value.graphs[0] : undefined
  }

  /** Every graph in the attributes. */
  *graphs(): Generator<OnnxGraph> {
    for (const value of this.#attributes.values()) {
      if (value.kind === 'graph' || value.kind === 'graphs') yield* value.graphs
    }
  }

  /** The element type that an attribute names by its number. */
  typeAttribute(name: string, fallback: OnnxElementType | undefined): OnnxElementType | undefined {
    const value = this.#attributes.get(name)
    return value?.kind === 'int' ? elementTypeOf(Number(value.value)) : fallback
  }

  /** An axis counted from the front; throws a conflict where there is none such. */
  axis(axis: number, rank: number): number {
    const fromFront = axis < 0 ? axis + rank : axis
    if (fromFront < 0 || fromFront >= rank) conflict(`axis ${axis} of a tensor of rank ${rank}`)
    return fromFront
  }

  /** A size that only a run will tell. */
  fresh(low = 0, high = Number.POSITIVE_INFINITY): Size {
    return this.run.fresh(low, high)
  }

  /** Dimensions that only a run will tell. */
  freshDims(rank: number): readonly Size[] {
    if (rank > MAX_RANK) conflict(`a tensor of rank ${rank}`)
    return Array.from({ length: rank }, () => this.fresh())
  }

  /** The most that a size can be, what nothing bounds being the assumed size. */
  upper(size: Size): bigint {
    const high = highOf(size)
    if (high <= 0) return 0n
    if (Number.isFinite(high)) return BigInt(Math.ceil(high))
    this.run.assume('an unbounded size counts as the largest dimension of the inputs')
    return BigInt(this.run.assumedSize ?? 1)
  }

  /** The most elements that a value can have; none where there is no value. */
  elements(fact: Fact | undefined): bigint {
    if (fact === undefined) return 0n
    const { dims, elements, length } = fact
    if (dims === undefined) return elements === undefined ? this.#elementsOfUnknown() : this.upper(elements)
    const exact = length === undefined ? exactCount(dims) : undefined
    if (exact !== undefined) return BigInt(exact)
    let count = length === undefined ? 1n : this.upper(length)
    for (const dim of dims) count *= this.upper(dim)
    return count
  }

  /** Bytes of the most elements that a value can have; elements of unknown type take four. */
  bytes(fact: Fact | undefined): bigint {
    return bytesOf(fact?.type, this.elements(fact))
  }

  /** Bytes of all inputs and of the outputs that are wanted. */
  allBytes(outputs: readonly Fact[]): bigint {
    let bytes = 0n
    for (const input of this.inputs) if (input !== undefined) bytes += this.bytes(input)
    return bytes + this.outputBytes(outputs)
  }

  outputBytes(outputs: readonly Fact[]): bigint {
    let bytes = 0n
    for (const [index, output] of outputs.entries()) if (this.wants(index)) bytes += this.bytes(output)
    return bytes
  }

  /** A value of unknown rank has as many elements as the largest input whose rank is known. */
  #elementsOfUnknown(): bigint {
    this.run.assume('a value of unknown rank has as many elements as the largest input of its operator')
    let most = 1n
    for (const input of this.inputs) {
      if (input?.dims === undefined) continue
      const count = this.elements(input)
      if (count > most) most = count
    }
    return most
  }
}

/** The product of sizes that are known, where a double holds it. */
function exactCount(dims: readonly Size[]): number | undefined {
  let count = 1
  for (const dim of dims) {
    if (typeof dim !== 'number') return undefined
    count *= dim
  }
  return Number.isSafeInteger(count) && count >= 0 ? count : undefined
}

/** Bytes of elements in raw form; of unknown type four each, of strings sixteen. */
export function bytesOf(type: OnnxElementType | undefined, elements: bigint): bigint {
  if (type === undefined) return elements * 4n
  if (type === 'string') return elements * STRING_BYTES
  return (elements * BigInt(elementBits(type)) + 7n) / 8n
}
