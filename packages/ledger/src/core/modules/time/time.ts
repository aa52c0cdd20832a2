import type { BlockContext } from '../../machine/context.js'
import type { LedgerModule } from '../../machine/module.js'

const HOUR_MS = 3_600_000n

/** The ledger's time: what it is counted in, and how far it moves with a block. */
export const timeModule: LedgerModule = {
  name: 'time',
  parameters: {
    heartbeatMs: {
      value: 60_000n,
      least: 1_000n,
      most: 600_000n,
      unit: 'ms',
      meaning: 'A block is made at least this often; otherwise none is made without transactions.',
    },
    epochMs: {
      value: 24n * HOUR_MS,
      least: HOUR_MS,
      most: 7n * 24n * HOUR_MS,
      unit: 'ms',
      meaning: 'Length of an epoch, in which validators, rewards and exits are settled.',
    },
  },
}

type Clocked = Pick<BlockContext, 'parameters' | 'timeMs' | 'previousTimeMs'>

/**
 * The ledger's time of a block whose proposer's clock says `stampMs`. It goes on by a millisecond at least and by
 * two heartbeats at most: a network that stood still does not wake with every deadline passed.
 */
export function ledgerTime(stampMs: number, previousTimeMs: number, heartbeatMs: bigint): number {
  return Math.min(Math.max(stampMs, previousTimeMs + 1), previousTimeMs + 2 * Number(heartbeatMs))
}

/** The epoch of a ledger time, counted from the Unix epoch. */
export const epochAt = ({ parameters }: Pick<Clocked, 'parameters'>, timeMs: number): number =>
  Math.floor(timeMs / Number(parameters.of('time/epochMs')))

/** The epoch of a block. */
export const epochOf = (context: Clocked): number => epochAt(context, context.timeMs)

/** Whether a block is the first of its epoch: no more than one begins with a block. */
export const beginsEpoch = (context: Clocked): boolean =>
  epochOf(context) > epochAt(context, context.previousTimeMs)
