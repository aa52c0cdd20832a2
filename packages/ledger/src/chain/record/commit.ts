import type { Commit as WireCommit } from '@neurovoyance/protocol'
import type { Commit, ValidatorSet, Vote } from '../../consensus/core/index.js'
import { bytesOf, idOf } from '../../core/hex.js'

/** A commit as headers hash it and as it travels: signers by their place in the set that decided. */
export const wireCommit = (
  { height, round, blockId, signatures }: Commit,
  set: ValidatorSet,
): WireCommit => ({
  height,
  round,
  block: bytesOf(blockId),
  signatures: signatures
    .map(({ validator, signature }) => ({ validator: set.indexOf.get(validator)!, signature }))
    .sort((a, b) => a.validator - b.validator),
})

/** The precommits of a commit that was checked. */
export const precommitsOf = ({ height, round, block, signatures }: WireCommit, set: ValidatorSet): Vote[] =>
  signatures.map(({ validator, signature }) => ({
    type: 'precommit',
    height,
    round,
    blockId: idOf(block),
    validRound: -1,
    validator: set.validators[validator]!.id,
    signature,
  }))
