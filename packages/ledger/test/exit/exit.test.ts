import { formatAddress } from '@neurovoyance/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { bytesOf, earnedOf, exitProgress, NVY } from '../../src/index.js'
import { member } from '../payments/model/payments-chain.js'
import { asks, DAY_MS, StakeChain } from '../staking/stake-chain.js'

const alice = member('alice', 1)
const bob = member('bob', 2)

describe('exit', () => {
  let chain: StakeChain

  beforeEach(() => {
    const bank = { address: formatAddress(bytesOf(member('bank', 9).id)), liquid: String(1_000_000n * NVY) }
    chain = new StakeChain({ accounts: [bank] })
    chain.earn(alice, 800n * NVY)
  })

  it('an eighth of a request becomes liquid with each epoch, less the tribute, and then nothing is left', () => {
    expect(chain.ask(alice, asks.request(800n * NVY))).toBeUndefined()
    expect(chain.held('queued')).toBe(800n * NVY)
    for (let epoch = 1n; epoch <= 7n; epoch++) {
      chain.day()
      expect(chain.ask(alice, asks.claimExit())).toBeUndefined()
      expect(chain.purse(alice).liquid).toBe(92n * NVY * epoch)
      expect(chain.held('queued')).toBe((800n - 100n * epoch) * NVY)
    }
    chain.day()
    expect(chain.purse(alice).liquid).toBe(736n * NVY)
    expect(chain.supply().burnt).toBe(64n * NVY)
    expect([...chain.values.keys()].filter(key => key.startsWith('exit/'))).toEqual(['exit/queue'])
  })

  it('what finishes is paid out without being asked', () => {
    chain.ask(alice, asks.request(800n * NVY))
    chain.days(7)
    expect(chain.purse(alice).liquid).toBe(0n)
    chain.day()
    expect(chain.purse(alice).liquid).toBe(736n * NVY)
  })

  it('the tribute falls to nothing in six months, and is fixed when coins enter the queue', () => {
    const shares = [80_000n, 66_666n, 53_333n, 40_000n, 26_666n, 13_333n, 0n, 0n]
    for (const [months, share] of shares.entries()) {
      const one = new StakeChain({
        accounts: [{ address: formatAddress(bytesOf(bob.id)), liquid: String(1_000_000n * NVY) }],
      })
      one.earn(alice, 100n * NVY)
      one.block({ afterMs: months * 30 * DAY_MS })
      one.ask(alice, asks.request(100n * NVY))
      one.days(8)
      expect((one.supply().burnt * 1_000_000n) / (100n * NVY)).toBe(share)
    }
  })

  it('one factor keeps the sum within the cap', () => {
    chain.earn(bob, 799_200n * NVY)
    chain.ask(bob, asks.request(799_200n * NVY))
    chain.ask(alice, asks.request(800n * NVY))
    const circulating = 1_800_000n * NVY
    chain.day()
    const [mine] = exitProgress(chain.draft(), alice.id)
    const [his] = exitProgress(chain.draft(), bob.id)
    const cap = circulating / 50n
    expect(mine!.claimable + his!.claimable).toBeLessThanOrEqual(cap)
    expect(mine!.claimable + his!.claimable).toBeGreaterThan((cap * 9_999n) / 10_000n)
    expect(mine!.claimable * 799_200n).toBe(his!.claimable * 800n)
  })

  it('what is cancelled is earned again, as old as it was', () => {
    chain.block({ afterMs: 90 * DAY_MS })
    chain.earn(alice, 800n * NVY)
    const before = chain.purse(alice).earned
    chain.ask(alice, asks.request(1_600n * NVY))
    chain.day()
    expect(chain.ask(alice, asks.cancel(0))).toBeUndefined()
    const after = chain.purse(alice)
    expect(after.earned).toEqual([{ ...before[0]!, amount: 600n * NVY }, before[1]!])
    expect(after.liquid).toBe(200n * NVY - chain.supply().burnt)
    expect(chain.held('queued')).toBe(0n)
    chain.ask(alice, asks.request(NVY))
    chain.days(8)
    expect(chain.held('queued')).toBe(0n)
  })

  it('liquid coins come of earned ones alone, and only by this way', () => {
    expect(chain.ask(bob, asks.request(NVY))).toBe('LEDGER_INSUFFICIENT_FUNDS')
    expect(chain.ask(alice, asks.request(NVY / 100n))).toBe('LEDGER_TOO_SMALL')
    expect(chain.ask(alice, asks.request(NVY + 1n))).toBe('LEDGER_BAD_ACTION')
    expect(chain.ask(alice, asks.cancel(7))).toBe('LEDGER_NOT_FOUND')
    expect(earnedOf(chain.purse(alice))).toBe(800n * NVY)
  })

  it('work grows with what finishes, not with what waits', () => {
    const crowd = Array.from({ length: 70 }, (_, index) => member(`${index}`, 20 + index))
    for (const one of crowd) {
      chain.earn(one, NVY)
      chain.ask(one, asks.request(NVY))
    }
    for (let epoch = 0; epoch < 7; epoch++) expect([...chain.day().changes.keys()]).toEqual(['exit/queue'])
    expect(chain.block({ afterMs: 1 }).changes.size).toBe(0)
    expect([...chain.day().changes.keys()].filter(key => key.startsWith('accounts/'))).toHaveLength(64)
    expect([...chain.block().changes.keys()].filter(key => key.startsWith('accounts/'))).toHaveLength(6)
    expect(chain.block().changes.size).toBe(0)
    expect(chain.held('queued')).toBe(0n)
  })

  it('an epoch with nothing in the queue changes nothing', () => {
    chain.block()
    expect(chain.day().changes.size).toBe(0)
  })
})
