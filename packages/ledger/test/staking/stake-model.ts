/**
 * Staking as one would write it down plainly: coins are followed one by one, each with its whole past, and a slash
 * walks through all of them at once.
 */
export interface ModelCoins {
  readonly owner: number
  liquid: bigint
  earned: bigint
  /** Where it was bonded: validator, first and last epoch for which it answers. */
  readonly past: { validator: number; since: number; until: number }[]
  /** Ledger time at which it is back; undefined while it is bonded. */
  endsMs: number | undefined
}

const WHOLE = 1_000_000n

export class StakeModel {
  coins: ModelCoins[] = []
  readonly liquid: bigint[]
  readonly earned: bigint[]

  constructor(liquid: readonly bigint[], earned: readonly bigint[]) {
    this.liquid = [...liquid]
    this.earned = [...earned]
  }

  bonded(owner: number, validator: number): ModelCoins[] {
    return this.coins.filter(
      one => one.owner === owner && one.endsMs === undefined && one.past.at(-1)!.validator === validator,
    )
  }

  delegate(owner: number, validator: number, liquid: bigint, earned: bigint, since: number): void {
    this.liquid[owner]! -= liquid
    this.earned[owner]! -= earned
    const past = [{ validator, since, until: Number.POSITIVE_INFINITY }]
    this.coins.push({ owner, liquid, earned, past, endsMs: undefined })
  }

  /** Takes coins out of their bonds, the oldest first; they are bonded nowhere then. */
  leave(owner: number, validator: number, liquid: bigint, earned: bigint, epoch: number): ModelCoins[] {
    const left: ModelCoins[] = []
    for (const one of this.bonded(owner, validator)) {
      const part = { liquid: smaller(one.liquid, liquid), earned: smaller(one.earned, earned) }
      liquid -= part.liquid
      earned -= part.earned
      one.liquid -= part.liquid
      one.earned -= part.earned
      if (part.liquid + part.earned === 0n) continue
      const past = one.past.map(place => ({ ...place, until: Math.min(place.until, epoch) }))
      left.push({ owner, ...part, past, endsMs: undefined })
    }
    this.coins = [...this.coins.filter(one => one.liquid + one.earned > 0n), ...left]
    return left
  }

  unbond(
    owner: number,
    validator: number,
    liquid: bigint,
    earned: bigint,
    epoch: number,
    endsMs: number,
  ): void {
    for (const one of this.leave(owner, validator, liquid, earned, epoch)) one.endsMs = endsMs
  }

  redelegate(owner: number, from: number, to: number, liquid: bigint, earned: bigint, epoch: number): void {
    for (const one of this.leave(owner, from, liquid, earned, epoch)) {
      one.past.push({ validator: to, since: epoch + 1, until: Number.POSITIVE_INFINITY })
    }
  }

  slash(validator: number, epoch: number, share: bigint): void {
    for (const one of this.coins) {
      for (const place of one.past) {
        if (place.validator !== validator || epoch < place.since || epoch > place.until) continue
        one.liquid = (one.liquid * (WHOLE - share)) / WHOLE
        one.earned = (one.earned * (WHOLE - share)) / WHOLE
      }
    }
  }

  mature(timeMs: number): void {
    const back = this.coins.filter(({ endsMs }) => endsMs !== undefined && endsMs <= timeMs)
    for (const { owner, liquid, earned } of back) {
      this.liquid[owner]! += liquid
      this.earned[owner]! += earned
    }
    this.coins = this.coins.filter(one => !back.includes(one))
  }
}

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b)
