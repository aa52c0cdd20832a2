import type { OnnxTensor } from '../model/model.js'
import { limitExceeded } from '../wire/rejection.js'
import type { Constants } from './constants.js'
import { atomSize } from './expression.js'
import type { Fact } from './fact.js'
import type { Size } from './size.js'

/** Assumptions, conflicts and unknown operators that are told apart. */
const MAX_NOTES = 64
/** A size or element that is a sum takes so many steps; one that is a number next to none. */
const SUM_STEPS = 16
const NUMBERS_PER_STEP = 4

/** How an inference runs. */
export interface InferenceInit {
  /** What the model's symbols stand for; `undefined` where they stand for themselves. */
  readonly symbols: ReadonlyMap<string, number> | undefined
  /** What an unbounded size counts as; `undefined` where nothing is counted. */
  readonly assumedSize: number | undefined
  /** Whether shapes that the model notes for its intermediate values are believed where no rule tells them. */
  readonly believesNotes: boolean
  /** Nodes, inputs, outputs and elements that are looked at. */
  readonly maxSteps: number
}

/** What one inference shares: its budget, and what it found worth telling. */
export class InferenceState {
  readonly init: InferenceInit
  readonly conflicts: string[] = []
  readonly unknownOperators = new Set<string>()
  /** Whether no size was left open and nothing was assumed. */
  isExact = true
  readonly #constants: Constants
  readonly #assumptions = new Map<string, number>()
  #stepsLeft: number
  #fresh = 0

  constructor(constants: Constants, init: InferenceInit) {
    this.init = init
    this.#constants = constants
    this.#stepsLeft = init.maxSteps
  }

  /** Upper rules that were used, and how often. */
  get assumptions(): readonly string[] {
    return [...this.#assumptions].map(([rule, times]) => (times === 1 ? rule : `${rule} (${times} times)`))
  }

  constant(tensor: OnnxTensor): readonly number[] | undefined {
    return this.#constants.get(tensor)
  }

  /** A size or element that only a run will tell. */
  fresh(low: number, high: number): Size {
    return atomSize({ key: `?${this.#fresh++}`, low, high, anonymous: true })
  }

  /** Counts what is looked at, so that no model takes for ever. @throws OnnxError `ONNX_LIMIT_EXCEEDED` */
  spend(steps: number): void {
    this.#stepsLeft -= steps
    const { maxSteps } = this.init
    if (this.#stepsLeft < 0) throw limitExceeded('steps of shape inference', 'maxInferenceSteps', maxSteps)
  }

  /** Counts the sizes and elements of a value. */
  spendFact({ dims, values }: Fact): void {
    if (dims !== undefined) this.#spendSizes(dims)
    if (values !== undefined) this.#spendSizes(values)
  }

  #spendSizes(sizes: readonly Size[]): void {
    let sums = 0
    for (const size of sizes) if (typeof size !== 'number') sums++
    this.spend(sums * SUM_STEPS + Math.floor(sizes.length / NUMBERS_PER_STEP))
  }

  assume(operator: string, rule: string): void {
    this.isExact = false
    const text = `${operator}: ${rule}`
    const times = this.#assumptions.get(text) ?? 0
    if (times > 0 || this.#assumptions.size < MAX_NOTES) this.#assumptions.set(text, times + 1)
  }

  noteConflict(operator: string, message: string): void {
    this.isExact = false
    if (this.conflicts.length < MAX_NOTES) this.conflicts.push(`${operator}: ${message}`)
  }

  noteUnknown(operator: string): void {
    this.isExact = false
    if (this.unknownOperators.size < MAX_NOTES) this.unknownOperators.add(operator)
  }
}
