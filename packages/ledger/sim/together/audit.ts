import {
  type Applied,
  accounts,
  beginsEpoch,
  type Collection,
  channels,
  Draft,
  emptyState,
  exitCap,
  exitProgress,
  jobs,
  NETWORK_MODULES,
  nodes,
  settleParameters,
  sponsors,
  stakers,
  supplyOf,
  treasury,
  validators,
} from '@neurovoyance/ledger'
import { people } from './cast.ts'
import { LIQUID, SPONSORED, type WholeChain } from './chain.ts'

/** Where coins are, by the first part of their keys; what is in the queue and the pool is counted apart. */
const HOLDERS = [
  accounts,
  channels,
  jobs,
  sponsors,
  stakers,
  validators,
  nodes,
] as unknown as readonly Collection<object>[]

const parameters = settleParameters(
  Object.fromEntries(NETWORK_MODULES.map(({ name, parameters = {} }) => [name, parameters])),
  {},
)

const waiting = ({ draft }: WholeChain): bigint =>
  people.reduce(
    (sum, { id }) => exitProgress(draft, id).reduce((all, progress) => all + progress.waiting, sum),
    0n,
  )

/** What has to hold after every block, whatever anybody does. Throws what does not. */
export class Audit {
  readonly #chain: WholeChain
  /** Liquid coins that there may be at most: those of the genesis, and what the queue let out. */
  #liquid: bigint
  #waiting: bigint

  constructor(chain: WholeChain, liquid = LIQUID * BigInt(people.length)) {
    this.#chain = chain
    this.#liquid = liquid
    this.#waiting = waiting(chain)
  }

  get liquid(): bigint {
    return this.#liquid
  }

  /** @param cap of the block, from the state before it; absent where no epoch began with it */
  checkBlock(applied: Applied, cap: bigint | undefined): void {
    const events = [...applied.events, ...applied.receipts.flatMap(receipt => receipt.events)]
    for (const { kind, fields } of events) {
      if (kind === 'exit/released') this.#liquid += fields.liquid as bigint
    }
    const { genesis, minted, burnt, held } = supplyOf(this.#chain.draft)
    const total = held.reduce((sum, { amount }) => sum + amount, 0n)
    must(total === genesis + minted - burnt, `${total} are held, and there are ${genesis + minted - burnt}`)
    must(
      held.every(({ amount }) => amount > 0n),
      'there are fewer than none of a kind',
    )
    this.#checkOutflow(events, cap)
    const { liquid, granted } = this.#purses()
    must(liquid <= this.#liquid, `${liquid} are liquid, and ${this.#liquid} can be`)
    must(granted <= SPONSORED * 2n, `${granted} are granted`)
  }

  /** The queue lets out what the cap allows when an epoch begins, and else only what is cancelled. */
  #checkOutflow(events: Applied['events'], cap: bigint | undefined): void {
    const of = (kind: string): bigint =>
      events
        .filter(event => event.kind === kind)
        .reduce((sum, { fields }) => sum + (fields.amount as bigint), 0n)
    const now = waiting(this.#chain)
    const out = this.#waiting + of('exit/queued') - of('exit/cancelled') - now
    must(out <= (cap ?? 0n), `${out} left the queue, and ${cap ?? 0n} may`)
    this.#waiting = now
  }

  /** What is held by kind, counted anew from every record. */
  checkHoldings(): void {
    const { values, draft } = this.#chain
    const counted = new Draft(emptyState)
    for (const key of values.keys()) {
      const holder = HOLDERS.find(({ name }) => key.startsWith(`${name}/`))
      const id = key.slice((holder?.name.length ?? 0) + 1)
      if (holder === undefined || id.includes('/') || id.length !== 64) continue
      holder.set(counted, id, holder.get(draft, id)!)
    }
    treasury.set(counted, treasury.get(draft)!)
    const found = counted.holdingsDelta()
    const queued = people.reduce(
      (sum, { id }) => exitProgress(draft, id).reduce((all, { amount, paid }) => all + amount - paid, sum),
      0n,
    )
    for (const { kind, amount } of supplyOf(draft).held) {
      const rest = kind === 'queued' ? queued : (found.get(kind) ?? 0n)
      // of what is the stakers', a part is in the pool and not yet at a validator
      if (kind === 'stakers') must(rest <= amount, `${rest} are at validators of ${amount} that are stakers'`)
      else must(rest === amount, `${rest} ${kind} coins are in records, and ${amount} in the supply`)
    }
  }

  /** Coins by what they were, wherever they are now. */
  #purses(): { liquid: bigint; granted: bigint } {
    const { values, draft } = this.#chain
    let [liquid, granted] = [0n, 0n]
    const add = (value: unknown): void => {
      if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return
      const purse = value as { liquid?: unknown; granted?: unknown }
      if (typeof purse.liquid === 'bigint' && typeof purse.granted === 'bigint') {
        liquid += purse.liquid
        granted += purse.granted
      } else for (const part of Object.values(value)) add(part)
    }
    for (const key of values.keys()) {
      const holder = HOLDERS.find(({ name }) => key.startsWith(`${name}/`))
      const id = key.slice((holder?.name.length ?? 0) + 1)
      if (holder !== undefined && id.length === 64) add(holder.get(draft, id))
    }
    return { liquid, granted }
  }
}

/** The cap of the block that comes `afterMs` after the last one, where an epoch begins with it. */
export function capOf({ draft, timeMs }: WholeChain, afterMs: number): bigint | undefined {
  const clock = { parameters, previousTimeMs: timeMs, timeMs: timeMs + afterMs }
  return beginsEpoch(clock) ? exitCap({ draft, parameters }) : undefined
}

function must(holds: boolean, problem: string): void {
  if (!holds) throw new Error(problem)
}
