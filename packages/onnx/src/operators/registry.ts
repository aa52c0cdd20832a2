import { ATTENTION } from './attention.js'
import { CLASSICAL } from './classical.js'
import { CONTROL_FLOW } from './control-flow.js'
import { CONV } from './conv.js'
import { EINSUM } from './einsum.js'
import { ELEMENTWISE } from './elementwise.js'
import { EXPERTS } from './experts.js'
import { GENERATE } from './generate.js'
import { JOIN } from './join.js'
import { MATMUL } from './matmul.js'
import { NORMALIZATION } from './normalize.js'
import { POOL } from './pool.js'
import { QUANTIZE } from './quantize.js'
import { RECURRENT } from './recurrent.js'
import { REDUCE } from './reduce.js'
import { RESHAPE } from './reshape.js'
import { RESIZE } from './resize.js'
import type { OperatorRule, RuleEntry } from './rule.js'
import { SELECT } from './select.js'
import { SEQUENCE } from './sequence.js'
import { SIGNAL } from './signal.js'
import { SLICE } from './slice.js'
import { TEXT } from './text.js'

const FAMILIES: readonly (readonly RuleEntry[])[] = [
  ELEMENTWISE,
  RESHAPE,
  SELECT,
  SLICE,
  JOIN,
  GENERATE,
  MATMUL,
  EINSUM,
  CONV,
  POOL,
  NORMALIZATION,
  REDUCE,
  RESIZE,
  ATTENTION,
  EXPERTS,
  RECURRENT,
  QUANTIZE,
  CONTROL_FLOW,
  SEQUENCE,
  SIGNAL,
  TEXT,
  CLASSICAL,
]

interface Versioned {
  readonly since: number
  readonly rule: OperatorRule
}

/** Rules by domain and operator, those of the newest version first. */
const RULES = new Map<string, readonly Versioned[]>()

for (const { domain, operators, since, rule } of FAMILIES.flat()) {
  for (const operator of operators) {
    const key = `${domain}.${operator}`
    const versions = [...(RULES.get(key) ?? []), { since, rule }].sort((a, b) => b.since - a.since)
    RULES.set(key, versions)
  }
}

/** The rule of an operator at a version of its set; `undefined` where there is none. */
export function findRule(domain: string, operator: string, version: number): OperatorRule | undefined {
  return RULES.get(`${domain}.${operator}`)?.find(({ since }) => since <= version)?.rule
}

/** Operators that have a rule, by domain, sorted: `''` is ai.onnx. */
export function coveredOperators(): ReadonlyMap<string, readonly string[]> {
  const byDomain = new Map<string, string[]>()
  for (const { domain, operators } of FAMILIES.flat()) {
    byDomain.set(domain, [...(byDomain.get(domain) ?? []), ...operators])
  }
  return new Map([...byDomain].map(([domain, names]) => [domain, [...new Set(names)].sort()]))
}
