import {
  type AttributeValue,
  buildModel,
  type InitializerInit,
  type NodeInit,
  type ValueInfo,
} from '@neurovoyance/testing/models'

type Attributes = Readonly<Record<string, AttributeValue>>

/** Builds a network operator by operator; weights hold small numbers, or lie in a file that is never read. */
export class Net {
  readonly #nodes: NodeInit[] = []
  readonly #weights: InitializerInit[] = []
  readonly #hasWeights: boolean
  #values = 0

  constructor({ weights }: { readonly weights: boolean }) {
    this.#hasWeights = weights
  }

  /** The nodes so far, for graphs inside graphs. */
  get nodes(): readonly NodeInit[] {
    return this.#nodes
  }

  /** Adds an operator of ai.onnx; returns the name of its first output. */
  op(operator: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.many(operator, inputs, 1, attributes)[0]!
  }

  /** Adds an operator with several outputs; `operator` may have its domain before a colon. */
  many(operator: string, inputs: readonly string[], outputs: number, attributes: Attributes = {}): string[] {
    const names = Array.from({ length: outputs }, () => this.#name(operator))
    const [op, domain] = operator.split(':').reverse()
    const init: NodeInit = { op: op!, inputs, outputs: names, attributes }
    this.#nodes.push(domain === undefined ? init : { ...init, domain })
    return names
  }

  /** A weight of a type whose elements take four bytes, or one. */
  weight(dims: readonly number[], type: 'float32' | 'uint8' = 'float32'): string {
    const name = this.#name('weight')
    const count = dims.reduce((total, dim) => total * dim, 1)
    const data =
      type === 'float32'
        ? new Float32Array(this.#hasWeights ? count : 0).fill(0.01)
        : new Uint8Array(this.#hasWeights ? count : 0)
    const external = { location: 'nowhere.bin', offset: '0' }
    this.#weights.push({ name, type, dims, ...(this.#hasWeights ? { data } : { external }) })
    return name
  }

  ints(...values: readonly number[]): string {
    const name = this.#name('ints')
    this.#weights.push({
      name,
      type: 'int64',
      dims: [values.length],
      data: BigInt64Array.from(values, BigInt),
    })
    return name
  }

  int(value: number, type: 'int64' | 'int32' = 'int64'): string {
    const name = this.#name('int')
    const data = type === 'int64' ? BigInt64Array.of(BigInt(value)) : Int32Array.of(value)
    this.#weights.push({ name, type, dims: [], data })
    return name
  }

  float(value: number): string {
    const name = this.#name('float')
    this.#weights.push({ name, type: 'float32', dims: [], data: Float32Array.of(value) })
    return name
  }

  /** `x · W + b` */
  linear(x: string, from: number, to: number): string {
    return this.op('Add', [this.op('MatMul', [x, this.weight([from, to])]), this.weight([to])])
  }

  /** `[batch, sequence, heads · width]` to `[batch, heads, sequence, width]`, by shapes read from the value. */
  splitHeads(x: string, heads: number, width: number): string {
    const shape = this.op('Shape', [x])
    const [batch, sequence] = [0, 1].map(axis => this.op('Gather', [shape, this.ints(axis)]))
    const target = this.op('Concat', [batch!, sequence!, this.ints(heads), this.ints(width)], { axis: 0 })
    return this.op('Transpose', [this.op('Reshape', [x, target])], { perm: [0, 2, 1, 3] })
  }

  joinHeads(x: string, hidden: number): string {
    return this.op('Reshape', [this.op('Transpose', [x], { perm: [0, 2, 1, 3] }), this.ints(0, -1, hidden)])
  }

  layerNorm(x: string, hidden: number): string {
    return this.op('LayerNormalization', [x, this.weight([hidden]), this.weight([hidden])], { axis: -1 })
  }

  model(inputs: readonly ValueInfo[], outputs: readonly ValueInfo[], names: readonly string[]): Uint8Array {
    const ends = outputs.map(
      ({ name }, index): NodeInit => ({ op: 'Identity', inputs: [names[index]!], outputs: [name] }),
    )
    return buildModel({
      opsets: { '': 17, 'com.microsoft': 1 },
      graph: { inputs, outputs, nodes: [...this.#nodes, ...ends], initializers: this.#weights },
    })
  }

  #name(of: string): string {
    return `${of.replace(':', '.')}_${this.#values++}`
  }
}
