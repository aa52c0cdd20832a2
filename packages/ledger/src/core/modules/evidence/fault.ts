import type { SignedVote, VoteBody } from '@neurovoyance/protocol'
import { ledgerError } from '../../../errors.js'
import { voteBytes } from '../../crypto/vote.js'
import { type Id, idOf } from '../../hex.js'
import type { BlockContext } from '../../machine/context.js'

/** What a validator did. */
export type FaultKind = 'doubleVote' | 'amnesia' | 'lunatic'

/** A fault that was proved. */
export interface Fault {
  readonly kind: FaultKind
  /** The validator's key. */
  readonly validator: Id
  /** The height at which it was made. */
  readonly height: number
}

/** What evidence is checked with. */
export type EvidenceContext = Pick<BlockContext, 'draft' | 'chainId' | 'verify'>

/** Evidence that proves nothing. */
export const unproved = (problem: string) =>
  ledgerError('LEDGER_BAD_EVIDENCE', `the evidence proves nothing: ${problem}`)

/**
 * What a vote says, if its signature holds.
 *
 * @throws LedgerError `LEDGER_BAD_EVIDENCE`
 */
export function openVote(context: EvidenceContext, vote: SignedVote | undefined): VoteBody {
  const body = vote?.body
  if (body === undefined || vote === undefined) throw unproved('a vote is missing')
  if (body.type === 'unspecified') throw unproved('a vote is neither prevote nor precommit')
  if (!context.verify(vote.validator, voteBytes(context.chainId, body), vote.signature)) {
    throw unproved(`the signature of ${idOf(vote.validator)} does not hold`)
  }
  return body
}

/** The block that a vote is for, empty for none; a text to compare. */
export const blockOf = ({ block }: VoteBody): string => (block === undefined ? '' : idOf(block))
