import { type FunctionTable, functionKey, functionTable } from '../check/functions.js'
import type {
  AttributeValue,
  OnnxFunction,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
} from '../model/model.js'
import { findRule } from '../operators/registry.js'
import type { OperatorRule } from '../operators/rule.js'
import { unknownOperator } from '../operators/unknown.js'
import { limitExceeded, malformed } from '../wire/rejection.js'
import { type BodyResult, Call, type InferenceRun } from './call.js'
import { ShapeConflict } from './conflict.js'
import type { Constants } from './constants.js'
import { atomSize } from './expression.js'
import { type Fact, UNKNOWN } from './fact.js'
import type { Plans } from './plan.js'
import {
  checkedFact,
  type Declared,
  declaredFact,
  declaredTypes,
  isInexact,
  refine,
  tensorOf,
} from './refine.js'
import { Scope } from './scope.js'
import type { Size } from './size.js'
import { Tally } from './tally.js'
import { NO_WORK, type Work } from './work.js'

/** Functions that call functions: how deep. */
const MAX_CALL_DEPTH = 64
/** Assumptions, conflicts and unknown operators that are told apart. */
const MAX_NOTES = 64
/** Elements that are sums take so many times the steps of elements that are numbers. */
const EXPRESSION_STEPS = 64

/** A model, made ready for inference. */
export interface PreparedModel {
  readonly model: OnnxModel
  readonly constants: Constants
  readonly plans: Plans
}

/** How an inference runs. */
export interface InferenceInit {
  /** What the model's symbols stand for; `undefined` where they stand for themselves. */
  readonly symbols: ReadonlyMap<string, number> | undefined
  /** What an unbounded size counts as; `undefined` where nothing is counted. */
  readonly assumedSize: number | undefined
  /** Nodes, inputs, outputs and elements that are looked at. */
  readonly maxSteps: number
}

/** Where a body's names, attributes and operator sets come from. */
interface Frame {
  readonly scope: Scope
  readonly declared: Declared
  readonly opsets: ReadonlyMap<string, number>
  /** Inside a function: the attributes of its call. */
  readonly attributes: ReadonlyMap<string, AttributeValue> | undefined
  readonly callDepth: number
}

/** One walk over a model. */
export class Inference {
  readonly assumptions = new Map<string, number>()
  readonly conflicts: string[] = []
  readonly unknownOperators = new Set<string>()
  /** Whether every size of every value is known. */
  isExact = true
  readonly #prepared: PreparedModel
  readonly #init: InferenceInit
  readonly #functions: FunctionTable
  #stepsLeft: number
  #fresh = 0

  constructor(prepared: PreparedModel, init: InferenceInit) {
    this.#prepared = prepared
    this.#init = init
    this.#functions = functionTable(prepared.model)
    this.#stepsLeft = init.maxSteps
  }

  /** Infers the model's graph; `scope` holds its inputs and receives every value of it. */
  run(scope: Scope): BodyResult {
    const { graph, opsets } = this.#prepared.model
    const frame = { scope, declared: this.#declared(graph), opsets, attributes: undefined, callDepth: 0 }
    return this.#graph(graph, frame)
  }

  /** A size that only a run will tell. */
  fresh(low: number, high: number): Size {
    return atomSize({ key: `?${this.#fresh++}`, low, high, anonymous: true })
  }

  /** What the model says of an input. */
  declaredInput(type: Parameters<typeof declaredFact>[0]): Fact {
    return declaredFact(type, this.#init.symbols, () => this.fresh(0, Number.POSITIVE_INFINITY))
  }

  #declared({ values, outputs }: OnnxGraph): Declared {
    return declaredTypes([values, outputs])
  }

  #graph(graph: OnnxGraph, frame: Frame): BodyResult {
    for (const tensor of graph.initializers) {
      if (!frame.scope.facts.has(tensor.name)) frame.scope.set(tensor.name, this.#weight(tensor))
    }
    for (const { values, dims } of graph.sparseInitializers) {
      frame.scope.set(values.name, { type: values.elementType, dims })
    }
    const outputs = graph.outputs.map(({ name }) => name)
    return this.#body(graph.nodes, outputs, frame)
  }

  #weight(tensor: OnnxTensor): Fact {
    const { elementType: type, dims } = tensor
    const values = this.#prepared.constants.get(tensor)
    return values === undefined ? { type, dims } : { type, dims, values }
  }

  #body(nodes: readonly OnnxNode[], outputs: readonly string[], frame: Frame): BodyResult {
    const { order, lastUses } = this.#prepared.plans.get(nodes)!
    const walk = new BodyWalk(this, frame)
    for (const [index, node] of order.entries()) walk.node(node, lastUses[index]!)
    return {
      outputs: outputs.map(name => frame.scope.get(name) ?? UNKNOWN),
      tally: walk.tally,
      peakBytes: walk.peakBytes,
    }
  }

  /** Counts what is looked at, so that no model takes for ever. */
  spend(steps: number): void {
    this.#stepsLeft -= steps
    const { maxSteps } = this.#init
    if (this.#stepsLeft < 0) throw limitExceeded('steps of shape inference', 'maxInferenceSteps', maxSteps)
  }

  get assumedSize(): number | undefined {
    return this.#init.assumedSize
  }

  constant(tensor: OnnxTensor): readonly number[] | undefined {
    return this.#prepared.constants.get(tensor)
  }

  functionOf(node: OnnxNode): OnnxFunction | undefined {
    return this.#functions.size === 0 ? undefined : this.#functions.get(functionKey(node))
  }

  /** Infers a subgraph, which sees the names around it. */
  subgraph(graph: OnnxGraph, inputs: readonly Fact[], outer: Frame): BodyResult {
    const scope = new Scope(outer.scope)
    const declared = this.#declared(graph)
    for (const [index, { name }] of graph.inputs.entries()) scope.set(name, inputs[index] ?? UNKNOWN)
    return this.#graph(graph, { ...outer, scope, declared })
  }

  /** Infers the body of one of the model's own functions, which sees its inputs and nothing else. */
  call(
    fn: OnnxFunction,
    call: Call,
    attributes: ReadonlyMap<string, AttributeValue>,
    outer: Frame,
  ): BodyResult {
    if (outer.callDepth >= MAX_CALL_DEPTH) {
      throw limitExceeded('levels of function calls', 'maxCallDepth', MAX_CALL_DEPTH)
    }
    const scope = new Scope()
    for (const [index, name] of fn.inputs.entries()) {
      const fact = call.inputs[index]
      if (fact !== undefined) scope.set(name, fact)
    }
    const given = new Map(fn.defaults.map(({ name, value }) => [name, value]))
    for (const [name, value] of attributes) given.set(name, value)
    return this.#body(fn.nodes, fn.outputs, {
      scope,
      declared: declaredTypes([fn.values]),
      opsets: fn.opsets,
      attributes: given,
      callDepth: outer.callDepth + 1,
    })
  }

  declaredOf(name: string, { declared }: Frame): Fact | undefined {
    const type = declared.get(name)
    return type && this.declaredInput(type)
  }

  note(kind: 'assumption' | 'conflict' | 'unknown', operator: string, what: string): void {
    if (kind !== 'conflict') this.isExact = false
    if (kind === 'unknown') {
      if (this.unknownOperators.size < MAX_NOTES) this.unknownOperators.add(operator)
    } else if (kind === 'conflict') {
      if (this.conflicts.length < MAX_NOTES) this.conflicts.push(`${operator}: ${what}`)
    } else {
      const text = `${operator}: ${what}`
      const times = this.assumptions.get(text) ?? 0
      if (times > 0 || this.assumptions.size < MAX_NOTES) this.assumptions.set(text, times + 1)
    }
  }
}

/** The walk over the nodes of one body. */
class BodyWalk implements InferenceRun {
  readonly tally = new Tally()
  peakBytes = 0n
  readonly #inference: Inference
  readonly #frame: Frame
  readonly #alive = new Map<string, bigint>()
  #aliveBytes = 0n
  #operator = ''
  #innerPeakBytes = 0n
  #isCharged = false

  constructor(inference: Inference, frame: Frame) {
    this.#inference = inference
    this.#frame = frame
  }

  get assumedSize(): number | undefined {
    return this.#inference.assumedSize
  }

  fresh(low: number, high: number): Size {
    return this.#inference.fresh(low, high)
  }

  constant(tensor: OnnxTensor): readonly number[] | undefined {
    return this.#inference.constant(tensor)
  }

  body(graph: OnnxGraph, inputs: readonly Fact[]): BodyResult {
    const operator = this.#operator
    const result = this.#inference.subgraph(graph, inputs, this.#frame)
    this.#operator = operator
    return result
  }

  declaredInputs(graph: OnnxGraph): readonly Fact[] {
    return graph.inputs.map(({ type }) => {
      const tensor = tensorOf(type)
      return tensor === undefined ? UNKNOWN : this.#inference.declaredInput(tensor)
    })
  }

  charge(body: BodyResult, times: bigint): void {
    this.#isCharged = true
    this.tally.addAll(body.tally, times)
    if (body.peakBytes > this.#innerPeakBytes) this.#innerPeakBytes = body.peakBytes
  }

  assume(rule: string): void {
    this.#inference.note('assumption', this.#operator, rule)
  }

  node(node: OnnxNode, lastUses: readonly string[]): void {
    this.#inference.spend(1 + node.inputs.length + node.outputs.length)
    this.#operator = node.domain === '' ? node.operator : `${node.domain}.${node.operator}`
    this.#innerPeakBytes = 0n
    this.#isCharged = false
    const call = this.#call(node)
    const fn = this.#inference.functionOf(node)
    const rule = fn === undefined ? this.#rule(node, call) : this.#functionRule(fn)
    const outputs = this.#outputs(node, this.#infer(call, rule))
    if (this.assumedSize === undefined) return
    if (!this.#isCharged) {
      this.tally.add(node.domain, node.operator, 1n, this.#work(call, rule, outputs))
    }
    this.#remember(call, rule, outputs, lastUses)
  }

  #call(node: OnnxNode): Call {
    const { scope, opsets } = this.#frame
    const inputs = node.inputs.map(name => {
      if (name === '') return undefined
      const fact = scope.get(name)
      if (fact === undefined && this.#frame.attributes === undefined) {
        throw malformed(`operator ${node.operator} takes '${name}', which nothing makes`, { value: name })
      }
      return fact
    })
    return new Call(node, opsets.get(node.domain) ?? 1, inputs, this.#attributes(node), this)
  }

  /** Attributes by name, those that refer to the attributes of a function's call being looked up. */
  #attributes({ attributes }: OnnxNode): ReadonlyMap<string, AttributeValue> {
    const byName = new Map<string, AttributeValue>()
    for (const { name, value } of attributes) {
      const actual = value.kind === 'reference' ? this.#frame.attributes?.get(value.attribute) : value
      if (actual !== undefined && actual.kind !== 'reference') byName.set(name, actual)
    }
    return byName
  }

  #rule(node: OnnxNode, call: Call): OperatorRule {
    const rule = findRule(node.domain, node.operator, call.version)
    if (rule !== undefined) return rule
    this.#inference.note('unknown', this.#operator, '')
    return unknownOperator
  }

  #functionRule(fn: OnnxFunction): OperatorRule {
    return {
      infer: call => {
        const operator = this.#operator
        const result = this.#inference.call(fn, call, this.#attributes(call.node), this.#frame)
        this.#operator = operator
        this.charge(result, 1n)
        return result.outputs
      },
    }
  }

  #infer(call: Call, rule: OperatorRule): readonly Fact[] {
    return this.#noted([], () => rule.infer(call))
  }

  #work(call: Call, rule: OperatorRule, outputs: readonly Fact[]): Work {
    const fallback: Partial<Work> = { bytes: call.allBytes(outputs) }
    const work = rule.work === undefined ? fallback : this.#noted(fallback, () => rule.work!(call, outputs))
    return { ...NO_WORK, ...work }
  }

  /** What a rule gives, or something else where shapes contradict each other, which is noted. */
  #noted<T>(otherwise: T, attempt: () => T): T {
    try {
      return attempt()
    } catch (error) {
      if (!(error instanceof ShapeConflict)) throw error
      this.#inference.note('conflict', this.#operator, error.message)
      return otherwise
    }
  }

  #outputs(node: OnnxNode, facts: readonly Fact[]): readonly Fact[] {
    return node.outputs.map((name, index) => {
      const inferred = this.#noted(UNKNOWN, () => checkedFact(facts[index] ?? UNKNOWN))
      if (name === '') return inferred
      const isOpen = inferred.type === undefined || isInexact(inferred)
      const fact = isOpen ? refine(inferred, this.#inference.declaredOf(name, this.#frame)) : inferred
      if (isInexact(fact)) this.#inference.isExact = false
      this.#spendValues(fact)
      this.#frame.scope.set(name, fact)
      return fact
    })
  }

  #spendValues({ values }: Fact): void {
    if (values === undefined) return
    const each = values.some(value => typeof value !== 'number') ? EXPRESSION_STEPS : 1
    this.#inference.spend((values.length * each) >> 2)
  }

  /** Keeps account of the bytes that are alive. */
  #remember(call: Call, rule: OperatorRule, outputs: readonly Fact[], lastUses: readonly string[]): void {
    let written = 0n
    for (const [index, fact] of outputs.entries()) {
      const name = call.node.outputs[index]!
      if (name === '') continue
      const bytes = call.bytes(fact)
      this.#alive.set(name, bytes)
      written += bytes
    }
    const inside = rule.isView === true ? 0n : written + this.#innerPeakBytes
    if (this.#aliveBytes + inside > this.peakBytes) this.peakBytes = this.#aliveBytes + inside
    this.#aliveBytes += written
    for (const name of lastUses) {
      this.#aliveBytes -= this.#alive.get(name) ?? 0n
      this.#alive.delete(name)
    }
  }
}
