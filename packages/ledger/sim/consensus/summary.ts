import type { Outcome } from './simulate.ts'

/** Many outcomes in figures: sums, and the longest recovery. */
export interface Summary {
  seeds: number
  nodes: number
  faulty: number
  heights: number
  highestRound: number
  messages: number
  crashes: number
  restored: number
  logDamages: number
  doubleVotes: number
  amnesias: number
  lostBlocks: number
  longestRecoveryMs: number
}

/** No outcomes. */
export function emptySummary(): Summary {
  return {
    seeds: 0,
    nodes: 0,
    faulty: 0,
    heights: 0,
    highestRound: 0,
    messages: 0,
    crashes: 0,
    restored: 0,
    logDamages: 0,
    doubleVotes: 0,
    amnesias: 0,
    lostBlocks: 0,
    longestRecoveryMs: 0,
  }
}

/** Adds one. */
export function addOutcome(summary: Summary, { figures }: Outcome): void {
  summary.seeds++
  for (const key of [
    'nodes',
    'faulty',
    'heights',
    'messages',
    'crashes',
    'restored',
    'logDamages',
    'doubleVotes',
    'amnesias',
    'lostBlocks',
  ] as const)
    summary[key] += figures[key]
  summary.highestRound = Math.max(summary.highestRound, figures.highestRound)
  summary.longestRecoveryMs = Math.max(summary.longestRecoveryMs, figures.recoveryMs)
}
