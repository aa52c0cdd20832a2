import { FeeMarket } from '@neurovoyance/protocol'
import { least, most } from '../../amount.js'
import type { BlockContext } from '../../machine/context.js'
import type { LedgerModule } from '../../machine/module.js'
import { single } from '../../state/collection.js'

/** What a unit of weight costs now. */
export const feeMarket = single<FeeMarket>('fees', { codec: FeeMarket })

/** The base fee in force, in base units for each unit of weight; it is burnt. */
export const baseFeeOf = ({ draft, parameters }: Pick<BlockContext, 'draft' | 'parameters'>): bigint =>
  feeMarket.get(draft)?.baseFee ?? parameters.of('fees/leastBaseFee')

/** Steps of ±1/8 at most, as blocks are fuller or emptier than the target. */
const STEP = 8n
/** Steps down that quiet time makes at most at once: an eighth less, 100 times, is next to nothing. */
const MOST_DECAYS = 100

/** The base fee after a block of this weight. */
export function nextBaseFee(baseFee: bigint, weight: bigint, target: bigint, leastFee: bigint): bigint {
  const full = least(weight, target * 2n)
  const change = (baseFee * (full - target)) / target / STEP
  // a fee of a few base units would never rise by an eighth of itself
  const raised = full > target ? most(change, 1n) : change
  return most(baseFee + raised, leastFee)
}

/** The base fee after time in which no block asked for more: an eighth less for each interval that passed. */
export function decayedBaseFee(
  baseFee: bigint,
  quietMs: number,
  intervalMs: number,
  leastFee: bigint,
): bigint {
  let fee = baseFee
  const steps = Math.min(MOST_DECAYS, Math.floor(quietMs / intervalMs))
  for (let step = 0; step < steps && fee > leastFee; step++) fee -= most(fee / STEP, 1n)
  return most(fee, leastFee)
}

/** Fees: a base fee that moves with what is asked for, and is burnt. */
export const feesModule: LedgerModule = {
  name: 'fees',
  parameters: {
    leastBaseFee: {
      value: 10n,
      least: 0n,
      most: 1_000_000n,
      unit: 'base units',
      meaning: 'The base fee never falls below this, for each unit of weight.',
    },
    targetWeight: {
      value: 500_000n,
      least: 10_000n,
      most: 100_000_000n,
      unit: 'weight',
      meaning: 'Blocks heavier than this raise the base fee, lighter ones lower it.',
    },
    blockWeight: {
      value: 2_000_000n,
      least: 100_000n,
      most: 1_000_000_000n,
      unit: 'weight',
      meaning: 'The most that the transactions of one block may weigh.',
    },
    decayMs: {
      value: 5_000n,
      least: 100n,
      most: 600_000n,
      unit: 'ms',
      meaning: 'The base fee falls by an eighth for each of these intervals without a block.',
    },
  },
  beginBlock({ draft, parameters, timeMs, previousTimeMs }) {
    const now = feeMarket.get(draft)
    if (now === undefined) return
    const floor = parameters.of('fees/leastBaseFee')
    const baseFee = decayedBaseFee(
      now.baseFee,
      timeMs - previousTimeMs,
      Number(parameters.of('fees/decayMs')),
      floor,
    )
    if (baseFee !== now.baseFee) feeMarket.set(draft, baseFee === floor ? undefined : { baseFee })
  },
}

/** Sets the base fee for the next block. */
export function moveBaseFee({ draft, parameters }: BlockContext, weight: bigint): void {
  const before = baseFeeOf({ draft, parameters })
  const floor = parameters.of('fees/leastBaseFee')
  const after = nextBaseFee(before, weight, parameters.of('fees/targetWeight'), floor)
  if (after !== before) feeMarket.set(draft, after === floor ? undefined : { baseFee: after })
}
