import { formatAddress, type SignedVoucher } from '@neurovoyance/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bytesOf,
  channelId,
  checkVoucher,
  type Id,
  most,
  openVoucher,
  sealVoucher,
  totalOf,
  voucherChannel,
} from '../../src/index.js'
import { CHAIN } from '../machine/chain.js'
import { asks, SOME_HASH } from './asks.js'
import { member, PaymentsChain, seal } from './model/payments-chain.js'

const payer = member('payer', 1)
const payee = member('payee', 2)
const tower = member('tower', 3)
const verify = (key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean =>
  Buffer.compare(seal(key, message), signature) === 0

const GRACE_MS = 600_000
const STEP = 50n
const DEPOSIT = 1_000n

/** A payer who pays each step when he has it, and a payee who delivers no more than one step ahead of it. */
class Session {
  readonly chain = new PaymentsChain(
    { accounts: [{ address: formatAddress(bytesOf(payer.id)), liquid: '10000' }] },
    {
      'channels/leastDeposit': '10',
      'channels/leastTopUp': '10',
      'channels/leastStep': '1',
      'channels/graceMs': String(GRACE_MS),
    },
  )
  readonly channel: Id = channelId({ chainId: CHAIN, account: payer.id, nonce: 0, index: 0 })
  delivered = 0n
  signed = 0n
  /** What the payee holds: the latest voucher that he found good. */
  held = 0n
  #latest: SignedVoucher | undefined

  constructor() {
    expect(this.chain.ask(payer, asks.open(payee.id, payer.key, DEPOSIT))).toBeUndefined()
  }

  get settled(): bigint {
    return this.chain.channel(this.channel)?.settled ?? this.#gone
  }

  #gone = 0n

  /** Delivers a step, unless one is unpaid, the deposit is used up or the end is asked for. */
  deliver(): void {
    const record = this.chain.channel(this.channel)
    if (record === undefined || record.closeRequestedAtMs !== undefined || this.held < this.delivered) return
    if (this.delivered + STEP > record.settled + totalOf(record.deposit!)) return
    this.delivered += STEP
  }

  /** Pays for what came; `honest` or with a voucher that is worth less than it says. */
  pay(kind: 'honest' | 'forged' | 'old' | 'too much'): void {
    if (kind === 'honest') this.signed = this.delivered
    const cumulative = kind === 'old' ? this.held : kind === 'too much' ? DEPOSIT * 100n : this.delivered
    const key = kind === 'forged' ? tower.key : payer.key
    const channelId = bytesOf(this.channel)
    const voucher = { chainId: CHAIN, channelId, cumulative, jobId: SOME_HASH, transcriptRoot: SOME_HASH }
    const signed = sealVoucher(voucher, message => seal(key, message))
    const record = this.chain.channel(this.channel)
    if (record === undefined) return
    const problem = checkVoucher(
      {
        ...voucherChannel(CHAIN, this.channel, record),
        cumulative: most(this.held, record.settled),
      },
      openVoucher(signed),
      { leastStep: 1n, verify },
    )
    expect(problem === undefined).toBe(kind === 'honest' && cumulative > this.held)
    if (problem !== undefined) return
    this.held = cumulative
    this.#latest = signed
  }

  /** What the payer may try on the ledger, by himself. */
  attempt(what: 'requestClose' | 'withdraw' | 'topUp'): void {
    const { channel, settled } = this
    const ask = {
      requestClose: asks.requestClose,
      withdraw: asks.withdraw,
      topUp: (id: Id) => asks.topUp(id, 10n),
    }[what]
    this.chain.ask(payer, ask(channel))
    if (this.chain.channel(channel) === undefined) this.#gone ||= settled
    this.watch()
  }

  /** A watchtower settles when the end was asked for. */
  watch(): void {
    const record = this.chain.channel(this.channel)
    if (record?.closeRequestedAtMs !== undefined && this.held > record.settled) {
      expect(this.chain.ask(tower, asks.settle(this.#latest!))).toBeUndefined()
    }
  }

  /** The payee settles when he likes. */
  settle(): void {
    const record = this.chain.channel(this.channel)
    if (record !== undefined && this.held > record.settled) {
      expect(this.chain.ask(payee, asks.settle(this.#latest!))).toBeUndefined()
    }
  }
}

describe('nobody is exposed to more than a step', () => {
  it('whatever the payer tries, whoever stops at any moment', () => {
    const acts = fc.oneof(
      { weight: 4, arbitrary: fc.constant('deliver' as const) },
      { weight: 4, arbitrary: fc.constant('honest' as const) },
      { weight: 1, arbitrary: fc.constantFrom('forged' as const, 'old' as const, 'too much' as const) },
      {
        weight: 1,
        arbitrary: fc.constantFrom('requestClose' as const, 'withdraw' as const, 'topUp' as const),
      },
      { weight: 1, arbitrary: fc.constant('settle' as const) },
      { weight: 1, arbitrary: fc.constantFrom(1_000, GRACE_MS - 2, GRACE_MS) },
    )
    let paid = 0n
    let ended = 0
    fc.assert(
      fc.property(fc.array(acts, { minLength: 10, maxLength: 60, size: 'max' }), list => {
        const session = new Session()
        for (const act of list) {
          if (typeof act === 'number') session.chain.block([], act)
          else if (act === 'deliver') session.deliver()
          else if (act === 'settle') session.settle()
          else if (act === 'requestClose' || act === 'withdraw' || act === 'topUp') session.attempt(act)
          else session.pay(act)
          expect(session.delivered - session.held).toBeLessThanOrEqual(STEP)
          expect(session.settled).toBeLessThanOrEqual(session.signed)
          expect(session.signed).toBeLessThanOrEqual(session.delivered)
        }
        if (session.chain.channel(session.channel) === undefined) ended++
        session.settle()
        // The last step may be paid so late that the grace time is over: that one is what is at stake.
        expect(session.delivered - session.settled).toBeLessThanOrEqual(STEP)
        paid += session.settled
      }),
      { numRuns: 300 },
    )
    expect(paid).toBeGreaterThan(0n)
    expect(ended).toBeGreaterThan(0)
  })
})
