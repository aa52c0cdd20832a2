import type { Commit, ValidatorSet } from '@neurovoyance/protocol'
import { ledgerError } from '../../errors.js'
import { voteBytes } from '../crypto/vote.js'
import type { Verify } from '../crypto/zip215.js'
import { idOf } from '../hex.js'

/** The voting power of a set. */
export const totalPower = ({ validators }: ValidatorSet): bigint =>
  validators.reduce((sum, { power }) => sum + BigInt(power), 0n)

/** What a commit is checked against. */
export interface CommitCheck {
  readonly chainId: string
  /** Who decided the block. */
  readonly validators: ValidatorSet
  readonly verify: Verify
  /** A set that is trusted already: more than a third of its power has to be among the signers. */
  readonly trusted?: ValidatorSet
}

const badCommit = (problem: string, details?: Record<string, unknown>) =>
  ledgerError('LEDGER_BAD_COMMIT', `the commit does not hold: ${problem}`, details)

/**
 * Checks that more than two thirds of a set signed for a block, and, where a trusted set is given, more than a
 * third of that. No more signatures are checked than are needed.
 *
 * @throws LedgerError `LEDGER_BAD_COMMIT`; with `details.missing` `trusted` where only the trusted third lacks
 */
export function checkCommit(commit: Commit, { chainId, validators, verify, trusted }: CommitCheck): void {
  const { height, round, block, signatures } = commit
  const message = voteBytes(chainId, { type: 'precommit', height, round, block })
  const all = totalPower(validators)
  const trustedPowers = new Map(trusted?.validators.map(({ publicKey, power }) => [idOf(publicKey), power]))
  const trustedAll = trusted === undefined ? 0n : totalPower(trusted)
  const isTrusted = () => trusted === undefined || trustedSigned * 3n > trustedAll
  let signed = 0n
  let trustedSigned = 0n
  let last = -1
  for (const { validator: index, signature } of signatures) {
    const validator = validators.validators[index]
    if (index <= last || validator === undefined)
      throw badCommit('its signers are not in order, or not in the set')
    last = index
    const decided = signed * 3n > all * 2n
    const trustedPower = trustedPowers.get(idOf(validator.publicKey))
    if (decided && (isTrusted() || trustedPower === undefined)) continue
    if (!verify(validator.publicKey, message, signature)) {
      throw badCommit(`the signature of validator ${index} is wrong`, { validator: index })
    }
    signed += BigInt(validator.power)
    trustedSigned += BigInt(trustedPower ?? 0)
  }
  if (signed * 3n <= all * 2n)
    throw badCommit(`${signed} of ${all} signed, which is not more than two thirds`)
  if (!isTrusted()) {
    throw badCommit(`${trustedSigned} of ${trustedAll} trusted signed, which is not more than a third`, {
      missing: 'trusted',
    })
  }
}
