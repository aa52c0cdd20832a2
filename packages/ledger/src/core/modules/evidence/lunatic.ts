import { type Commit, Header, type Lunatic, type ValidatorSet } from '@neurovoyance/protocol'
import { blockIdFrom, voteBytes } from '../../crypto/vote.js'
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
 * @throws LedgerError `LEDGER_BAD_EVIDENCE`, `LEDGER_EXPIRED`
 */
export function judgeLunatic(context: EvidenceContext, evidence: Lunatic): Fault {
  const { header, partsRoot, real, realPartsRoot, commit } = evidence
  if (header === undefined || real === undefined || commit === undefined)
    throw unproved('a header is missing')
  const precommit = openVote(context, evidence.precommit)
  const { height } = real
  if (precommit.type !== 'precommit' || precommit.height !== height || header.height !== height) {
    throw unproved('it is not a precommit and two headers of one height')
  }
  if (blockOf(precommit) !== idOf(blockIdFrom(Header.encode(header), partsRoot))) {
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
  const block = blockIdFrom(Header.encode(real), realPartsRoot)
  if (commit.height !== height || idOf(commit.block) !== idOf(block)) {
    throw unproved('the commit is for another block')
  }
  checkCommit(context, commit, elected.set)
  return { kind: 'lunatic', validator: idOf(evidence.precommit!.validator), height }
}

/** @throws LedgerError `LEDGER_BAD_EVIDENCE` where less than a quorum signed */
function checkCommit(
  { chainId, verify }: EvidenceContext,
  commit: Commit,
  { validators }: ValidatorSet,
): void {
  const { height, round, block } = commit
  const message = voteBytes(chainId, { type: 'precommit', height, round, block })
  const signers = new Set<number>()
  let signed = 0
  for (const { validator: index, signature } of commit.signatures) {
    const validator = validators[index]
    if (validator === undefined || signers.has(index)) throw unproved('a signature of the commit is nobody’s')
    if (!verify(validator.publicKey, message, signature))
      throw unproved('a signature of the commit does not hold')
    signers.add(index)
    signed += validator.power
  }
  const total = validators.reduce((sum, { power }) => sum + power, 0)
  if (signed * 3 <= total * 2) throw unproved('the commit is not signed by more than two thirds')
}
