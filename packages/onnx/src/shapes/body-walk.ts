import type { AttributeValue, OnnxFunction, OnnxGraph, OnnxNode, OnnxTensor } from '../model/model.js'
import { findRule } from '../operators/registry.js'
import type { OperatorRule } from '../operators/rule.js'
import { unknownOperator } from '../operators/unknown.js'
import { malformed } from '../wire/rejection.js'
import { type BodyResult, Call, type InferenceRun } from './call.js'
import { ShapeConflict } from './conflict.js'
import { type Fact, UNKNOWN } from './fact.js'
import type { InferenceState } from './inference-state.js'
import { LiveBytes } from './live-bytes.js'
import { checkedFact, isInexact, refine } from './refine.js'
import type { Scope } from './scope.js'
import type { Size } from './size.js'
import { Tally } from './tally.js'
import { NO_WORK, type Work } from './work.js'

/** Attributes by name. */
export type Attributes = ReadonlyMap<string, AttributeValue>

const ONE_CALL: Work = Object.freeze({ ...NO_WORK, calls: 1n })
/** Elements of attributes that are looked at in one step. */
const ELEMENTS_PER_STEP = 16

/** What a body stands in: a graph, a graph inside it, or a function. */
export interface Surroundings {
  readonly scope: Scope
  /** Operator-set versions by domain. */
  readonly opsets: ReadonlyMap<string, number>
  /** Inside a function: the attributes of its call. */
  readonly attributes: Attributes | undefined
  /** What the model notes of a value. */
  declared(name: string): Fact | undefined
  declaredInputs(graph: OnnxGraph): readonly Fact[]
  /** The model's own function that a node calls. */
  functionOf(node: OnnxNode): OnnxFunction | undefined
  inferGraph(graph: OnnxGraph, inputs: readonly Fact[]): BodyResult
  inferFunction(fn: OnnxFunction, inputs: readonly (Fact | undefined)[], attributes: Attributes): BodyResult
}

/** The walk over the nodes of one body. */
export class BodyWalk implements InferenceRun {
  readonly tally = new Tally()
  readonly live = new LiveBytes()
  readonly #state: InferenceState
  readonly #around: Surroundings
  #operator = ''
  #innerPeakBytes = 0n
  #isCharged = false

  constructor(state: InferenceState, around: Surroundings) {
    this.#state = state
    this.#around = around
  }

  get assumedSize(): number | undefined {
    return this.#state.init.assumedSize
  }

  fresh(low: number, high: number): Size {
    return this.#state.fresh(low, high)
  }

  constant(tensor: OnnxTensor): readonly number[] | undefined {
    return this.#state.constant(tensor)
  }

  body(graph: OnnxGraph, inputs: readonly Fact[]): BodyResult {
    return this.#around.inferGraph(graph, inputs)
  }

  declaredInputs(graph: OnnxGraph): readonly Fact[] {
    return this.#around.declaredInputs(graph)
  }

  charge(body: BodyResult, times: bigint): void {
    this.#isCharged = true
    this.tally.addAll(body.tally, times)
    if (body.peakBytes > this.#innerPeakBytes) this.#innerPeakBytes = body.peakBytes
  }

  assume(rule: string): void {
    this.#state.assume(this.#operator, rule)
  }

  /** Infers what a node gives and counts what it takes; the values of `lastUses` end with it. */
  node(node: OnnxNode, lastUses: readonly string[]): void {
    this.#state.spend(1 + node.inputs.length + node.outputs.length + attributeSteps(node))
    this.#operator = node.domain === '' ? node.operator : `${node.domain}.${node.operator}`
    this.#innerPeakBytes = 0n
    this.#isCharged = false
    const call = this.#call(node)
    for (const fact of call.inputs) if (fact !== undefined) this.#state.spendFact(fact)
    const rule = this.#rule(node, call)
    const outputs = this.#bind(
      node,
      this.#noted([], () => rule.infer(call)),
    )
    if (this.assumedSize === undefined) return
    // Functions are unfolded when the model is loaded; operators with graphs of their own run these.
    if (this.#around.functionOf(node) === undefined) {
      const work = this.#isCharged ? ONE_CALL : this.#work(call, rule, outputs)
      this.tally.add(node.domain, node.operator, work)
    }
    const written = this.#written(call, outputs)
    // What only sees its input in another way takes that input's memory over.
    if (rule.isView === true) this.live.free(lastUses)
    this.live.add(written, this.#innerPeakBytes)
    if (rule.isView !== true) this.live.free(lastUses)
  }

  #call(node: OnnxNode): Call {
    const { scope, opsets, attributes } = this.#around
    const inputs = node.inputs.map(name => {
      const fact = name === '' ? undefined : scope.get(name)
      // A function's input that its call leaves out has no value.
      if (fact !== undefined || name === '' || attributes !== undefined) return fact
      throw malformed(`operator ${node.operator} takes '${name}', which nothing makes`, { value: name })
    })
    return new Call(node, opsets.get(node.domain) ?? 1, inputs, this.#attributes(node), this)
  }

  /** A node's attributes, those that refer to an attribute of the function's call looked up there. */
  #attributes({ attributes }: OnnxNode): Attributes {
    const byName = new Map<string, AttributeValue>()
    for (const { name, value } of attributes) {
      const actual = value.kind === 'reference' ? this.#around.attributes?.get(value.attribute) : value
      if (actual !== undefined && actual.kind !== 'reference') byName.set(name, actual)
    }
    return byName
  }

  #rule(node: OnnxNode, call: Call): OperatorRule {
    const fn = this.#around.functionOf(node)
    if (fn !== undefined) return this.#functionRule(fn)
    const rule = findRule(node.domain, node.operator, call.version)
    if (rule === undefined) this.#state.noteUnknown(this.#operator)
    return rule ?? unknownOperator
  }

  #functionRule(fn: OnnxFunction): OperatorRule {
    return {
      infer: call => {
        const result = this.#around.inferFunction(fn, call.inputs, this.#attributes(call.node))
        this.charge(result, 1n)
        return result.outputs
      },
    }
  }

  #work(call: Call, rule: OperatorRule, outputs: readonly Fact[]): Work {
    const fallback: Partial<Work> = { bytes: call.allBytes(outputs) }
    const { work } = rule
    return {
      ...ONE_CALL,
      ...(work === undefined ? fallback : this.#noted(fallback, () => work(call, outputs))),
    }
  }

  /** What a rule gives, or something else where shapes contradict each other, which is noted. */
  #noted<T>(otherwise: T, attempt: () => T): T {
    try {
      return attempt()
    } catch (error) {
      if (!(error instanceof ShapeConflict)) throw error
      this.#state.noteConflict(this.#operator, error.message)
      return otherwise
    }
  }

  /** Gives the node's outputs their names. */
  #bind(node: OnnxNode, facts: readonly Fact[]): readonly Fact[] {
    return node.outputs.map((name, index) => {
      const inferred = this.#noted(UNKNOWN, () => checkedFact(facts[index] ?? UNKNOWN))
      if (name === '') return inferred
      const isOpen = inferred.type === undefined || isInexact(inferred)
      const fact = isOpen ? refine(inferred, this.#around.declared(name)) : inferred
      if (isInexact(fact)) this.#state.isExact = false
      this.#state.spendFact(fact)
      this.#around.scope.set(name, fact)
      return fact
    })
  }

  #written(call: Call, outputs: readonly Fact[]): readonly (readonly [name: string, bytes: bigint])[] {
    return outputs.flatMap((fact, index) => {
      const name = call.node.outputs[index]!
      return name === '' ? [] : [[name, call.bytes(fact)] as const]
    })
  }
}

/** Long attributes take longer to look at. */
function attributeSteps({ attributes }: OnnxNode): number {
  let elements = 0
  for (const { value } of attributes) {
    if ('values' in value) elements += value.values.length
    else if (value.kind === 'string') elements += value.value.byteLength
  }
  return attributes.length + Math.floor(elements / ELEMENTS_PER_STEP)
}
