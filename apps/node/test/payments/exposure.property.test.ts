import {
  openedChannel,
  type PaidChannel,
  reconcile,
  recover,
  release,
  reserve,
} from '@neurovoyance/client/pay'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { charge, deliver, refund, type TillChannel } from '../../src/payments/core/till.js'

const RULES = { leastStep: 5n, step: 100n }
const DEPOSIT = 1_000_000n
const ID = '11'.repeat(32)

/** What may happen, in any order: `at` chooses among the requests that are there. */
const event = fc.oneof(
  { weight: 6, arbitrary: fc.record({ type: fc.constant('send' as const), price: fc.bigInt(1n, 60n) }) },
  {
    weight: 16,
    arbitrary: fc.record({
      type: fc.constantFrom(
        'arrive' as const,
        'finish' as const,
        'fail' as const,
        'hear' as const,
        'lose' as const,
      ),
      at: fc.nat(7),
    }),
  },
  { weight: 6, arbitrary: fc.record({ type: fc.constant('sync' as const) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('killNode' as const, 'killClient' as const) }) },
)

type Stage = 'sent' | 'running' | 'answered' | 'refused'

interface Request {
  readonly amount: bigint
  readonly voucher: bigint | undefined
  stage: Stage
  spent: bigint
  durable: boolean
  /** Whether the client that sent it still waits. */
  awaited: boolean
}

const opened = (cumulative: bigint) => ({
  voucher: {
    chainId: 'test',
    channelId: new Uint8Array(32).fill(0x11),
    cumulative,
    jobId: new Uint8Array(32),
    transcriptRoot: new Uint8Array(32),
  },
  bytes: new Uint8Array(),
  signature: new Uint8Array(64),
})

/** A client and a node with the wire, the disk, and the accidents between them. */
class World {
  client: PaidChannel = openedChannel(ID, '22'.repeat(32), DEPOSIT)
  till: TillChannel = {
    id: ID,
    chainId: 'test',
    channelId: new Uint8Array(32).fill(0x11),
    signer: new Uint8Array(32),
    deposited: DEPOSIT,
    settled: 0n,
    accepted: 0n,
    spent: 0n,
    underWay: 0n,
    booked: 0n,
    vouchers: 0,
    closing: false,
  }
  disk = { accepted: 0n, spent: 0n, underWay: 0n }
  requests: Request[] = []
  /** Worth of the answers that the node sent, and of those that a client got. */
  delivered = 0n
  received = 0n
  /** Delivered, and not on the node's disk as that; and given back for that when it was killed. */
  unnoted = 0n
  forgiven = 0n
  /** What clients had under way when they were killed. */
  killed = 0n

  /** @param answered what was paid and answered before, without an accident */
  constructor(answered = 0n) {
    this.client = { ...this.client, signed: answered, held: answered, used: answered }
    this.till = { ...this.till, accepted: answered, spent: answered, booked: answered }
    this.disk = { accepted: answered, spent: answered, underWay: 0n }
    this.delivered = this.received = answered
  }

  send(price: bigint): void {
    const taken = reserve(this.client, price, RULES)
    if (taken.type !== 'reserved') return
    this.client = taken.channel
    const { held, signed } = taken.channel
    if (taken.voucher !== undefined) {
      // one step, or one request; an eighth of what was answered; what rounding to a least step adds
      const allowed = RULES.step + this.received / 8n + RULES.leastStep + 60n + this.killed
      expect(signed - this.received).toBeLessThanOrEqual(allowed)
    }
    const voucher = held < signed ? signed : undefined
    this.requests.push({ amount: price, voucher, stage: 'sent', spent: 0n, durable: false, awaited: true })
  }

  arrive(request: Request): void {
    const voucher = request.voucher === undefined ? undefined : opened(request.voucher)
    const offered = { amount: request.amount, voucher, isPayer: true }
    const rules = { leastStep: RULES.leastStep, verify: () => true, nowMs: 0 }
    const { channel, problem } = charge(this.till, request.amount, offered, rules)
    this.till = channel
    request.stage = problem === undefined ? 'running' : 'refused'
    request.spent = channel.spent
    // what was paid ahead is on disk as charged
    request.durable = problem === undefined && channel.spent <= this.disk.spent
  }

  sync(): void {
    const { accepted, booked, underWay } = this.till
    this.disk = { accepted, spent: booked, underWay }
    this.unnoted = 0n
    for (const request of this.requests) if (request.stage === 'running') request.durable = true
  }

  finish(request: Request): void {
    if (!request.durable) return
    request.stage = 'answered'
    this.delivered += request.amount
    this.unnoted += request.amount
    this.till = deliver(this.till, request.amount)
    expect(this.disk.accepted + this.forgiven).toBeGreaterThanOrEqual(this.delivered)
    expect(this.disk.spent + this.forgiven).toBeGreaterThanOrEqual(this.delivered)
  }

  fail(request: Request): void {
    this.till = refund(this.till, request.amount)
    request.stage = 'refused'
  }

  hear(request: Request): void {
    this.#drop(request)
    if (!request.awaited) return
    if (request.stage === 'refused') {
      this.client = release(this.client, request.amount, { type: 'refused' })
      // the node says what it counts, and the purse forgot
      this.client = reconcile(recover(this.client, this.till.accepted), this.till)
      return
    }
    this.received += request.amount
    this.client = release(this.client, request.amount, { type: 'answered', charged: request.amount })
    this.client = reconcile(this.client, { spent: this.till.spent, accepted: this.till.accepted })
  }

  /** The connection is gone: the client hears nothing, and a node that still computes gives the charge back. */
  lose(request: Request): void {
    this.#drop(request)
    if (request.stage === 'running') this.till = refund(this.till, request.amount)
    if (request.awaited) this.client = release(this.client, request.amount, { type: 'silent' })
  }

  killNode(): void {
    // no more than was under way when it last wrote: a step, an eighth of what was answered, or one request
    const allowed = RULES.step + this.received / 8n + 60n + this.killed
    expect(this.unnoted).toBeLessThanOrEqual(allowed)
    this.forgiven += this.unnoted
    this.unnoted = 0n
    const { accepted, underWay } = this.disk
    const spent = this.disk.spent - underWay
    this.till = { ...this.till, accepted, spent, booked: spent, underWay: 0n }
    this.disk = { accepted, spent, underWay: 0n }
    for (const request of [...this.requests]) {
      if (request.stage === 'answered') continue
      this.#drop(request)
      if (request.awaited) this.client = release(this.client, request.amount, { type: 'silent' })
    }
  }

  /** Begins again with its channel and nothing else. */
  killClient(): void {
    this.killed +=
      this.client.reserved + this.client.lost + (this.client.signed - this.client.used - this.client.reserved)
    for (const request of this.requests) request.awaited = false
    this.client = openedChannel(ID, this.client.payee, DEPOSIT)
  }

  #drop(request: Request): void {
    this.requests = this.requests.filter(other => other !== request)
  }

  among(stages: readonly Stage[], at: number): Request | undefined {
    const found = this.requests.filter(({ stage }) => stages.includes(stage))
    return found.length === 0 ? undefined : found[at % found.length]
  }
}

const STAGES = {
  arrive: ['sent'],
  finish: ['running'],
  fail: ['running'],
  hear: ['answered', 'refused'],
  lose: ['sent', 'running', 'answered', 'refused'],
} as const satisfies Record<string, readonly Stage[]>

/** What a client and a node have behind them: strangers, or so long that vouchers pay far ahead. */
const answered = fc.constantFrom(0n, 1_000n, 50_000n)

function play(
  events: readonly (typeof event extends fc.Arbitrary<infer E> ? E : never)[],
  before: bigint,
): World {
  const world = new World(before)
  for (const happening of events) {
    if (happening.type === 'send') world.send(happening.price)
    else if ('at' in happening) {
      const request = world.among(STAGES[happening.type], happening.at)
      if (request !== undefined) world[happening.type](request)
    } else world[happening.type]()
    expect(world.client.reserved).toBeGreaterThanOrEqual(0n)
    expect(world.client.signed).toBeLessThanOrEqual(DEPOSIT)
    expect(world.till.spent).toBeLessThanOrEqual(world.till.accepted)
    expect(world.disk.spent).toBeLessThanOrEqual(world.disk.accepted)
  }
  return world
}

describe('a client and a node in any order, with both killed at any moment', () => {
  it('never deliver what is not paid on disk, and never pay more than a step ahead', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 120, size: 'max' }), answered, (events, before) => {
        play(events, before)
      }),
      { numRuns: 400 },
    )
  })

  it('come to an answer again, whatever happened, once both run and talk', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 80, size: 'max' }), answered, (events, before) => {
        const world = play(events, before)
        for (const request of [...world.requests]) world.lose(request)
        const { received } = world
        for (let tries = 0; tries < 3 && world.received === received; tries++) {
          // a node that seems to have kept too much is asked for its statement first
          if (reserve(world.client, 1n, RULES).type === 'distrusted') {
            world.client = reconcile(world.client, { spent: world.till.spent, accepted: world.client.held })
          }
          const lost = world.client.lost
          world.send(1n)
          const [request] = world.requests
          // only what the node delivered, and nobody heard, makes it distrusted
          if (request === undefined) {
            expect(lost).toBeGreaterThanOrEqual(RULES.step - 60n)
            return
          }
          world.arrive(request)
          world.sync()
          if (request.stage === 'running') world.finish(request)
          world.hear(request)
        }
        expect(world.received).toBeGreaterThan(received)
      }),
      { numRuns: 300 },
    )
  })

  it('a till without a durable record before its answers would be caught', () => {
    const world = new World()
    world.send(10n)
    world.arrive(world.requests[0]!)
    world.requests[0]!.durable = true
    expect(() => world.finish(world.requests[0]!)).toThrow()
  })
})
