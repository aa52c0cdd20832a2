import type { Amnesia } from '@neurovoyance/protocol'
import { idOf } from '../../hex.js'
import { blockOf, type EvidenceContext, type Fault, openVote, unproved } from './fault.js'

/**
 * A validator forgot that it was locked: it precommitted x in round r, and in round r′ > r prevoted y ≠ x without a
 * quorum for y in round r or later. Honest prevotes name the round that lets them leave a lock.
 *
 * @throws LedgerError `LEDGER_BAD_EVIDENCE`
 */
export function judgeAmnesia(context: EvidenceContext, evidence: Amnesia): Fault {
  const precommit = openVote(context, evidence.precommit)
  const prevote = openVote(context, evidence.prevote)
  const validator = idOf(evidence.precommit!.validator)
  if (validator !== idOf(evidence.prevote!.validator)) throw unproved('the votes are of two validators')
  if (precommit.type !== 'precommit' || prevote.type !== 'prevote' || precommit.height !== prevote.height) {
    throw unproved('it is not a precommit and a prevote of one height')
  }
  const [x, y] = [blockOf(precommit), blockOf(prevote)]
  if (x === '' || y === '' || x === y) throw unproved('the votes are not for two blocks')
  if (precommit.round >= prevote.round) throw unproved('the prevote is not later than the precommit')
  if ((prevote.validRound ?? -1) >= precommit.round)
    throw unproved('the prevote names a quorum after the lock')
  return { kind: 'amnesia', validator, height: precommit.height }
}
