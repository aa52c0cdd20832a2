import type { Call } from '../shapes/call.js'
import type { Fact } from '../shapes/fact.js'
import type { Work } from '../shapes/work.js'

/** What is known of an operator's outputs, and what it takes to compute them. */
export interface OperatorRule {
  /** Outputs by position; those left out are unknown. May throw a shape conflict. */
  infer(call: Call): readonly Fact[]
  /** What computing them takes. Default: one call, every input read and every output written. */
  work?(call: Call, outputs: readonly Fact[]): Partial<Work>
  /** Whether its outputs are the first input's memory under another name. Default: `false`. */
  readonly isView?: boolean
}

/** A rule with the operators it holds for. */
export interface RuleEntry {
  /** `''` is ai.onnx. */
  readonly domain: string
  readonly operators: readonly string[]
  /** First version of the operator set that it holds for. */
  readonly since: number
  readonly rule: OperatorRule
}

/** Rules of ai.onnx, from a version on: `onnx('Add Sub', 7, rule)`. */
export function onnx(operators: string, since: number, rule: OperatorRule): RuleEntry {
  return { domain: '', operators: operators.split(' '), since, rule }
}

/** Rules of com.microsoft. */
export function microsoft(operators: string, rule: OperatorRule): RuleEntry {
  return { domain: 'com.microsoft', operators: operators.split(' '), since: 1, rule }
}
