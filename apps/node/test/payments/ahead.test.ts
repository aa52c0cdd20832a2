import { createTeller, readChannelRules } from '@neurovoyance/client/pay'
import { bytesOf } from '@neurovoyance/ledger'
import { nativeVerifier } from '@neurovoyance/ledger/node'
import { silentLogger, systemClock } from '@neurovoyance/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTillJournal, type TillJournal } from '../../src/payments/journal.js'
import { NodeTill } from '../../src/payments/node-till.js'
import { createRedeemer } from '../../src/payments/redeemer.js'
import { folder } from '../hive/fixture.js'
import { accountId, DEPOSIT, earner, openTillChain, payer, type TillChain } from './till-chain.js'

const PRICE = 100_000n

describe('a voucher that pays for requests to come', () => {
  let chain: TillChain
  let channel: string
  let journal: TillJournal
  let till: NodeTill
  let written: number
  let path: string

  beforeEach(async () => {
    chain = await openTillChain()
    ;[channel] = (await chain.open(1)) as [string]
    path = `${await folder('ahead')}/till.log`
    await start()
  })

  afterEach(async () => {
    await journal.close()
    await chain[Symbol.asyncDispose]()
  })

  async function start(): Promise<void> {
    const opened = await openTillJournal(path)
    journal = opened.journal
    written = 0
    const counting: TillJournal = {
      ...journal,
      add(record) {
        written++
        return journal.add(record)
      },
    }
    till = new NodeTill({
      access: chain.access,
      payee: accountId(earner),
      rules: await readChannelRules(chain.access),
      verify: nativeVerifier(),
      clock: systemClock,
      records: opened.records,
      journal: counting,
    })
    await till.channels.restore()
  }

  async function pay(cumulative?: bigint) {
    const voucher = cumulative === undefined ? undefined : chain.voucher(channel, cumulative)
    const payment = { channel: bytesOf(channel), amount: PRICE, ...(voucher && { voucher }) }
    const { charged, problem } = await till.charge(payment, { units: 1n, due: PRICE }, 'peer')
    await charged?.durable
    return { charged, problem }
  }

  async function deliver(cumulative?: bigint): Promise<void> {
    const { charged } = await pay(cumulative)
    charged!.keep()
  }

  it('is written once for all of them, and the next one that it does not cover is refused', async () => {
    await deliver(4n * PRICE)
    for (let request = 0; request < 3; request++) await deliver()
    expect(written).toBe(1)
    expect(till.channels.get(channel)!.channel).toMatchObject({ spent: 4n * PRICE, underWay: 0n })
    expect((await pay()).problem).toEqual({ type: 'unpaid', missing: PRICE })
    await deliver(5n * PRICE)
    expect(written).toBe(2)
  })

  it('counts as used where the node was killed, so that nothing is delivered twice for it', async () => {
    await deliver(4n * PRICE)
    await deliver()
    // as after kill -9: the file is as it was when the last answer left
    await journal.close()
    await start()
    expect(till.channels.get(channel)!.channel.spent).toBeGreaterThanOrEqual(2n * PRICE)
    expect(till.channels.get(channel)!.channel.spent).toBeLessThanOrEqual(4n * PRICE)
    till.setPayer(channel, 'peer')
    let more = 0
    while ((await pay()).problem === undefined) more++
    expect(more).toBeLessThanOrEqual(2)
  })

  it('is still there after a node was stopped and started', async () => {
    await deliver(4n * PRICE)
    await deliver()
    till.close()
    await journal.close()
    await start()
    till.setPayer(channel, 'peer')
    await deliver()
    await deliver()
    expect((await pay()).problem).toEqual({ type: 'unpaid', missing: PRICE })
  })

  it('is written again where the disk did not take it', async () => {
    const { add } = journal
    journal.add = () => Promise.reject(new Error('the disk is full'))
    const { charged } = await till.charge(
      { channel: bytesOf(channel), amount: PRICE, voucher: chain.voucher(channel, 4n * PRICE) },
      { units: 1n, due: PRICE },
      'peer',
    )
    await expect(charged!.durable).rejects.toThrow('the disk is full')
    charged!.refund()
    journal.add = add
    await deliver()
    expect(written).toBe(2)
  })

  it('gives back what was not charged when the channel ends, and no more than that', async () => {
    const redeemer = createRedeemer({
      till,
      access: chain.access,
      teller: createTeller(chain.access, earner),
      leastStep: 1_000n,
      clock: systemClock,
      logger: silentLogger,
      everyMs: 3_600_000,
      worth: 50n,
    })
    try {
      for (const [claimed, paid] of [
        [2n * PRICE, 2n * PRICE],
        [PRICE, 4n * PRICE],
      ] as const) {
        const before = (await chain.account(payer)).purse.liquid
        await deliver(4n * PRICE)
        await deliver()
        await redeemer.end(channel, chain.voucher(channel, claimed))
        expect((await chain.account(payer)).purse.liquid - before).toBe(DEPOSIT - paid)
        ;[channel] = (await chain.open(1)) as [string]
      }
    } finally {
      await redeemer.close()
    }
  })
})
