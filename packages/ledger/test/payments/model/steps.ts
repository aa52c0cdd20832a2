import fc from 'fast-check'
import type { Id } from '../../../src/index.js'
import { type PaymentsModel, RULES, sumOf } from './model.js'

/** One thing that somebody tries. People, channels and jobs are numbers: the nth there is. */
export type Step =
  | { do: 'wait'; ms: number }
  | { do: 'open'; who: number; payee: number; amount: bigint }
  | { do: 'topUp'; who: number; channel: number; amount: bigint }
  | { do: 'settle'; who: number; channel: number; step: bigint; seal: 'good' | 'bad' | 'other chain' }
  | { do: 'close'; who: number; channel: number; step: bigint | undefined }
  | { do: 'requestClose'; who: number; channel: number }
  | { do: 'withdraw'; who: number; channel: number }
  | { do: 'post'; who: number; acceptor: number; amount: bigint; rounds: number; durationMs: number }
  | { do: 'accept'; who: number; job: number; worker: number; ahead: number; amount: bigint }
  | { do: 'refund'; who: number; job: number }
  | { do: 'claim'; who: number; worker: number }
  | { do: 'give'; who: number; guest: number; amount: bigint }

/** In place of a person: whoever may do it. */
export const RIGHTFUL = 4

const person = fc.nat(3)
const who = fc.oneof({ weight: 3, arbitrary: fc.constant(RIGHTFUL) }, { weight: 2, arbitrary: person })
const thing = fc.nat(7)
const amount = fc.oneof(fc.bigInt(0n, 30n), fc.bigInt(0n, 400n), fc.constant(10_000n))
const ms = fc.oneof(
  fc.integer({ min: 1, max: 1_000 }),
  fc.constantFrom(RULES.graceMs - 1, RULES.graceMs, RULES.epochMs, 3 * RULES.epochMs, 40 * RULES.epochMs),
)

/** Any step, the usual ones more often. */
export const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms }) },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('open' as const), who, payee: person, amount }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('topUp' as const), who, channel: thing, amount }),
  },
  {
    weight: 9,
    arbitrary: fc.record({
      do: fc.constant('settle' as const),
      who,
      channel: thing,
      step: fc.oneof({ weight: 5, arbitrary: amount }, { weight: 1, arbitrary: fc.bigInt(-20n, 0n) }),
      seal: fc.oneof(
        { weight: 8, arbitrary: fc.constant('good' as const) },
        { weight: 1, arbitrary: fc.constantFrom('bad' as const, 'other chain' as const) },
      ),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('close' as const),
      who,
      channel: thing,
      step: fc.option(amount, { nil: undefined }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('requestClose' as const), who, channel: thing }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('withdraw' as const), who, channel: thing }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('post' as const),
      who,
      acceptor: person,
      amount,
      rounds: fc.integer({ min: 0, max: 11 }),
      durationMs: fc.constantFrom(0, 1_000, RULES.epochMs, RULES.mostDurationMs, RULES.mostDurationMs + 2),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('accept' as const),
      who,
      job: thing,
      worker: person,
      ahead: fc.integer({ min: -1, max: 2 }),
      amount,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('refund' as const), who, job: thing }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('claim' as const), who, worker: person }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('give' as const), who, guest: person, amount }),
  },
)

/** What the model says of a step: why it fails; nothing where it happens, and then the model has done it. */
export function foresee(
  model: PaymentsModel,
  people: readonly Id[],
  step: Exclude<Step, { do: 'wait' }>,
  /** The channel or job that it is about, or the id of what it begins. */
  id: Id,
): string | undefined {
  const me = people[step.who]!
  const wallet = model.wallet(me)
  switch (step.do) {
    case 'open': {
      if (step.amount < RULES.leastDeposit) return 'LEDGER_TOO_SMALL'
      if (step.who === step.payee) return 'LEDGER_BAD_ACTION'
      const left = model.take(wallet, step.amount)
      if (left === undefined) return 'LEDGER_INSUFFICIENT_FUNDS'
      const payee = people[step.payee]!
      model.channels.set(id, { payer: me, payee, left, settled: 0n, closingMs: undefined })
      return undefined
    }
    case 'topUp': {
      const channel = model.channels.get(id)
      if (channel === undefined) return 'LEDGER_NOT_FOUND'
      if (channel.payer !== me) return 'LEDGER_FORBIDDEN'
      if (step.amount < RULES.leastTopUp) return 'LEDGER_TOO_SMALL'
      const more = model.take(wallet, step.amount)
      if (more === undefined) return 'LEDGER_INSUFFICIENT_FUNDS'
      model.give(channel.left, more)
      channel.closingMs = undefined
      return undefined
    }
    case 'settle':
      return redeem(model, id, step.step, step.seal)
    case 'close': {
      const channel = model.channels.get(id)
      if (channel === undefined) return 'LEDGER_NOT_FOUND'
      if (channel.payee !== me) return 'LEDGER_FORBIDDEN'
      const problem = step.step === undefined ? undefined : redeem(model, id, step.step, 'good')
      if (problem === undefined) end(model, id)
      return problem
    }
    case 'requestClose': {
      const channel = model.channels.get(id)
      if (channel === undefined) return 'LEDGER_NOT_FOUND'
      if (channel.payer !== me) return 'LEDGER_FORBIDDEN'
      if (channel.closingMs !== undefined) return 'LEDGER_CONFLICT'
      channel.closingMs = model.nowMs
      return undefined
    }
    case 'withdraw': {
      const channel = model.channels.get(id)
      if (channel === undefined) return 'LEDGER_NOT_FOUND'
      if (channel.payer !== me) return 'LEDGER_FORBIDDEN'
      if (channel.closingMs === undefined || model.nowMs < channel.closingMs + RULES.graceMs) {
        return 'LEDGER_TOO_EARLY'
      }
      end(model, id)
      return undefined
    }
    case 'post': {
      if (step.amount < RULES.leastBudget) return 'LEDGER_TOO_SMALL'
      if (step.rounds < 1 || step.rounds > RULES.mostRounds) return 'LEDGER_BAD_ACTION'
      if (step.durationMs <= 0 || step.durationMs > RULES.mostDurationMs) return 'LEDGER_BAD_ACTION'
      const left = model.take(wallet, step.amount)
      if (left === undefined) return 'LEDGER_INSUFFICIENT_FUNDS'
      const deadlineMs = model.nowMs + step.durationMs
      const acceptor = people[step.acceptor]!
      model.jobs.set(id, {
        poster: me,
        acceptor,
        left,
        released: 0n,
        rounds: step.rounds,
        round: 0,
        deadlineMs,
      })
      return undefined
    }
    case 'accept': {
      const job = model.jobs.get(id)
      if (job === undefined) return 'LEDGER_NOT_FOUND'
      if (job.acceptor !== me) return 'LEDGER_FORBIDDEN'
      const round = Math.max(0, job.round + step.ahead)
      if (round < 1 || round > job.rounds || round < job.round || round > job.round + 1)
        return 'LEDGER_CONFLICT'
      const all = sumOf(job.left)
      if (step.amount === 0n || (step.amount < RULES.leastPayment && step.amount !== all)) {
        return 'LEDGER_TOO_SMALL'
      }
      const due = ((all + job.released) * BigInt(round)) / BigInt(job.rounds) - job.released
      if (step.amount > due) return 'LEDGER_TOO_LARGE'
      model.take(job.left, step.amount)
      job.released += step.amount
      job.round = round
      if (sumOf(job.left) === 0n) model.jobs.delete(id)
      model.pay(people[step.worker]!, step.amount)
      return undefined
    }
    case 'refund': {
      const job = model.jobs.get(id)
      if (job === undefined) return 'LEDGER_NOT_FOUND'
      if (job.poster !== me) return 'LEDGER_FORBIDDEN'
      if (model.nowMs <= job.deadlineMs) return 'LEDGER_TOO_EARLY'
      model.give(wallet, job.left)
      model.jobs.delete(id)
      return undefined
    }
    case 'claim': {
      const worker = people[step.worker]!
      const due = model.workers.get(worker)
      if (due === undefined) return 'LEDGER_NOT_FOUND'
      if (due.epoch >= model.epoch) return 'LEDGER_TOO_EARLY'
      model.reward(worker)
      return undefined
    }
    case 'give': {
      if (step.amount === 0n) return 'LEDGER_BAD_ACTION'
      if (step.who !== 0) return 'LEDGER_FORBIDDEN'
      if (step.amount > model.sponsored) return 'LEDGER_INSUFFICIENT_FUNDS'
      const given = (model.given.get(model.epoch) ?? 0n) + step.amount
      if (given > RULES.mostPerEpoch) return 'LEDGER_TOO_LARGE'
      const guest = people[step.guest]!
      const received = (model.received.get(guest) ?? 0n) + step.amount
      if (received > RULES.mostPerGuest) return 'LEDGER_TOO_LARGE'
      model.sponsored -= step.amount
      model.given.set(model.epoch, given)
      model.received.set(guest, received)
      model.wallet(guest).granted += step.amount
      return undefined
    }
  }
}

function redeem(model: PaymentsModel, id: Id, step: bigint, seal: string): string | undefined {
  const channel = model.channels.get(id)
  if (channel === undefined) return 'LEDGER_NOT_FOUND'
  const all = sumOf(channel.left)
  const cumulative = channel.settled + step < 0n ? 0n : channel.settled + step
  const worth = cumulative - channel.settled
  if (seal === 'other chain') return 'LEDGER_WRONG_CHAIN'
  if (worth <= 0n) return 'LEDGER_STALE_VOUCHER'
  if (worth > all) return 'LEDGER_OVER_DEPOSIT'
  if (worth < RULES.leastStep && worth < all) return 'LEDGER_TOO_SMALL'
  if (seal === 'bad') return 'LEDGER_BAD_SIGNATURE'
  model.take(channel.left, worth)
  channel.settled = cumulative
  model.pay(channel.payee, worth)
  return undefined
}

function end(model: PaymentsModel, id: Id): void {
  const { payer, left } = model.channels.get(id)!
  model.give(model.wallet(payer), left)
  model.channels.delete(id)
}
