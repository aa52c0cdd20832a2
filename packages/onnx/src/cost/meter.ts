import { IR_WITH_DEFAULTS } from '../model/ir-version.js'
import type { OnnxModel } from '../model/model.js'
import { bytesOf } from '../shapes/call.js'
import { readConstants } from '../shapes/constants.js'
import type { Fact } from '../shapes/fact.js'
import { Inference, type PreparedModel } from '../shapes/inference.js'
import type { InferenceState } from '../shapes/inference-state.js'
import { planModel } from '../shapes/plan.js'
import { tensorOf } from '../shapes/refine.js'
import { Scope } from '../shapes/scope.js'
import { highOf, type Size } from '../shapes/size.js'
import type { OperatorTally, Tally } from '../shapes/tally.js'
import { addWork, NO_WORK, unitsOf } from '../shapes/work.js'
import { type ModelSignature, modelSignature } from '../signature.js'
import { validateInputs } from '../validate-inputs.js'
import { limitExceeded } from '../wire/rejection.js'
import { inputFact, inputKey, type MeteredInput } from './metered-input.js'
import type { InferredValue, OperatorWork, ShapeInference, WorkUnits } from './work-units.js'

/** Options of {@link createMeter}. */
export interface MeterInit {
  /** Nodes, inputs, outputs and small elements that one inference looks at. Default: 2,000,000. */
  readonly maxInferenceSteps?: number
  /** Shapes of inputs whose work is remembered. Default: 256. */
  readonly maxCached?: number
}

/** Tells the work of requests to one model. */
export interface Meter {
  /**
   * The work of a request, from its inputs' names, types and dimensions (and the elements of
   * those that {@link MeteredInput} says): the same integer on every machine.
   *
   * @throws OnnxError the codes of `validateInputs`, and `ONNX_LIMIT_EXCEEDED` where it would not end or fit.
   */
  workUnits(inputs: Iterable<MeteredInput>): WorkUnits
  /**
   * What is known of the model's values: with inputs, their sizes; without, in terms of the model's own symbols.
   *
   * @throws OnnxError as `workUnits`
   */
  inferShapes(inputs?: Iterable<MeteredInput>): ShapeInference
}

/** Operators that are told apart; more of them only a made-up model has. */
const MAX_OPERATORS = 256
/** Name under which the rest is counted. */
const OTHERS = '…'
/** Work units fit 63 bits, so that prices can be made of them. */
const MAX_UNITS = 2n ** 63n - 1n

/**
 * Prepares a model for metering: reads the small weights that shapes depend on, and nothing else of its weights.
 *
 * @throws OnnxError `ONNX_MALFORMED`, `ONNX_EXTERNAL_DATA` or `ONNX_READ_FAILED`
 */
export async function createMeter(model: OnnxModel, init: MeterInit = {}): Promise<Meter> {
  const { maxInferenceSteps = 2_000_000, maxCached = 256 } = init
  const prepared = { model, plan: planModel(model), constants: await readConstants(model) }
  return new ModelMeter(prepared, maxInferenceSteps, maxCached)
}

class ModelMeter implements Meter {
  readonly #prepared: PreparedModel
  readonly #maxSteps: number
  readonly #maxCached: number
  readonly #cache = new Map<string, WorkUnits>()
  #signature: ModelSignature | undefined

  constructor(prepared: PreparedModel, maxSteps: number, maxCached: number) {
    this.#prepared = prepared
    this.#maxSteps = maxSteps
    this.#maxCached = maxCached
  }

  workUnits(inputs: Iterable<MeteredInput>): WorkUnits {
    const given = [...inputs]
    const key = JSON.stringify(given.map(inputKey).sort())
    const known = this.#cache.get(key)
    if (known !== undefined) return known
    const work = this.#measure(given)
    if (this.#cache.size >= this.#maxCached) this.#cache.delete(this.#cache.keys().next().value!)
    this.#cache.set(key, work)
    return work
  }

  inferShapes(inputs?: Iterable<MeteredInput>): ShapeInference {
    const { inference, scope } = inputs === undefined ? this.#symbolic() : this.#concrete([...inputs], true)
    inference.run(scope)
    const values = new Map([...scope.facts].map(([name, fact]) => [name, inferred(name, fact)]))
    return { ...notesOf(inference.state), values, outputs: this.#outputs(scope) }
  }

  #measure(inputs: readonly MeteredInput[]): WorkUnits {
    // Notes are no part of a model's canonical id, so the work does not rest on them.
    const { inference, scope } = this.#concrete(inputs, false)
    const { tally, peakBytes } = inference.run(scope)
    const total = tally.total()
    const units = unitsOf(total)
    if (units > MAX_UNITS) throw limitExceeded('work units', 'maxUnits', Number(MAX_UNITS))
    const inputBytes = inputs.reduce((sum, { name }) => sum + factBytes(scope.get(name)!), 0n)
    return Object.freeze({
      units,
      ...total,
      peakBytes: peakBytes + inputBytes,
      isExact: inference.state.isExact,
      ...notesOf(inference.state),
      byOperator: operatorsOf(tally),
      outputs: this.#outputs(scope),
    })
  }

  /** An inference over the sizes of a request. */
  #concrete(
    inputs: readonly MeteredInput[],
    believesNotes: boolean,
  ): { readonly inference: Inference; readonly scope: Scope } {
    this.#signature ??= modelSignature(this.#prepared.model)
    const symbols = validateInputs(this.#signature, inputs)
    const sizes = inputs.flatMap(({ dims }) => dims)
    const inference = new Inference(this.#prepared, {
      symbols,
      assumedSize: Math.max(1, ...sizes),
      believesNotes,
      maxSteps: this.#maxSteps,
    })
    const scope = new Scope()
    for (const input of inputs) scope.set(input.name, inputFact(input))
    return { inference, scope }
  }

  /** An inference over the model's symbols. */
  #symbolic(): { readonly inference: Inference; readonly scope: Scope } {
    const { graph, irVersion } = this.#prepared.model
    const inference = new Inference(this.#prepared, {
      symbols: undefined,
      assumedSize: undefined,
      believesNotes: true,
      maxSteps: this.#maxSteps,
    })
    const scope = new Scope()
    const weights = new Set(graph.initializers.map(({ name }) => name))
    for (const { name, type } of graph.inputs) {
      // A weight that is listed among the inputs is a weight, below IR version 4, and a default from then on.
      if (weights.has(name) && irVersion < IR_WITH_DEFAULTS) continue
      const tensor = tensorOf(type)
      scope.set(
        name,
        tensor === undefined ? { type: undefined, dims: undefined } : inference.declared(tensor),
      )
    }
    return { inference, scope }
  }

  #outputs(scope: Scope): readonly InferredValue[] {
    return this.#prepared.model.graph.outputs.map(({ name }) =>
      inferred(name, scope.get(name) ?? { type: undefined, dims: undefined }),
    )
  }
}

/** The dearest operators; what they leave is one entry more. */
function operatorsOf(tally: Tally): readonly OperatorWork[] {
  const all = [...tally.operators()].map(told).sort(byUnits)
  if (all.length <= MAX_OPERATORS) return all
  const named = all.slice(0, MAX_OPERATORS - 1)
  const work = all.slice(MAX_OPERATORS - 1).reduce(addWork, NO_WORK)
  return [...named, told({ domain: '', operator: OTHERS, work })]
}

function told({ domain, operator, work }: OperatorTally): OperatorWork {
  return { domain, operator, units: unitsOf(work), ...work }
}

function byUnits(a: OperatorWork, b: OperatorWork): number {
  if (a.units !== b.units) return a.units > b.units ? -1 : 1
  return `${a.operator}.${a.domain}` < `${b.operator}.${b.domain}` ? -1 : 1
}

function factBytes({ type, dims }: Fact): bigint {
  return bytesOf(
    type,
    (dims ?? []).reduce<bigint>((count, dim) => count * BigInt(highOf(dim)), 1n),
  )
}

function notesOf({ assumptions, conflicts, unknownOperators }: InferenceState) {
  return { assumptions, conflicts, unknownOperators: [...unknownOperators] }
}

function inferred(name: string, { type, dims }: Fact): InferredValue {
  return {
    name,
    type,
    dims: dims?.map(written) ?? null,
    maxDims: dims?.map(size => (Number.isFinite(highOf(size)) ? highOf(size) : null)) ?? null,
  }
}

/** A size as its readers see it: what comes from elements alone has no name. */
function written(size: Size): number | string | null {
  return typeof size === 'number' ? size : size.anonymous ? null : size.key
}
