import type { OnnxFunction, OnnxGraph, OnnxModel, OnnxNode, OnnxTensor } from '../model/model.js'
import { limitExceeded } from '../wire/rejection.js'
import { type Attributes, BodyWalk, type Surroundings } from './body-walk.js'
import type { BodyResult } from './call.js'
import type { Constants } from './constants.js'
import { type Fact, UNKNOWN } from './fact.js'
import { type InferenceInit, InferenceState } from './inference-state.js'
import type { ModelPlan } from './plan.js'
import { type Declared, declaredFact, declaredTypes, tensorOf } from './refine.js'
import { Scope } from './scope.js'

/** Graphs in graphs and functions that call functions: how deep. */
const MAX_DEPTH = 64
/** What beginning a body takes, next to its nodes. */
const BODY_STEPS = 32

/** A model, made ready for inference. */
export interface PreparedModel {
  readonly model: OnnxModel
  readonly constants: Constants
  readonly plan: ModelPlan
}

/** Where a body's names, attributes and operator sets come from. */
interface Frame {
  readonly scope: Scope
  readonly notes: Declared
  readonly opsets: ReadonlyMap<string, number>
  readonly attributes: Attributes | undefined
  /** Graphs and calls around it. */
  readonly depth: number
}

/** One walk over a model: what is known of its values, and what computing them takes. */
export class Inference {
  readonly state: InferenceState
  readonly #prepared: PreparedModel

  constructor(prepared: PreparedModel, init: InferenceInit) {
    this.#prepared = prepared
    this.state = new InferenceState(prepared.constants, init)
  }

  /** Infers the model's graph; `scope` holds its inputs and receives every value of it. */
  run(scope: Scope): BodyResult {
    const { graph, opsets } = this.#prepared.model
    return this.#graph(graph, {
      scope,
      notes: this.#notes(graph),
      opsets,
      attributes: undefined,
      depth: 0,
    })
  }

  /** What the model says of a value of this type. */
  declared(type: Parameters<typeof declaredFact>[0]): Fact {
    const fresh = () => this.state.fresh(0, Number.POSITIVE_INFINITY)
    return declaredFact(type, this.state.init.symbols, fresh)
  }

  #notes({ values, outputs }: OnnxGraph): Declared {
    if (this.state.init.believesNotes) this.state.spend(values.length)
    return declaredTypes(this.state.init.believesNotes ? [values, outputs] : [outputs])
  }

  #graph(graph: OnnxGraph, frame: Frame): BodyResult {
    const { scope } = frame
    this.state.spend(graph.initializers.length + graph.outputs.length)
    for (const tensor of graph.initializers) {
      if (!scope.facts.has(tensor.name)) scope.set(tensor.name, this.#weight(tensor))
    }
    for (const { values, dims } of graph.sparseInitializers) {
      scope.set(values.name, { type: values.elementType, dims })
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
    this.state.spend(BODY_STEPS)
    const { order, lastUses } = this.#prepared.plan.bodies.get(nodes)!
    const walk = new BodyWalk(this.state, this.#surroundings(frame))
    for (const [index, node] of order.entries()) walk.node(node, lastUses[index]!)
    return {
      outputs: outputs.map(name => frame.scope.get(name) ?? UNKNOWN),
      tally: walk.tally,
      peakBytes: walk.live.peak,
    }
  }

  #surroundings(frame: Frame): Surroundings {
    const { scope, opsets, attributes, notes } = frame
    return {
      scope,
      opsets,
      attributes,
      declared: name => {
        const type = notes.get(name)
        return type && this.declared(type)
      },
      declaredInputs: graph =>
        graph.inputs.map(({ type }) => {
          const tensor = tensorOf(type)
          return tensor === undefined ? UNKNOWN : this.declared(tensor)
        }),
      functionOf: node => this.#prepared.plan.calls.get(node),
      inferGraph: (graph, inputs) => this.#inner(graph, inputs, frame),
      inferFunction: (fn, inputs, given) => this.#call(fn, inputs, given, frame),
    }
  }

  /** A graph inside a graph sees the names around it. */
  #inner(graph: OnnxGraph, inputs: readonly Fact[], outer: Frame): BodyResult {
    const depth = this.#deeper(outer)
    const scope = new Scope(outer.scope)
    for (const [index, { name }] of graph.inputs.entries()) scope.set(name, inputs[index] ?? UNKNOWN)
    return this.#graph(graph, { ...outer, scope, notes: this.#notes(graph), depth })
  }

  /** The body of one of the model's own functions sees its inputs and nothing else. */
  #call(
    fn: OnnxFunction,
    inputs: readonly (Fact | undefined)[],
    attributes: Attributes,
    outer: Frame,
  ): BodyResult {
    const depth = this.#deeper(outer)
    this.state.spend(fn.inputs.length + fn.outputs.length + fn.defaults.length)
    const scope = new Scope()
    for (const [index, name] of fn.inputs.entries()) {
      const fact = inputs[index]
      if (fact !== undefined) scope.set(name, fact)
    }
    const given = new Map(fn.defaults.map(({ name, value }) => [name, value]))
    for (const [name, value] of attributes) given.set(name, value)
    return this.#body(fn.nodes, fn.outputs, {
      scope,
      notes: declaredTypes(this.state.init.believesNotes ? [fn.values] : []),
      opsets: fn.opsets,
      attributes: given,
      depth,
    })
  }

  #deeper({ depth }: Frame): number {
    if (depth >= MAX_DEPTH) throw limitExceeded('levels of graphs and calls', 'maxInferenceDepth', MAX_DEPTH)
    return depth + 1
  }
}
