import type { Commit, CommitSignature, ValidatorSet } from '@neurovoyance/protocol'
import { ledgerError } from '../../errors.js'
import { voteBytes } from '../crypto/vote.js'
import type { Verify } from '../crypto/zip215.js'
import { idOf } from '../hex.js'

/** The voting power of a set. */
export const totalPower = ({ validators }: ValidatorSet): bigint =>
  validators.reduce((sum, { power }) => sum + BigInt(power), 0n)

/** Whose signatures a commit has to hold. */
export interface CommitSets {
  /** Who decided the block. */
  readonly validators: ValidatorSet
  /** A set that is trusted already: more than a third of its power has to be among the signers. */
  readonly trusted?: ValidatorSet
}

/** What a commit is checked against. */
export interface CommitCheck extends CommitSets {
  readonly chainId: string
  readonly verify: Verify
}

/** A signature that has to hold for a commit to hold. */
export interface NeededSignature {
  /** Index of the validator in the set. */
  readonly validator: number
  readonly publicKey: Uint8Array
  readonly signature: Uint8Array
}

const badCommit = (problem: string, details?: Record<string, unknown>) =>
  ledgerError('LEDGER_BAD_COMMIT', `the commit does not hold: ${problem}`, details)

/** The bytes that the signatures of a commit are of. */
export const commitBytes = (chainId: string, { height, round, block }: Commit): Uint8Array =>
  voteBytes(chainId, { type: 'precommit', height, round, block })

/**
 * The signatures that show that more than two thirds of a set signed for a block, and, where a trusted set is given,
 * more than a third of that: as few as are enough. Whether they hold is not looked at.
 *
 * @throws LedgerError `LEDGER_BAD_COMMIT`; with `details.missing` `trusted` where only the trusted third lacks
 */
export function neededSignatures(commit: Commit, { validators, trusted }: CommitSets): NeededSignature[] {
  const signers = signersOf(commit.signatures, validators)
  const all = totalPower(validators)
  const signed = signers.reduce((sum, { power }) => sum + power, 0n)
  if (signed * 3n <= all * 2n) {
    throw badCommit(`${signed} of ${all} signed, which is not more than two thirds`)
  }
  const needed: NeededSignature[] = []
  let missing = trusted === undefined ? -1n : totalPower(trusted) / 3n
  let rest = (all * 2n) / 3n
  const powers = new Map(trusted?.validators.map(({ publicKey, power }) => [idOf(publicKey), power]))
  // the trusted ones count twice
  for (const signer of signers) {
    if (missing < 0n) break
    const power = powers.get(idOf(signer.publicKey))
    if (power === undefined) continue
    needed.push(signer)
    missing -= BigInt(power)
    rest -= signer.power
  }
  if (missing >= 0n) {
    throw badCommit('not more than a third of the trusted validators signed', { missing: 'trusted' })
  }
  const chosen = new Set(needed.map(({ validator }) => validator))
  for (const signer of signers) {
    if (rest < 0n) break
    if (chosen.has(signer.validator)) continue
    needed.push(signer)
    rest -= signer.power
  }
  return needed
}

function signersOf(signatures: readonly CommitSignature[], { validators }: ValidatorSet) {
  let last = -1
  return signatures.map(({ validator: index, signature }) => {
    const validator = validators[index]
    if (index <= last || validator === undefined)
      throw badCommit('its signers are not in order, or not in the set')
    last = index
    const { publicKey, power } = validator
    return { validator: index, publicKey, signature, power: BigInt(power) }
  })
}

/**
 * Checks that more than two thirds of a set signed for a block, and, where a trusted set is given, more than a
 * third of that. No more signatures are checked than are needed, and none where they cannot be enough.
 *
 * @throws LedgerError `LEDGER_BAD_COMMIT`; with `details.missing` `trusted` where only the trusted third lacks
 */
export function checkCommit(commit: Commit, { chainId, verify, ...sets }: CommitCheck): void {
  const message = commitBytes(chainId, commit)
  for (const { validator, publicKey, signature } of neededSignatures(commit, sets)) {
    if (!verify(publicKey, message, signature)) throw wrongSignature(validator)
  }
}

/** The error for a signature that does not hold. */
export const wrongSignature = (validator: number) =>
  badCommit(`the signature of validator ${validator} is wrong`, { validator })
