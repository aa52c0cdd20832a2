import { createTeller, readChannelRules } from '@neurovoyance/client/pay'
import { bytesOf, type ChainAccess } from '@neurovoyance/ledger'
import { nativeVerifier } from '@neurovoyance/ledger/node'
import { type Clock, silentLogger, systemClock } from '@neurovoyance/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { awaitChannels } from '../../src/payments/awaited-channels.js'
import { openTillJournal, type TillJournal } from '../../src/payments/journal.js'
import { NodeTill } from '../../src/payments/node-till.js'
import { createRedeemer } from '../../src/payments/redeemer.js'
import { accountId, CHAIN, earner, openTillChain, type TillChain } from './till-chain.js'

const later = (a: bigint, b: bigint): bigint => (a > b ? a : b)

/** A clock whose time passes when it is told to. */
class HandClock implements Pick<Clock, 'after'> {
  #waiting: (() => void)[] = []

  after(_delayMs: number, callback: () => void): () => void {
    this.#waiting.push(callback)
    return () => undefined
  }

  get waiting(): number {
    return this.#waiting.length
  }

  tick(): void {
    for (const callback of this.#waiting.splice(0)) callback()
  }
}

describe('channels that the ledger does not have yet', () => {
  const there = new Set<string>()
  let reads: number
  let clock: HandClock
  const access: Pick<ChainAccess, 'chainId' | 'get'> = {
    chainId: CHAIN,
    get: async keys => {
      reads++
      return keys.map(key => (there.has(key) ? new Uint8Array(1) : undefined))
    },
  }

  beforeEach(() => {
    reads = 0
    there.clear()
    clock = new HandClock()
  })

  /** Lets time pass until nobody waits; how often that was. */
  async function passTime(): Promise<number> {
    let ticks = 0
    for (; clock.waiting > 0; ticks++) {
      clock.tick()
      await new Promise(resolve => setImmediate(resolve))
    }
    return ticks
  }

  it('are looked for together, by one look at a time, and answered when they are there', async () => {
    const awaited = awaitChannels({ access, clock })
    const asked = ['a', 'b', 'c', 'a'].map((id, peer) => awaited.appear(id, `peer ${peer}`))
    expect(clock.waiting).toBe(1)
    there.add('channels/b')
    const ticks = await passTime()
    expect(await Promise.all(asked)).toEqual([false, true, false, false])
    expect(reads).toBe(ticks)
    const later = awaited.appear('b', 'peer 1')
    await passTime()
    expect(await later).toBe(true)
  })

  it('are waited for by so many requests of one peer, and so many in all', async () => {
    const awaited = awaitChannels({ access, clock, mostOfPeer: 2, most: 3 })
    const busy = { code: 'NODE_PAYMENT_REFUSED', details: { reason: 'busy' } }
    const asked = ['a', 'b'].map(id => awaited.appear(id, 'greedy'))
    await expect(awaited.appear('c', 'greedy')).rejects.toMatchObject(busy)
    asked.push(awaited.appear('d', 'modest'))
    await expect(awaited.appear('e', 'late')).rejects.toMatchObject(busy)
    await passTime()
    expect(await Promise.all(asked)).toEqual([false, false, false])
    const again = awaited.appear('c', 'greedy')
    await passTime()
    expect(await again).toBe(false)
  })
})

describe('a till that has no room for another channel', () => {
  let chain: TillChain
  let journal: TillJournal
  let till: NodeTill

  beforeEach(async () => {
    chain = await openTillChain()
    const { access, dir } = chain
    const rules = await readChannelRules(access)
    const opened = await openTillJournal(`${dir}/till.log`)
    journal = opened.journal
    const verify = nativeVerifier()
    const init = { access, payee: accountId(earner), rules, verify, clock: systemClock, maxChannels: 3 }
    till = new NodeTill({ ...init, ...opened })
  })

  afterEach(async () => {
    await journal.close()
    await chain[Symbol.asyncDispose]()
  })

  const pay = async (channel: string, amount: bigint, cumulative = amount) => {
    const voucher = chain.voucher(channel, cumulative)
    const payment = { channel: bytesOf(channel), amount, ...(cumulative > 0n && { voucher }) }
    const { charged, problem } = await till.charge(payment, { units: 1n, due: amount }, 'peer')
    charged?.keep()
    return problem?.type
  }

  it('forgets one that never paid for one that does, and none that it is owed for', async () => {
    const [first, second, third, fourth, fifth] = await chain.open(5)
    expect(await pay(first!, 5_000_000n)).toBeUndefined()
    for (const idle of [second!, third!]) expect(await pay(idle, 1_000n, 0n)).toBe('stranger')
    for (const paid of [fourth!, fifth!]) expect(await pay(paid, 5_000_000n)).toBeUndefined()
    const held = till.channels.list().map(({ channel }) => channel.id)
    expect(held.sort()).toEqual([first!, fourth!, fifth!].sort())
    await expect(pay(second!, 1_000n, 0n)).rejects.toMatchObject({ details: { reason: 'busy' } })
  })

  it('redeems what is worth its fee at all, and forgets what is not', async () => {
    const [small, tiny, large, newcomer, another, late] = await chain.open(6)
    const redeemer = createRedeemer({
      till,
      access: chain.access,
      teller: createTeller(chain.access, earner),
      leastStep: 1_000n,
      clock: systemClock,
      logger: silentLogger,
      everyMs: 3_600_000,
      worth: 1_000_000n,
    })
    try {
      const { baseFee } = await chain.access.head()
      const fee = baseFee * 900n
      expect(await pay(large!, 5_000_000n)).toBeUndefined()
      await redeemer.redeem()
      expect(till.channels.get(large!)!.channel.settled).toBe(0n)
      expect(await pay(small!, fee * 2n)).toBeUndefined()
      expect(await pay(tiny!, later(fee, 1_000n))).toBeUndefined()
      await expect(pay(newcomer!, 5_000_000n)).resolves.toBeUndefined()
      expect(till.channels.get(tiny!)).toBeUndefined()
      await expect(pay(another!, 5_000_000n)).rejects.toMatchObject({ details: { reason: 'busy' } })
      await redeemer.redeem()
      expect(till.channels.get(small!)!.channel.settled).toBe(fee * 2n)
      expect(await pay(another!, 5_000_000n)).toBeUndefined()
      expect(await pay(late!, 5_000_000n)).toBeUndefined()
    } finally {
      await redeemer.close()
    }
  })

  it('has lost nothing of one that comes again', async () => {
    const [first, ...others] = await chain.open(4)
    expect(await pay(first!, 1_000n, 0n)).toBe('stranger')
    for (const paid of others.slice(0, 2)) expect(await pay(paid, 5_000_000n)).toBeUndefined()
    expect(await pay(others[2]!, 1_000n, 0n)).toBe('stranger')
    expect(till.channels.get(first!)).toBeUndefined()
    expect(await pay(first!, 5_000_000n)).toBeUndefined()
    expect(till.channels.get(first!)?.channel).toMatchObject({ spent: 5_000_000n, accepted: 5_000_000n })
    expect(till.channels.get(others[2]!)).toBeUndefined()
  })
})
