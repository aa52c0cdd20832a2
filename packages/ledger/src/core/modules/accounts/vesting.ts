import { LIMITS, type Vesting } from '@neurovoyance/protocol'

/** Coins that have vested since they were last looked at, and what vests on. */
export interface Released {
  readonly released: bigint
  readonly vesting: readonly Vesting[]
}

/** Releases what is due: each lot evenly until its end. Doing it often or seldom gives the same in the end. */
export function releaseVested(vesting: readonly Vesting[], timeMs: number): Released {
  let released = 0n
  const kept: Vesting[] = []
  for (const lot of vesting) {
    const due = dueOf(lot, timeMs)
    released += due
    if (due < lot.remaining) {
      kept.push({
        ...lot,
        remaining: lot.remaining - due,
        releasedUntilMs: Math.max(lot.releasedUntilMs, timeMs),
      })
    }
  }
  return { released, vesting: kept }
}

function dueOf({ remaining, releasedUntilMs, endsMs }: Vesting, timeMs: number): bigint {
  if (timeMs >= endsMs) return remaining
  if (timeMs <= releasedUntilMs) return 0n
  return (remaining * BigInt(timeMs - releasedUntilMs)) / BigInt(endsMs - releasedUntilMs)
}

/** Steps in which vesting ends, so that an account has few lots however often it is paid. */
const STEPS = 18

/**
 * Adds coins that vest from now on, to lots that were released up to now. They end with the step of
 * `vestingMs / 18` in which their time is up: never sooner, and later by one step at most.
 */
export function addVesting(
  vesting: readonly Vesting[],
  amount: bigint,
  timeMs: number,
  vestingMs: number,
): readonly Vesting[] {
  if (amount === 0n) return vesting
  const stepMs = Math.max(1, Math.ceil(vestingMs / STEPS))
  const endsMs = Math.ceil((timeMs + vestingMs) / stepMs) * stepMs
  const same = vesting.find(lot => lot.endsMs === endsMs)
  const lot = { remaining: amount + (same?.remaining ?? 0n), releasedUntilMs: timeMs, endsMs }
  const lots = [...vesting.filter(other => other !== same), lot].sort((a, b) => a.endsMs - b.endsMs)
  return lots.length > LIMITS.vestings ? withFewer(lots) : lots
}

/** The two that end soonest in one that ends as the later of them: `vestingMs` was changed, and its steps with it. */
function withFewer([soonest, next, ...rest]: readonly Vesting[]): readonly Vesting[] {
  if (soonest === undefined || next === undefined) return rest
  return [{ ...next, remaining: soonest.remaining + next.remaining }, ...rest]
}

export const vestingTotal = (vesting: readonly Vesting[]): bigint =>
  vesting.reduce((sum, { remaining }) => sum + remaining, 0n)
