import {
  type ChainAccess,
  idOf,
  openVoucher,
  verifyZip215,
  voucherChannel,
  voucherMessage,
} from '@neurovoyance/ledger'
import { ChannelRecord, type Charge, type Payment, type SignedVoucher } from '@neurovoyance/protocol'
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js'
import { ClientError } from '../errors.js'
import { type Budget, depositFor, runsLow } from './core/budget.js'
import {
  type Outcome,
  openedChannel,
  type PaidChannel,
  type PurseRules,
  reconcile,
  recover,
  release,
  reserve,
} from './core/purse.js'
import type { PayingAccount } from './teller.js'
import type { Vault } from './vault.js'
import { createVoucherPen, type VoucherPen } from './voucher-pen.js'

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

interface Page {
  channel: PaidChannel
  readonly pen: VoucherPen
  latest: SignedVoucher | undefined
  readonly waiting: Set<() => void>
  adding: Promise<boolean> | undefined
}

/** What the book works with. */
export interface ChannelBookInit {
  access: Pick<ChainAccess, 'chainId'>
  account: PayingAccount
  vault: Vault
  rules: PurseRules
  deposits: { readonly least: bigint; readonly leastTopUp: bigint; readonly channels: number }
  budget: Budget
  onChange(): void
}

/** The channels of one purse, by the account that they pay, and what is under way on each. */
export class ChannelBook {
  readonly #init: ChannelBookInit
  readonly #pages = new Map<string, Page>()
  readonly #opening = new Map<string, Promise<void>>()
  #budget: Budget

  constructor(init: ChannelBookInit) {
    this.#init = init
    this.#budget = init.budget
  }

  get budget(): Budget {
    return this.#budget
  }

  get(payee: string): PaidChannel | undefined {
    return this.#pages.get(payee)?.channel
  }

  list(): PaidChannel[] {
    return [...this.#pages.values()].map(({ channel }) => channel)
  }

  /** Takes in a channel that is on the ledger. */
  add(channel: PaidChannel): void {
    const pen = createVoucherPen(this.#init.access.chainId, channel.id, this.#init.account)
    const { reserved: _, ...kept } = channel
    this.#pages.set(channel.payee, {
      channel: { ...kept, reserved: 0n },
      pen,
      latest: channel.signed > 0n ? pen.sign(channel.signed) : undefined,
      waiting: new Set(),
      adding: undefined,
    })
    this.#budget = { ...this.#budget, locked: this.#budget.locked + channel.deposited }
    this.#init.onChange()
  }

  /** Forgets a channel that is closed; what was not paid comes back into the budget. */
  drop(payee: string): void {
    const page = this.#pages.get(payee)
    if (page === undefined) return
    this.#pages.delete(payee)
    const { deposited, signed } = page.channel
    const { locked, paid } = this.#budget
    this.#budget = { ...this.#budget, locked: locked - deposited, paid: paid + signed }
    this.#wake(page)
    this.#init.onChange()
  }

  /**
   * Opens channels to accounts that have none, in one transaction; those for which the budget does not reach are left
   * out. Who asks for the same while it is under way waits for the same.
   */
  async open(wanted: readonly { readonly payee: string; readonly amount: bigint }[]): Promise<void> {
    const { vault, deposits } = this.#init
    const missing = wanted.filter(({ payee }) => !this.#pages.has(payee) && !this.#opening.has(payee))
    const openings = missing.flatMap(({ payee, amount }) => {
      const deposit = depositFor(this.#budget, amount, deposits)
      if (deposit === undefined) return []
      this.#lock(deposit)
      return [{ payee, deposit }]
    })
    if (openings.length > 0) {
      const opened = this.#openAll(openings, vault)
      for (const { payee } of openings) this.#opening.set(payee, opened)
    }
    await Promise.all(wanted.map(({ payee }) => this.#opening.get(payee)))
  }

  async #openAll(openings: readonly { payee: string; deposit: bigint }[], vault: Vault): Promise<void> {
    try {
      const { channels, fee } = await vault.open(openings)
      this.#spendFee(fee)
      for (const { id, payee, deposit } of channels) this.add(openedChannel(id, payee, deposit))
    } finally {
      for (const { payee, deposit } of openings) {
        this.#lock(-deposit)
        this.#opening.delete(payee)
      }
    }
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
      if (taken.type === 'wait') await this.#change(page, signal)
      else if (!(await this.#topUp(page, max(taken.missing, amount)))) throw budgetSpent(this.#budget)
    }
  }

  /** Takes over what a node says of its channel; it counts where nothing is under way. */
  reconcile(payee: string, account: Account): void {
    const page = this.#pages.get(payee)
    if (page === undefined) return
    page.channel = reconcile(page.channel, account)
    this.#wake(page)
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
      this.#wake(page)
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
    const { vault, deposits } = this.#init
    const added = depositFor(this.#budget, amount, { ...deposits, least: deposits.leastTopUp })
    if (added === undefined) return false
    this.#lock(added)
    try {
      this.#spendFee(await vault.topUp(page.channel.id, added))
      page.channel = { ...page.channel, deposited: page.channel.deposited + added }
    } catch (error) {
      this.#lock(-added)
      throw error
    }
    this.#wake(page)
    this.#init.onChange()
    return true
  }

  #lock(amount: bigint): void {
    this.#budget = { ...this.#budget, locked: this.#budget.locked + amount }
  }

  /** Counts a transaction's fee against the budget. */
  #spendFee(fee: bigint): void {
    this.#budget = { ...this.#budget, fees: this.#budget.fees + fee }
  }

  #wake({ waiting }: Page): void {
    for (const wake of [...waiting]) wake()
  }

  #change(page: Page, signal: AbortSignal): Promise<void> {
    return new Promise(resolve => {
      const done = () => {
        page.waiting.delete(done)
        signal.removeEventListener('abort', done)
        resolve()
      }
      page.waiting.add(done)
      signal.addEventListener('abort', done, { once: true })
    })
  }
}

/** A channel as the ledger has it, with nothing known of what was signed. */
export function channelFromLedger(chainId: string, id: string, value: Uint8Array): PaidChannel {
  const record = ChannelRecord.decode(value)
  const { deposited, cumulative } = voucherChannel(chainId, id, record)
  return {
    ...openedChannel(id, bytesToHex(record.payee), deposited),
    signed: cumulative,
    held: cumulative,
    used: cumulative,
  }
}

const max = (a: bigint, b: bigint): bigint => (a > b ? a : b)

const noChannel = (payee: string): ClientError =>
  new ClientError('CLIENT_PAYMENT_FAILED', `there is no channel to ${payee} any more`, { details: { payee } })

const distrusted = ({ payee, lost }: PaidChannel): ClientError =>
  new ClientError(
    'CLIENT_PAYEE_DISTRUSTED',
    `a node took ${lost} base units and did not answer: it is not paid any more`,
    { details: { payee, lost: String(lost) } },
  )

function budgetSpent({ limit, locked, paid, fees }: Budget): ClientError {
  return new ClientError(
    'CLIENT_BUDGET_SPENT',
    `the budget of ${limit} base units is used up: ${locked} are in channels, ${paid} were paid, ${fees} went into fees`,
    { details: { limit: String(limit), locked: String(locked), paid: String(paid), fees: String(fees) } },
  )
}
