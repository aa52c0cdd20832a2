import type { DoubleVote } from '@neurovoyance/protocol'
import { idOf } from '../../hex.js'
import { blockOf, type EvidenceContext, type Fault, openVote, unproved } from './fault.js'

/**
 * Two votes where an honest validator votes once: they differ in the block, or only in the valid round. If that could
 * be told in two ways, a forgotten lock could be told away.
 *
 * @throws LedgerError `LEDGER_BAD_EVIDENCE`
 */
export function judgeDoubleVote(context: EvidenceContext, { first, second }: DoubleVote): Fault {
  const [a, b] = [openVote(context, first), openVote(context, second)]
  const validator = idOf(first!.validator)
  if (validator !== idOf(second!.validator)) throw unproved('the votes are of two validators')
  if (a.type !== b.type || a.height !== b.height || a.round !== b.round) {
    throw unproved('the votes are not of one type, height and round')
  }
  if (blockOf(a) === blockOf(b) && a.validRound === b.validRound) throw unproved('the votes say the same')
  return { kind: 'doubleVote', validator, height: a.height }
}
