/** The exit queue as one would write it down plainly: every request is walked through with every epoch. */
export interface ModelRequest {
  readonly owner: number
  readonly epoch: number
  readonly amount: bigint
  /** Of the original amount, in millionths. */
  released: bigint
  paid: bigint
  tribute: bigint
  burnt: bigint
}

const WHOLE = 1_000_000n

/** Plain words for the rules of the queue. */
export class QueueModel {
  requests: ModelRequest[] = []
  liquid: bigint[]
  earned: bigint[]
  /** Coins that were released at the beginning of the latest epoch. */
  outflow = 0n
  #epoch = 0

  constructor(earned: readonly bigint[]) {
    this.earned = [...earned]
    this.liquid = earned.map(() => 0n)
  }

  /** `months` is the age of everybody's coins. */
  request(owner: number, amount: bigint, months: number): boolean {
    if (amount > this.earned[owner]!) return false
    this.claim(owner)
    this.earned[owner]! -= amount
    const left = BigInt(Math.max(0, 6 - months))
    const tribute = (amount * 80_000n * left + 6n * WHOLE - 1n) / (6n * WHOLE)
    const same = this.requests.findIndex(one => one.owner === owner && one.epoch === this.#epoch)
    const added = { owner, epoch: this.#epoch, amount, released: 0n, paid: 0n, tribute, burnt: 0n }
    if (same < 0) this.requests.push(added)
    else {
      const before = this.requests[same]!
      added.amount += before.amount
      added.tribute += before.tribute
      this.requests[same] = added
    }
    return true
  }

  claim(owner: number): void {
    for (const one of this.requests.filter(each => each.owner === owner)) this.#pay(one)
    this.requests = this.requests.filter(one => one.paid < one.amount)
  }

  /** Takes back the owner's latest request. */
  cancel(owner: number): boolean {
    this.claim(owner)
    const latest = this.requests.findLast(one => one.owner === owner)
    if (latest === undefined) return false
    this.requests = this.requests.filter(one => one !== latest)
    this.earned[owner]! += latest.amount - latest.paid
    return true
  }

  beginEpoch(circulating: bigint): void {
    this.outflow = 0n
    const demand = this.requests.reduce(
      (sum, { amount, released }) => (released < WHOLE ? sum + amount : sum),
      0n,
    )
    if (demand === 0n) return
    const cap = circulating / 50n
    const share = cap * 8n >= demand ? 125_000n : (cap * WHOLE) / demand
    for (const one of this.requests) {
      const step = one.released + share > WHOLE ? WHOLE - one.released : share
      one.released += step
      this.outflow += (one.amount * step) / WHOLE
    }
    this.#epoch++
    const finished = this.requests.filter(one => one.released === WHOLE)
    for (const { owner } of finished) this.claim(owner)
  }

  #pay(one: ModelRequest): void {
    const due = (one.amount * one.released) / WHOLE
    // burnt in proportion, rounded up
    const burnt = (one.tribute * due + one.amount - 1n) / one.amount
    this.liquid[one.owner]! += due - one.paid - (burnt - one.burnt)
    one.paid = due
    one.burnt = burnt
  }
}
