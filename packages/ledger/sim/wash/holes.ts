import { rewardsModule } from '@neurovoyance/ledger'
import { SPONSORED } from './chain.ts'
import type { Played } from './play.ts'
import type { Rules } from './rules.ts'

const WHOLE = 1_000_000n
/** What rounding two shares down leaves to the worker, for each payment, and to the stakers' share once. */
const ROUNDING = 2n

/** What the rules are meant to leave a washer of what he washes, in millionths: k − b − t − (1 − σ)·v. */
export function meantMargin({ parameters, stakeShare, validators }: Rules): bigint {
  const of = (name: string): bigint =>
    BigInt(parameters[`rewards/${name}`] ?? rewardsModule.parameters![name]!.value)
  // Who can bond more may come to have all of the stake.
  const strangers = validators ? 0n : WHOLE - BigInt(Math.floor(stakeShare * 1e6))
  const lost = of('burnShare') + of('treasuryShare') + (strangers * of('stakersShare')) / WHOLE
  return of('mintShare') - lost
}

/** What the rules were not meant to allow, in words; nothing where they hold. */
export function holesIn(rules: Rules, { gain, washed, payments, granted }: Played): string[] {
  const holes: string[] = []
  const meant = (washed * meantMargin(rules)) / WHOLE + ROUNDING * BigInt(payments) + 1n
  if (gain > 0n) holes.push(`${gain} base units were gained`)
  if (gain > meant && washed > 0n) holes.push(`${gain} base units are left where ${meant} were meant to be`)
  if (granted > SPONSORED) holes.push(`${granted} base units were granted out of ${SPONSORED}`)
  return holes
}
