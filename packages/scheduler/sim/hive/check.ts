import type { HiveOptions } from './options.ts'
import type { HiveReport } from './report.ts'

/** Errors that a request may end with, when nobody did anything wrong. */
const CLEAR_ERRORS = new Set([
  'SCHEDULER_NO_NODE',
  'SCHEDULER_DEADLINE_EXCEEDED',
  'SCHEDULER_ALL_ATTEMPTS_FAILED',
])

/** Hosts that any model may have, however the views of the nodes differ. */
const MOST_REPLICAS = 24

/** A new model is asked for, fetched and announced within this time, in a network of any size. */
const ALIVE_WITHIN_SECONDS = 30

/** What did not hold in a simulation, in words; nothing where all is well. */
export function brokenPromises(report: HiveReport, options: HiveOptions): string[] {
  const broken: string[] = []
  const must = (holds: boolean, otherwise: string): void => void (holds || broken.push(otherwise))
  const unclear = Object.keys(report.failures).filter(code => !CLEAR_ERRORS.has(code))
  must(report.unsettled === 0, `${report.unsettled} requests were never settled`)
  must(report.overrunMs < 1, `a request was settled ${report.overrunMs} ms after its deadline`)
  must(unclear.length === 0, `requests failed with ${unclear.join(', ')}`)
  must(report.ghostSends === 0, `${report.ghostSends} requests went to nodes long dead`)
  must(report.deadSends <= report.requests * 0.03, `${report.deadSends} requests went to dead nodes`)
  must(
    report.answered >= report.requests * 0.95,
    `only ${report.answered} of ${report.requests} were answered`,
  )
  must(report.hedged <= options.hedgeShare + 0.01, `${report.hedged} of the requests were hedged`)
  if (options.hosting) {
    const alive = report.newModelAliveSeconds
    must(alive >= 0 && alive <= ALIVE_WITHIN_SECONDS, `the new model came alive after ${alive} s`)
    must(
      report.newModelReplicas.last >= 2,
      `the new model has ${report.newModelReplicas.last} hosts in the end`,
    )
    must(report.mostReplicas <= MOST_REPLICAS, `a model had ${report.mostReplicas} hosts`)
  }
  return broken
}
