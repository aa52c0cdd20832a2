/**
 * Whose turn it is to propose. Headers hash keys and powers, not priorities: they change with every block, and a
 * ledger in which nothing happens must not change. So a node that begins with a snapshot is told them, and checks
 * them by what it can verify: who proposed the blocks after it. See docs/adr/0016.
 *
 * @module
 */
import { SnapshotRotation } from '@neurovoyance/protocol'
import { rotate, type ValidatorSet, withUpdates } from '../../consensus/core/index.js'
import { coreSet, wireSet } from '../../consensus/disk/record.js'
import { least, most } from '../../core/amount.js'
import { validatorsHashOf } from '../../core/block/hashes.js'
import { sameBytes } from '../../core/block/merkle.js'
import { idOf } from '../../core/hex.js'
import type { CoherentBlock } from '../../core/light/verify.js'
import { powerChanges } from '../../core/modules/staking/power-changes.js'
import { chainError } from '../errors.js'
import { wireValidators } from '../record/validators.js'

/** Who decides the two blocks after a snapshot, before their first turns. */
export interface Rotation {
  readonly height: number
  readonly validators: ValidatorSet
  readonly nextValidators: ValidatorSet
}

/** Name of the file beside a snapshot's chunks. */
export const ROTATION_FILE = 'rotation'

/** Priorities of a rotation lie within so many times the total power of each other: two, and a turn. */
const MOST_SPREAD = 4n

export const encodeRotation = ({ height, validators, nextValidators }: Rotation): Uint8Array =>
  SnapshotRotation.encode({
    height,
    validators: wireSet(validators),
    nextValidators: wireSet(nextValidators),
  })

/** @throws ProtocolError, RangeError for bytes that are no rotation */
export function decodeRotation(bytes: Uint8Array): Rotation {
  const { height, validators, nextValidators } = SnapshotRotation.decode(bytes)
  return { height, validators: coreSet(validators), nextValidators: coreSet(nextValidators) }
}

/**
 * Checks a rotation by verified blocks: by the first block after the snapshot, which names its validators and the next
 * ones, and by all of them, each of which names its proposer.
 *
 * @param blocks from the one after the snapshot on, each the next
 * @throws ChainError `LEDGER_SNAPSHOT_ROTATION`
 */
export function checkRotation(rotation: Rotation, blocks: readonly CoherentBlock[]): void {
  const [first] = blocks
  if (first?.header.height !== rotation.height + 1) throw wrong('it is of another height')
  const { validatorsHash, nextValidatorsHash } = first.header
  let [current, next] = [rotation.validators, rotation.nextValidators]
  if (!sameBytes(validatorsHashOf(wireValidators(current)), validatorsHash))
    throw wrong('its validators are others')
  if (!sameBytes(validatorsHashOf(wireValidators(next)), nextValidatorsHash)) {
    throw wrong('its next validators are others')
  }
  for (const set of [current, next]) if (!isNarrow(set)) throw wrong('no turns lead to its priorities')
  for (const [index, { header, commit }] of blocks.entries()) {
    // a block that was proposed again in a later round is still its first proposer's
    if (!proposersOf(current, commit.round).has(idOf(header.proposer))) {
      throw wrong(`block ${header.height} was proposed by another validator`)
    }
    const following = blocks[index + 1]
    if (following === undefined) return
    const changes = powerChanges(wireValidators(next), following.nextValidators)
    current = next
    next = withUpdates(rotate(next).set, changes)
  }
}

function proposersOf(set: ValidatorSet, round: number): ReadonlySet<string> {
  const proposers = new Set<string>()
  let turn = set
  // after as many rounds as there are validators everybody may have had a turn
  for (let at = 0; at <= Math.min(round, set.validators.length); at++) {
    const { proposer, set: after } = rotate(turn)
    proposers.add(proposer)
    turn = after
  }
  return proposers
}

function isNarrow({ validators, totalPower }: ValidatorSet): boolean {
  const priorities = validators.map(({ priority }) => priority)
  const lowest = priorities.reduce(least)
  const highest = priorities.reduce(most)
  return highest - lowest <= MOST_SPREAD * totalPower
}

const wrong = (problem: string) =>
  chainError('LEDGER_SNAPSHOT_ROTATION', `the snapshot's rotation cannot be used: ${problem}`)
