import type { InferResult } from '@neurovoyance/client'
import { errorCode, NeurovoyanceError } from '@neurovoyance/protocol'
import { difference } from './difference.js'
import type { LocalResult } from './local-runs.js'

/** How a case went; `problem` where the hive did something else than ONNX Runtime. */
export interface Outcome {
  readonly kind: 'the same bytes' | 'an error in both' | 'unsupported' | 'skipped'
  readonly why?: string
  readonly problem?: string
}

/** An answer of the hive, or what it said instead. */
export type HiveResult = Pick<InferResult, 'outputs'> | { readonly error: unknown }

/** Holds the hive against ONNX Runtime: the same bytes where it runs a model, an error with a code where it does not. */
export function compare(local: LocalResult, hive: HiveResult): Outcome {
  if ('outputs' in local) {
    const problem = 'error' in hive ? String(hive.error) : difference(local.outputs, hive.outputs)
    return { kind: 'the same bytes', ...(problem !== undefined && { problem }) }
  }
  const kind = 'an error in both'
  if ('outputs' in hive) return { kind, problem: `the hive runs it, ONNX Runtime says ${local.error}` }
  const why = codeOf(hive.error)
  return why === undefined ? { kind, problem: `an error without a code: ${hive.error}` } : { kind, why }
}

/** The code of the node that failed last, where several were asked. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof NeurovoyanceError)) return undefined
  return errorCode(error.cause) ?? error.code
}

/** How many outcomes there are of each kind, and why, the most frequent first. */
export function tally(outcomes: Iterable<Outcome>): string {
  const lines: string[] = []
  for (const [kind, members] of Map.groupBy(outcomes, outcome => outcome.kind)) {
    lines.push(`${members.length} ${kind}`)
    const reasons = [...Map.groupBy(members, ({ why }) => why ?? '')].filter(([why]) => why !== '')
    reasons.sort(([, a], [, b]) => b.length - a.length)
    for (const [why, { length }] of reasons) lines.push(`  ${length} ${why}`)
  }
  return lines.join('\n')
}
