import { type Budget, type DepositRules, depositFor } from './core/budget.js'
import { openedChannel, type PaidChannel } from './core/purse.js'
import type { Vault } from './vault.js'

/** A channel whose transaction was sent, and of which no block told: it may be on the ledger. */
export interface Opening {
  readonly id: string
  /** The sender's transactions before the one that opens it: when there are more, it is there or will never be. */
  readonly nonce: number
}

/** What funds work with. */
export interface FundsInit {
  readonly vault: Vault
  readonly budget: Budget
  readonly deposits: DepositRules & { readonly leastTopUp: bigint }
  /** What an earlier run sent and did not hear of. */
  readonly openings: readonly Opening[]
  /** Makes what is here durable: nothing is sent that would be forgotten. */
  keep(): Promise<void>
}

/** A budget, and the transactions that put parts of it into channels. */
export class Funds {
  readonly #init: FundsInit
  readonly #openings: Map<string, Opening>
  readonly #underWay = new Set<string>()
  #budget: Budget

  constructor(init: FundsInit) {
    this.#init = init
    this.#budget = init.budget
    this.#openings = new Map(init.openings.map(opening => [opening.id, opening]))
  }

  get budget(): Budget {
    return this.#budget
  }

  /** Channels that may be on the ledger. */
  get openings(): Opening[] {
    return [...this.#openings.values()]
  }

  /** Counts a channel that is there. */
  enter({ deposited }: PaidChannel): void {
    this.#lock(deposited)
  }

  /** Counts a channel that is gone: what was not paid comes back. */
  leave({ deposited, signed }: PaidChannel): void {
    this.#lock(-deposited)
    this.#budget = { ...this.#budget, paid: this.#budget.paid + signed }
  }

  /** Looks on the ledger for channels that were opened without anybody hearing of it; leaves those of `known` payees. */
  async confirm(known: (payee: string) => boolean): Promise<PaidChannel[]> {
    const asked = this.openings.filter(({ id }) => !this.#underWay.has(id))
    if (asked.length === 0) return []
    const { nonce, channels } = await this.#init.vault.find(asked.map(({ id }) => id))
    return asked.flatMap((opening, index) => {
      const channel = channels[index]
      if (channel === undefined ? opening.nonce >= nonce : known(channel.payee)) return []
      this.#openings.delete(opening.id)
      return channel === undefined ? [] : [channel]
    })
  }

  /** Opens channels in one transaction, but for those for which the budget does not reach. */
  async open(wanted: readonly { readonly payee: string; readonly amount: bigint }[]): Promise<PaidChannel[]> {
    if (wanted.length === 0) return []
    const { vault, deposits } = this.#init
    const fee = await vault.mostFee(wanted.length)
    const openings = wanted.flatMap(({ payee, amount }) => {
      const deposit = depositFor(this.#after(fee), amount, deposits)
      if (deposit === undefined) return []
      this.#lock(deposit)
      return [{ payee, deposit }]
    })
    if (openings.length === 0) return []
    let sent: readonly string[] = []
    try {
      const { channels } = await this.#paying(begin =>
        vault.open(openings, async ({ nonce, maxFee, ids }) => {
          // an attempt that came with a wrong nonce never happens
          for (const id of sent) this.#openings.delete(id)
          sent = ids
          for (const id of ids) {
            this.#openings.set(id, { id, nonce })
            this.#underWay.add(id)
          }
          await begin(maxFee)
        }),
      )
      for (const { id } of channels) this.#openings.delete(id)
      return channels.map(({ id, payee, deposit }) => openedChannel(id, payee, deposit))
    } finally {
      for (const { deposit } of openings) this.#lock(-deposit)
      for (const id of sent) this.#underWay.delete(id)
    }
  }

  /** Adds to a channel; how much, or `undefined` where the budget does not reach. */
  async topUp(channel: string, amount: bigint): Promise<bigint | undefined> {
    const { vault, deposits } = this.#init
    const budget = this.#after(await vault.mostFee(1))
    const added = depositFor(budget, amount, { ...deposits, least: deposits.leastTopUp })
    if (added === undefined) return undefined
    this.#lock(added)
    try {
      await this.#paying(begin => vault.topUp(channel, added, ({ maxFee }) => begin(maxFee)))
      return added
    } catch (error) {
      this.#lock(-added)
      throw error
    }
  }

  /** Counts the most that a transaction may cost before it is sent, and what it did cost when that is known. */
  async #paying<Done extends { readonly fee: bigint }>(
    send: (begin: (maxFee: bigint) => Promise<void>) => Promise<Done>,
  ): Promise<Done> {
    let counted = 0n
    const count = (fee: bigint) => {
      this.#budget = { ...this.#budget, fees: this.#budget.fees + fee - counted }
      counted = fee
    }
    const done = await send(async maxFee => {
      count(maxFee)
      await this.#init.keep()
    })
    count(done.fee)
    return done
  }

  /** The budget when a fee is paid. */
  #after(fee: bigint): Budget {
    return { ...this.#budget, fees: this.#budget.fees + fee }
  }

  #lock(amount: bigint): void {
    this.#budget = { ...this.#budget, locked: this.#budget.locked + amount }
  }
}
