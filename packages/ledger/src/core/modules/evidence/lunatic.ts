import { Header, type Lunatic } from '@neurovoyance/protocol'
import { checkCommit } from '../../block/commit.js'
import { blockIdFrom } from '../../crypto/vote.js'
import { idOf } from '../../hex.js'
import { electionAt } from '../staking/elections.js'
import { blockOf, type EvidenceContext, type Fault, openVote, unproved } from './fault.js'

/** Fields of a header that the chain before it decides; no honest validator signs others. */
const DECIDED = ['stateRoot', 'receiptsRoot', 'validatorsHash', 'nextValidatorsHash'] as const

/**
 * A validator precommitted a block whose header contradicts the chain before it, to deceive light clients. The real
 * header is believed because more than two thirds of the power signed it, of the validators that this ledger knows
 * to have decided that height.
 *
 * @throws LedgerError `LEDGER_BAD_EVIDENCE`, `LEDGER_BAD_COMMIT`
 */
export function judgeLunatic(context: EvidenceContext, evidence: Lunatic): Fault {
  const { header, parts, partsRoot, real, realParts, realPartsRoot, commit } = evidence
  if (header === undefined || real === undefined || commit === undefined)
    throw unproved('a header is missing')
  const precommit = openVote(context, evidence.precommit)
  const { height } = real
  if (precommit.type !== 'precommit' || precommit.height !== height || header.height !== height) {
    throw unproved('it is not a precommit and two headers of one height')
  }
  if (blockOf(precommit) !== idOf(blockIdFrom(Header.encode(header), parts, partsRoot))) {
    throw unproved('the precommit is for another block')
  }
  if (
    header.version === real.version &&
    header.chainId === real.chainId &&
    DECIDED.every(field => idOf(header[field]) === idOf(real[field]))
  ) {
    throw unproved('the header does not contradict the chain')
  }
  const elected = electionAt(context.draft, height)
  if (elected === undefined) throw unproved('nothing is known of its height any more')
  const block = blockIdFrom(Header.encode(real), realParts, realPartsRoot)
  if (commit.height !== height || idOf(commit.block) !== idOf(block)) {
    throw unproved('the commit is for another block')
  }
  checkCommit(commit, { chainId: context.chainId, validators: elected.set, verify: context.verify })
  return { kind: 'lunatic', validator: idOf(evidence.precommit!.validator), height }
}
