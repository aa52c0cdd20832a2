import { least, WHOLE } from '../../amount.js'
import type { BlockContext } from '../../machine/context.js'
import { beginsEpoch } from '../time/time.js'
import { exitCap } from './circulating.js'
import { cohortId, exitCohorts, exitQueue, queueOf } from './records.js'

/**
 * Moves the queue when an epoch begins, by one factor for all: every request is released the same share of its
 * original amount, `exit/releaseShare` or as much less as keeps the sum within the cap. Cohorts that are released
 * whole leave the sum; that is all there is to do, however many requests there are.
 *
 * The sum counts what a request released of its original amount even in its last epoch, where less is left of it:
 * the cap is then not used up, and never exceeded.
 */
export function release(context: BlockContext): void {
  if (!beginsEpoch(context)) return
  const { draft, parameters } = context
  const queue = queueOf(draft)
  const open = exitCohorts.get(draft, cohortId(queue.open)) === undefined ? queue.open : queue.open + 1
  if (queue.total === 0n) {
    // whoever was in these cohorts has cancelled
    if (queue.oldest < open) exitQueue.set(draft, { ...queue, open, oldest: open })
    return
  }
  const cap = exitCap(context)
  const share = least(parameters.of('exit/releaseShare'), (cap * WHOLE) / queue.total)
  if (share === 0n) return
  const index = queue.index + Number(share)
  let { total, oldest } = queue
  for (; oldest < open; oldest++) {
    const cohort = exitCohorts.get(draft, cohortId(oldest))!
    if (cohort.start + Number(WHOLE) > index) break
    total -= cohort.total
  }
  exitQueue.set(draft, { ...queue, index, open, oldest, total })
  context.emit({ kind: 'exit/moved', accounts: [], fields: { share, cap, index } })
}
