import { type LedgerModule, rewardsModule } from '@neurovoyance/ledger'
import type { SeededRandom } from '@neurovoyance/testing/network'

/** The numbers that a washer plays against. Shares are millionths. */
export interface Rules {
  readonly parameters: Readonly<Record<string, string>>
  /** His share of the stake, at the beginning. */
  readonly stakeShare: number
  /** Whether there are validators to bond to. Without, the stakers' share is counted as his by `stakeShare`. */
  readonly validators: boolean
  /** Whether the ledger checks them; without, they can be as wrong as one likes. */
  readonly checked: boolean
}

const WHOLE = 1_000_000

/** Any numbers that a genesis may have, extremes more often than chance would have them. */
export function drawRules(random: SeededRandom): Rules {
  const burn = random.pick([10_000, 50_000, 100_000, 300_000, 10_000 + random.int(290_001)])
  const rest = WHOLE / 2 - burn
  const stakers = random.pick([0, 30_000, 200_000, random.int(200_001)])
  const fitting = Math.min(stakers, rest)
  const treasury = Math.min(random.pick([0, 0, 20_000, random.int(200_001)]), rest - fitting)
  const safest = Math.floor((burn * 9) / 10)
  const validators = random.chance(0.4)
  return {
    checked: true,
    validators,
    stakeShare: validators ? random.int(5) / 4 : random.pick([0, 0.1, 0.34, 0.67, 1, random.float()]),
    parameters: {
      ...SMALL_AMOUNTS,
      'rewards/burnShare': String(burn),
      'rewards/stakersShare': String(fitting),
      'rewards/treasuryShare': String(treasury),
      'rewards/mintShare': String(random.pick([safest, safest, random.int(safest + 1)])),
      'rewards/drawnMintShare': '0',
      'rewards/firstBudget': String(random.pick([1_000, 1_000_000, 1_000_000_000, 1_000_000_000_000])),
      'exit/tribute': String(random.pick([0, 80_000, 200_000])),
      'rewards/halvingEpochs': String(random.pick([1, 3, 730])),
      'rewards/immediateShare': String(random.pick([0, 250_000, WHOLE])),
      'fees/leastBaseFee': String(validators ? 0 : random.pick([0, 0, 1, 10])),
      ...SMALL_STAKES,
      'time/epochMs': String(random.pick([3_600_000, 86_400_000])),
    },
  }
}

/** The ledger checks the numbers, but for those of `wrong`, which it takes as they come. */
export function brokenRules(
  wrong: Readonly<Record<string, number>>,
  stakeShare: number,
  validators = false,
): Rules {
  const texts = Object.entries(wrong).map(([name, value]) => [name, String(value)])
  return {
    checked: false,
    validators,
    stakeShare,
    parameters: {
      ...SMALL_AMOUNTS,
      ...SMALL_STAKES,
      ...(validators && { 'fees/leastBaseFee': '0' }),
      'rewards/drawnMintShare': '0',
      ...Object.fromEntries(texts),
    },
  }
}

/** The least amounts at their least: dust is tried too. */
const SMALL_AMOUNTS = {
  'channels/leastDeposit': '1',
  'channels/leastTopUp': '1',
  'channels/leastStep': '1',
  'channels/graceMs': '60000',
  'jobs/leastBudget': '1',
  'jobs/leastPayment': '1',
  'exit/least': '1000000',
}

const SMALL_STAKES = {
  'staking/leastSelfBond': '1000000000',
  'staking/leastBond': '1000000',
  'staking/unbondingMs': '86400000',
}

/** The module about rewards, or one that takes any numbers. */
export function rewardsUnder({ checked }: Rules): LedgerModule {
  if (checked) return rewardsModule
  const { checkParameters: _, parameters = {}, ...rest } = rewardsModule
  const loose = Object.entries(parameters).map(([name, parameter]) => [
    name,
    { ...parameter, least: 0n, most: 1n << 62n },
  ])
  return { ...rest, parameters: Object.fromEntries(loose) }
}
