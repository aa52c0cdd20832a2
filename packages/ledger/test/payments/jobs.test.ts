import { beforeEach, describe, expect, it } from 'vitest'
import {
  Draft,
  earnedOf,
  heldOf,
  type Id,
  jobId,
  jobs,
  jobsModule,
  NVY,
  rewardsModule,
} from '../../src/index.js'
import { CHAIN, person, START_MS, TestChain } from '../machine/chain.js'
import { asks } from './asks.js'

const poster = person(1)
const worker = person(2)
const judge = person(3)
const DAY_MS = 24 * 3_600_000
const deadlineMs = START_MS + 10 * DAY_MS

describe('jobs', () => {
  let chain: TestChain
  let job: Id

  const record = () => jobs.get(new Draft(chain.view), job)
  const posting = { budget: 100n * NVY, rounds: 4, deadlineMs }

  beforeEach(() => {
    chain = new TestChain([jobsModule, rewardsModule], {
      accounts: [poster, judge].map(({ address }) => ({ address, liquid: String(1_000n * NVY) })),
    })
    job = jobId({ chainId: CHAIN, account: poster.id, nonce: 0, index: 0 })
    expect(chain.ask(poster, asks.post({ ...posting, acceptor: judge.id }))).toBeUndefined()
  })

  it('posting puts the budget aside', () => {
    expect(record()).toMatchObject({ released: 0n, round: 0, rounds: 4, budget: { liquid: 100n * NVY } })
    expect(heldOf(new Draft(chain.view), 'escrow')).toBe(100n * NVY)
  })

  it.each([
    ['less than the least', { budget: 1n }, 'LEDGER_TOO_SMALL'],
    ['no rounds', { rounds: 0 }, 'LEDGER_BAD_ACTION'],
    ['too many rounds', { rounds: 100_001 }, 'LEDGER_BAD_ACTION'],
    ['a deadline in the past', { deadlineMs: START_MS }, 'LEDGER_BAD_ACTION'],
    ['a deadline too far', { deadlineMs: START_MS + 400 * DAY_MS }, 'LEDGER_BAD_ACTION'],
    ['more than there is', { budget: 10_000n * NVY }, 'LEDGER_INSUFFICIENT_FUNDS'],
  ])('a job is not posted: %s', (_, change, code) => {
    expect(chain.ask(poster, asks.post({ ...posting, ...change }))).toBe(code)
  })

  it('one transaction posts several, each with its own index', () => {
    expect(chain.ask(poster, asks.post(posting), asks.post({ ...posting, index: 1 }))).toBeUndefined()
    expect(chain.ask(poster, asks.post(posting), asks.post(posting))).toBe('LEDGER_CONFLICT')
  })

  it('accepted work is paid, a quarter of the budget by the end of each of four rounds', () => {
    expect(chain.ask(judge, asks.accept(job, 1, worker.id, 20n * NVY))).toBeUndefined()
    expect(earnedOf(chain.account(worker).purse)).toBe(17n * NVY)
    expect(chain.ask(judge, asks.accept(job, 1, worker.id, 6n * NVY))).toBe('LEDGER_TOO_LARGE')
    expect(chain.ask(judge, asks.accept(job, 1, worker.id, 5n * NVY))).toBeUndefined()
    expect(chain.ask(judge, asks.accept(job, 2, worker.id, 26n * NVY))).toBe('LEDGER_TOO_LARGE')
    expect(chain.ask(judge, asks.accept(job, 2, worker.id, 25n * NVY))).toBeUndefined()
    expect(record()).toMatchObject({ released: 50n * NVY, round: 2, budget: { liquid: 50n * NVY } })
  })

  it.each([
    [
      'by the poster, who named another',
      poster,
      () => asks.accept(job, 1, worker.id, NVY),
      'LEDGER_FORBIDDEN',
    ],
    ['of the round after the next', judge, () => asks.accept(job, 2, worker.id, NVY), 'LEDGER_CONFLICT'],
    ['of round 0', judge, () => asks.accept(job, 0, worker.id, NVY), 'LEDGER_CONFLICT'],
    ['for dust', judge, () => asks.accept(job, 1, worker.id, 999n), 'LEDGER_TOO_SMALL'],
    ['for nothing', judge, () => asks.accept(job, 1, worker.id, 0n), 'LEDGER_TOO_SMALL'],
    [
      'of a job that is not there',
      judge,
      () => asks.accept('ab'.repeat(32), 1, worker.id, NVY),
      'LEDGER_NOT_FOUND',
    ],
  ])('work is not accepted: %s', (_, who, ask, code) => {
    const before = record()
    expect(chain.ask(who, ask())).toBe(code)
    expect(record()).toEqual(before)
  })

  it('work of a round that is past is not accepted', () => {
    chain.ask(judge, asks.accept(job, 1, worker.id, NVY))
    chain.ask(judge, asks.accept(job, 2, worker.id, NVY))
    expect(chain.ask(judge, asks.accept(job, 1, worker.id, NVY))).toBe('LEDGER_CONFLICT')
  })

  it('a job with nothing left is gone', () => {
    for (const round of [1, 2, 3, 4]) {
      expect(chain.ask(judge, asks.accept(job, round, worker.id, 25n * NVY))).toBeUndefined()
    }
    expect(record()).toBeUndefined()
    expect(heldOf(new Draft(chain.view), 'escrow')).toBe(0n)
  })

  it('the poster has the rest back after the deadline, as what it was, and not before', () => {
    chain.ask(judge, asks.accept(job, 1, worker.id, 20n * NVY))
    expect(chain.ask(poster, asks.refund(job))).toBe('LEDGER_TOO_EARLY')
    chain.block([], 10 * DAY_MS)
    expect(chain.ask(judge, asks.refund(job))).toBe('LEDGER_FORBIDDEN')
    const before = chain.account(poster).purse.liquid
    const { receipts } = chain.block([chain.sign(poster, [asks.refund(job)])])
    expect(receipts[0]!.code).toBeUndefined()
    expect(chain.account(poster).purse.liquid).toBe(before + 80n * NVY - receipts[0]!.fee)
    expect(chain.ask(poster, asks.refund(job))).toBe('LEDGER_NOT_FOUND')
  })

  it('an empty block changes nothing, with a job past its deadline', () => {
    chain.block([], 20 * DAY_MS)
    expect(chain.block([], 60_000).changes.size).toBe(0)
  })
})
