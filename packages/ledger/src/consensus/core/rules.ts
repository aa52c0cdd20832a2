import type { BlockId } from './message.js'
import { comparePositions, type Position } from './position.js'

/** The block that a validator precommitted last at a height; round −1 before it has. */
export interface Lock {
  readonly round: number
  readonly blockId: BlockId
}

/**
 * The three rules on which safety rests, apart from the rest so that a simulation can break one and has to
 * notice. Everything else uses `SOUND_RULES`.
 */
export interface Rules {
  /** Whether this power is more than two thirds of the total: any two quorums share an honest validator. */
  isQuorum(power: bigint, total: bigint): boolean
  /** Whether the lock allows a prevote for the proposal (lines 23 and 29). */
  mayPrevote(lock: Lock, proposal: { blockId: BlockId; validRound: number }): boolean
  /** Whether a validator that signed at `last` may sign something new at `next`. */
  maySign(last: Position, next: Position): boolean
}

/** Tendermint as published. */
export const SOUND_RULES: Rules = Object.freeze({
  isQuorum: (power, total) => 3n * power > 2n * total,
  mayPrevote: (lock, { blockId, validRound }) => lock.round <= validRound || lock.blockId === blockId,
  maySign: (last, next) => comparePositions(last, next) < 0,
} satisfies Rules)

/** Whether this power is more than a third of the total: one of its holders is honest (line 55). */
export function exceedsThird(power: bigint, total: bigint): boolean {
  return 3n * power > total
}
