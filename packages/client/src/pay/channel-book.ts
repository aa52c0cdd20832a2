import { type ChainAccess, idOf, openVoucher, verifyZip215, voucherMessage } from '@neurovoyance/ledger'
import type { Charge, Payment, SignedVoucher } from '@neurovoyance/protocol'
import { hexToBytes } from '@noble/hashes/utils.js'
import { budgetSpent, distrusted, noChannel } from './book-errors.js'
import { type Budget, runsLow } from './core/budget.js'
import {
  type Outcome,
  type PaidChannel,
  type PurseRules,
  reconcile,
  recover,
  release,
  reserve,
} from './core/purse.js'
import type { Funds } from './funds.js'
import { Page } from './page.js'
import type { PayingAccount } from './teller.js'

/** A request that is being paid. */
export interface Ticket {
  readonly payment: Payment
  answered(charge: Charge): void
  refused(): void
  silent(): void
}

/** What a node says of a channel. */
export interface Account {
  readonly spent: bigint
  readonly accepted: bigint
}

/** What the book works with. */
export interface ChannelBookInit {
  access: Pick<ChainAccess, 'chainId'>
  account: PayingAccount
  funds: Funds
  rules: PurseRules
  onChange(): void
}

/** The channels of one purse, by the account that they pay, and what is under way on each. */
export class ChannelBook {
  readonly #init: ChannelBookInit
  readonly #pages = new Map<string, Page>()
  readonly #opening = new Map<string, Promise<void>>()

  constructor(init: ChannelBookInit) {
    this.#init = init
  }

  get budget(): Budget {
    return this.#init.funds.budget
  }

  get(payee: string): PaidChannel | undefined {
    return this.#pages.get(payee)?.channel
  }

  list(): PaidChannel[] {
    return [...this.#pages.values()].map(({ channel }) => channel)
  }

  /** Takes in a channel that is on the ledger. */
  add(channel: PaidChannel): void {
    const { access, account, funds, onChange } = this.#init
    this.#pages.set(channel.payee, new Page(access.chainId, account, channel))
    funds.enter(channel)
    onChange()
  }

  /** Forgets a channel that is closed; what was not paid comes back into the budget. */
  drop(payee: string): void {
    const page = this.#pages.get(payee)
    if (page === undefined) return
    this.#pages.delete(payee)
    this.#init.funds.leave(page.channel)
    page.wake()
    this.#init.onChange()
  }

  /** Takes in channels that were opened without anybody hearing of it. */
  async confirm(): Promise<void> {
    const found = await this.#init.funds.confirm(payee => this.#pages.has(payee))
    for (const channel of found) this.add(channel)
  }

  /**
   * Opens channels to accounts that have none, in one transaction; those for which the budget does not reach are left
   * out. Who asks for the same while it is under way waits for the same.
   */
  async open(wanted: readonly { readonly payee: string; readonly amount: bigint }[]): Promise<void> {
    const missing = wanted.filter(({ payee }) => !this.#pages.has(payee) && !this.#opening.has(payee))
    if (missing.length > 0) {
      const opened = this.#openAll(missing).finally(() => {
        for (const { payee } of missing) this.#opening.delete(payee)
      })
      for (const { payee } of missing) this.#opening.set(payee, opened)
    }
    await Promise.all(wanted.map(({ payee }) => this.#opening.get(payee)))
  }

  async #openAll(missing: readonly { readonly payee: string; readonly amount: bigint }[]): Promise<void> {
    await this.confirm()
    const opened = await this.#init.funds.open(missing.filter(({ payee }) => !this.#pages.has(payee)))
    for (const channel of opened) this.add(channel)
  }

  /**
   * Pays for a request: sets its price apart, with a new voucher where it needs one. Waits while more would be at stake
   * than a step, and for a larger deposit.
   *
   * @throws ClientError `CLIENT_BUDGET_SPENT`, `CLIENT_PAYEE_DISTRUSTED`
   */
  async take(payee: string, amount: bigint, signal: AbortSignal): Promise<Ticket> {
    for (;;) {
      signal.throwIfAborted()
      const page = this.#pages.get(payee)
      if (page === undefined) throw noChannel(payee)
      const taken = reserve(page.channel, amount, this.#init.rules)
      if (taken.type === 'reserved') {
        page.channel = taken.channel
        if (taken.voucher !== undefined) page.latest = page.pen.sign(taken.voucher)
        this.#keepRoom(page, amount)
        return this.#ticket(page, amount)
      }
      if (taken.type === 'distrusted') throw distrusted(page.channel)
      if (taken.type === 'wait') await page.change(signal)
      else if (!(await this.#topUp(page, max(taken.missing, amount)))) throw budgetSpent(this.budget)
    }
  }

  /** Resolves when no top-up is under way: one that came after a channel's end was asked for would take that back. */
  async toppedUp(): Promise<void> {
    await Promise.allSettled([...this.#pages.values()].map(({ adding }) => adding))
  }

  /** Worth what was charged, where the latest voucher pays ahead of that and nothing is under way. */
  finalVoucher(payee: string): SignedVoucher | undefined {
    const page = this.#pages.get(payee)
    if (page === undefined) return undefined
    const { signed, used, reserved } = page.channel
    return reserved === 0n && used > 0n && used < signed ? page.pen.sign(used) : undefined
  }

  /** Takes over what a node says of its channel; it counts where nothing is under way. */
  reconcile(payee: string, account: Account): void {
    const page = this.#pages.get(payee)
    if (page === undefined) return
    page.channel = reconcile(page.channel, account)
    page.wake()
  }

  /**
   * Takes over a voucher that this account signed and this purse forgot: a node shows it. One that does not hold is
   * passed over: to sign for its amount would be to pay it.
   */
  recover(payee: string, shown: SignedVoucher): void {
    const page = this.#pages.get(payee)
    const { access, account } = this.#init
    const { voucher, bytes, signature } = openVoucher(shown)
    const { chainId, channelId, cumulative } = voucher
    if (page === undefined || chainId !== access.chainId || idOf(channelId) !== page.channel.id) return
    if (!verifyZip215(account.publicKey, voucherMessage(chainId, bytes), signature)) return
    const channel = recover(page.channel, cumulative)
    if (channel === page.channel) return
    page.channel = channel
    page.latest = shown
    this.#init.onChange()
  }

  #ticket(page: Page, amount: bigint): Ticket {
    let over = false
    const end = (outcome: Outcome) => {
      if (over) return
      over = true
      page.channel = release(page.channel, amount, outcome)
      page.wake()
      this.#init.onChange()
    }
    const { id, held, signed } = page.channel
    const voucher = held < signed ? page.latest : undefined
    return {
      payment: { channel: hexToBytes(id), amount, ...(voucher !== undefined && { voucher }) },
      answered: charge => {
        end({ type: 'answered', charged: charge.amount })
        page.channel = reconcile(page.channel, charge)
        page.pen.note(charge)
      },
      refused: () => end({ type: 'refused' }),
      silent: () => end({ type: 'silent' }),
    }
  }

  /** Tops up while there is still room, so that nobody waits for a block. */
  #keepRoom(page: Page, amount: bigint): void {
    const { deposited, used, reserved } = page.channel
    if (runsLow(deposited - used - reserved, amount)) void this.#topUp(page, amount).catch(() => false)
  }

  #topUp(page: Page, amount: bigint): Promise<boolean> {
    page.adding ??= this.#add(page, amount).finally(() => {
      page.adding = undefined
    })
    return page.adding
  }

  async #add(page: Page, amount: bigint): Promise<boolean> {
    const added = await this.#init.funds.topUp(page.channel.id, amount)
    if (added === undefined) return false
    page.channel = { ...page.channel, deposited: page.channel.deposited + added }
    page.wake()
    this.#init.onChange()
    return true
  }
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)
