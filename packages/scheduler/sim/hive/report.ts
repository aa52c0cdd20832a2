import type { HiveRun } from './simulate-hive.ts'

/** A finished simulation in figures. */
export interface HiveReport {
  requests: number
  answered: number
  /** Failed requests by code. */
  failures: Record<string, number>
  p50Ms: number
  p99Ms: number
  /** The 99th percentile of the last two fifths, without waits for the new model: nodes are known by then. */
  tailMs: number
  /** Share of answered requests that were hedged. */
  hedged: number
  attemptsPerRequest: number
  deadSends: number
  ghostSends: number
  /** How late the latest request was settled, after its deadline. */
  overrunMs: number
  unsettled: number
  /** Jain's index of the work done per slot by nodes of equal behaviour: 1 is an even spread. */
  fairness: number
  /** Seconds from the first request for the new model to its first host; −1 where none came. */
  newModelAliveSeconds: number
  /** Hosts of the new model at the end, and most ever. */
  newModelReplicas: { last: number; most: number }
  /** Most hosts that any model had. */
  mostReplicas: number
}

/** The value below which this share of the sorted values lies. */
export const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0

/** Sums a simulation up. */
export function reportHive(run: HiveRun): HiveReport {
  const { options, requests } = run
  const answered = requests.filter(request => request.ok)
  const latencies = answered.map(request => request.latencyMs).sort((a, b) => a - b)
  const failures: Record<string, number> = {}
  for (const { code } of requests) if (code !== undefined) failures[code] = (failures[code] ?? 0) + 1
  const counts = run.replicas.get(run.newModel)!
  const askedAt = run.startMs / 1000 + options.newModelAtSeconds
  const alive = counts.findIndex(count => count > 0)
  return {
    requests: run.asked,
    answered: answered.length,
    failures,
    p50Ms: quantile(latencies, 0.5),
    p99Ms: quantile(latencies, 0.99),
    tailMs: quantile(settledLatencies(run), 0.99),
    hedged: answered.filter(request => request.hedged).length / Math.max(1, answered.length),
    attemptsPerRequest:
      requests.reduce((sum, request) => sum + request.attempts, 0) / Math.max(1, requests.length),
    deadSends: run.deadSends,
    ghostSends: run.ghostSends,
    overrunMs: requests.reduce((most, request) => Math.max(most, request.latencyMs - options.deadlineMs), 0),
    unsettled: run.asked - requests.length,
    fairness: jainIndex(run.providers.map(({ machine }) => machine.done.runs / machine.slots)),
    newModelAliveSeconds: alive < 0 ? -1 : alive + 1 - askedAt,
    newModelReplicas: { last: counts.at(-1) ?? 0, most: Math.max(0, ...counts) },
    mostReplicas: Math.max(...[...run.replicas.values()].flat(), 0),
  }
}

function settledLatencies({ requests, startMs, options, newModel }: HiveRun): number[] {
  const fromMs = startMs + options.seconds * 600
  const isNew = (model: string): boolean => options.hosting && model === newModel
  const late = requests.filter(request => request.ok && request.atMs >= fromMs && !isNew(request.model))
  return late.map(request => request.latencyMs).sort((a, b) => a - b)
}

/** (Σx)² / (n Σx²): 1 where all are equal, 1/n where one has everything (Jain 1984). */
function jainIndex(values: readonly number[]): number {
  const sum = values.reduce((total, value) => total + value, 0)
  const squares = values.reduce((total, value) => total + value * value, 0)
  return squares === 0 ? 1 : sum ** 2 / (values.length * squares)
}
