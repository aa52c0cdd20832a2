import { formatAddress, type SignedVoucher, Voucher } from '@neurovoyance/protocol'
import { expect } from 'vitest'
import { bytesOf, channelId, earnedOf, type Id, jobId, totalOf, voucherMessage } from '../../../src/index.js'
import { type Ask, CHAIN } from '../../machine/chain.js'
import { asks, SOME_HASH } from '../asks.js'
import { PaymentsModel, RULES, sumOf } from './model.js'
import { type Member, member, PaymentsChain, seal } from './payments-chain.js'
import { foresee, RIGHTFUL, type Step } from './steps.js'

type Act = Exclude<Step, { do: 'wait' }>

const FUNDS = 1_000n
const BUDGET = 700n

/** The first of them is a sponsor. */
const people: readonly Member[] = ['sponsor', 'anna', 'ben', 'carol'].map((name, index) =>
  member(name, index + 1),
)
const ids = people.map(({ id }) => id)
const address = ({ id }: Member): string => formatAddress(bytesOf(id))
const NOWHERE = 'ee'.repeat(32)

/** A ledger and a model of it that take the same steps, and are compared after each. */
export class Comparison {
  readonly model = new PaymentsModel(BUDGET)
  readonly chain = new PaymentsChain(
    {
      accounts: people.map(person => ({ address: address(person), liquid: String(FUNDS) })),
      grants: [{ address: address(people[0]!), budget: String(BUDGET) }],
    },
    {
      'rewards/firstBudget': String(RULES.budget),
      'rewards/halvingEpochs': '36500',
      'channels/leastDeposit': String(RULES.leastDeposit),
      'channels/leastTopUp': String(RULES.leastTopUp),
      'channels/leastStep': String(RULES.leastStep),
      'channels/graceMs': String(RULES.graceMs),
      'jobs/leastBudget': String(RULES.leastBudget),
      'jobs/leastPayment': String(RULES.leastPayment),
      'jobs/mostRounds': String(RULES.mostRounds),
      'jobs/mostDurationMs': String(RULES.mostDurationMs),
      'grants/mostPerGuest': String(RULES.mostPerGuest),
      'grants/mostPerEpoch': String(RULES.mostPerEpoch),
    },
  )
  /** Everything that was ever begun, also what has ended since: it is asked about again. */
  readonly #begun = { channel: [] as Id[], job: [] as Id[] }

  /** Takes a step on both sides; the code with which both refused it. */
  take(step: Step): string | undefined {
    if (step.do === 'wait') {
      this.chain.block([], step.ms)
      return undefined
    }
    return this.#ask(step.who === RIGHTFUL ? { ...step, who: this.#rightful(step) } : step)
  }

  #ask(step: Act): string | undefined {
    const who = people[step.who]!
    const id = this.#idOf(step)
    const ask = this.#askOf(step, id)
    this.#look(this.chain.timeMs + 1)
    const expected = foresee(this.model, ids, step, id)
    const before = new Map(this.chain.values)
    const code = this.chain.ask(who, ask)
    expect(
      code,
      JSON.stringify(step, (_, value) => (typeof value === 'bigint' ? String(value) : value)),
    ).toBe(expected)
    if (code === undefined && step.do === 'open') this.#begun.channel.push(id)
    if (code === undefined && step.do === 'post') this.#begun.job.push(id)
    if (code !== undefined) this.#nothingChanged(before, who)
    this.#same()
    return code
  }

  /** Ends everything that is open, by one of its parties alone. */
  drain(by: 'payer' | 'payee'): void {
    const { chain, model } = this
    const open = [...model.channels]
    if (by === 'payer') {
      for (const [id, { payer, closingMs }] of open) {
        if (closingMs === undefined)
          this.take({ do: 'requestClose', who: ids.indexOf(payer), channel: this.#nth(id) })
      }
      chain.block([], RULES.graceMs)
    }
    for (const [id, { payer, payee }] of open) {
      const who = ids.indexOf(by === 'payer' ? payer : payee)
      const channel = this.#nth(id)
      const step: Step =
        by === 'payer' ? { do: 'withdraw', who, channel } : { do: 'close', who, channel, step: undefined }
      expect(this.take(step)).toBeUndefined()
    }
    chain.block([], RULES.mostDurationMs)
    for (const [id, { poster }] of [...model.jobs]) {
      const job = this.#begun.job.indexOf(id)
      expect(this.take({ do: 'refund', who: ids.indexOf(poster), job })).toBeUndefined()
    }
    expect(chain.held('escrow')).toBe(0n)
  }

  /** Who may do this; anybody where all may. */
  #rightful(step: Act): number {
    if (step.do === 'open' || step.do === 'post') return Number(step.amount % 4n)
    const id = this.#idOf({ ...step, who: 0 })
    const channel = this.model.channels.get(id)
    const job = this.model.jobs.get(id)
    const party = step.do === 'accept' ? job?.acceptor : step.do === 'close' ? channel?.payee : undefined
    return Math.max(0, ids.indexOf(party ?? channel?.payer ?? job?.poster ?? ids[0]!))
  }

  #nth(channel: Id): number {
    return this.#begun.channel.indexOf(channel)
  }

  /** Tells the model what everybody has at a time. */
  #look(timeMs: number): void {
    this.model.nowMs = timeMs
    this.model.wallets = new Map(people.map(person => [person.id, this.chain.coins(person, timeMs)]))
  }

  #same(): void {
    const { chain, model } = this
    for (const person of people) expect(chain.coins(person), person.name).toEqual(model.wallet(person.id))
    for (const id of this.#begun.channel) {
      const known = model.channels.get(id)
      const record = chain.channel(id)
      if (known === undefined) expect(record).toBeUndefined()
      else {
        const { liquid, granted } = record!.deposit!
        expect({ liquid, granted, earned: earnedOf(record!.deposit!), settled: record!.settled }).toEqual({
          ...known.left,
          settled: known.settled,
        })
      }
    }
    for (const id of this.#begun.job) {
      const known = model.jobs.get(id)
      const record = chain.job(id)
      if (known === undefined) expect(record).toBeUndefined()
      else expect([totalOf(record!.budget!), record!.round]).toEqual([sumOf(known.left), known.round])
    }
    expect(chain.held('escrow')).toBe(model.escrow)
    expect(chain.held('treasury')).toBe(model.treasury)
    expect(chain.held('stakers')).toBe(model.stakers)
    expect(chain.held('sponsored')).toBe(model.sponsored)
  }

  /** But for the nonce of who asked, and what vested meanwhile. */
  #nothingChanged(before: ReadonlyMap<string, Uint8Array>, who: Member): void {
    const own = `accounts/${who.id}`
    for (const key of new Set([...before.keys(), ...this.chain.values.keys()])) {
      if (key !== own && key !== 'supply') expect(this.chain.values.get(key), key).toEqual(before.get(key))
    }
  }

  #idOf(step: Act): Id {
    const account = people[step.who]!
    const beginning = { chainId: CHAIN, account: account.id, nonce: this.chain.nonce(account), index: 0 }
    if (step.do === 'open') return channelId(beginning)
    if (step.do === 'post') return jobId(beginning)
    if ('channel' in step)
      return this.#begun.channel[step.channel % (this.#begun.channel.length || 1)] ?? NOWHERE
    if ('job' in step) return this.#begun.job[step.job % (this.#begun.job.length || 1)] ?? NOWHERE
    return NOWHERE
  }

  #askOf(step: Act, id: Id): Ask {
    switch (step.do) {
      case 'open':
        return asks.open(ids[step.payee]!, people[step.who]!.key, step.amount)
      case 'topUp':
        return asks.topUp(id, step.amount)
      case 'settle':
        return asks.settle(this.#voucher(id, step.step, step.seal))
      case 'close':
        return asks.close(id, step.step === undefined ? undefined : this.#voucher(id, step.step, 'good'))
      case 'requestClose':
        return asks.requestClose(id)
      case 'withdraw':
        return asks.withdraw(id)
      case 'post': {
        const deadlineMs = this.chain.timeMs + 1 + step.durationMs
        return asks.post({
          budget: step.amount,
          rounds: step.rounds,
          deadlineMs,
          acceptor: ids[step.acceptor]!,
        })
      }
      case 'accept': {
        const round = Math.max(0, (this.model.jobs.get(id)?.round ?? 0) + step.ahead)
        return asks.accept(id, round, ids[step.worker]!, step.amount)
      }
      case 'refund':
        return asks.refund(id)
      case 'claim':
        return asks.claim(ids[step.worker]!)
      case 'give':
        return asks.give(ids[step.guest]!, step.amount)
    }
  }

  #voucher(id: Id, step: bigint, kind: 'good' | 'bad' | 'other chain'): SignedVoucher {
    const channel = this.model.channels.get(id)
    const key = people.find(person => person.id === channel?.payer)?.key ?? people[0]!.key
    const cumulative = (channel?.settled ?? 0n) + step
    const chainId = kind === 'other chain' ? 'other-1' : CHAIN
    const voucher = Voucher.encode({
      chainId,
      channelId: bytesOf(id),
      cumulative: cumulative < 0n ? 0n : cumulative,
      jobId: SOME_HASH,
      transcriptRoot: SOME_HASH,
    })
    const message = voucherMessage(chainId, voucher)
    return { voucher, signature: seal(kind === 'bad' ? SOME_HASH : key, message) }
  }
}
