import type { NodeStatus } from '../../status.js'
import { type Finding, fine } from './finding.js'

/** Whether a node that asks a price is paid as it should be. */
export function* checkPayments(running: NodeStatus | undefined): Iterable<Finding> {
  // a node of an earlier version says nothing of it
  const payments = running?.payments ?? null
  if (payments === null) return
  if (payments.problems.length === 0) yield fine('payments', 'what is charged is written down')
  for (const found of payments.problems) {
    yield { check: 'payments', verdict: 'warn', found, advice: 'See the log of the node, and its disk.' }
  }
}
