import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bytesOf, type ChainAccess, idOf, localGenesis, openVoucher } from '@neurovoyance/ledger'
import { type Chain, localAccess, openChain } from '@neurovoyance/ledger/node'
import { parseAddress, silentLogger } from '@neurovoyance/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openPurse, type PurseInit } from '../../src/pay/purse.js'
import { walletFromKey } from '../../src/wallet/index.js'
import { keptStore } from './kept-store.js'

const NVY = 1_000_000_000n
const walletOf = (seed: number) => walletFromKey(new Uint8Array(32).fill(seed))
const [payer, worker, validator] = [walletOf(1), walletOf(2), walletOf(3)]
const payee = idOf(parseAddress(worker.address))
const never = new AbortController().signal

describe('a purse on a real chain', () => {
  let dir: string
  let chain: Chain
  let access: ChainAccess

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'purse-chain-'))
    const validators = [{ consensusKey: validator.publicKey, owner: validator.address }]
    const genesis = localGenesis({
      chainId: 'purse-1',
      timeMs: Date.now(),
      validators,
      clients: [payer.address],
    })
    chain = await openChain({ dir, genesis, validator })
    access = localAccess(chain)
  })

  afterEach(async () => {
    await chain.close()
    await rm(dir, { recursive: true, force: true })
  })

  const open = (init: Partial<PurseInit> = {}) =>
    openPurse({
      access,
      account: payer,
      store: keptStore(),
      budget: NVY,
      step: NVY / 100n,
      channels: 8,
      logger: silentLogger,
      onChange: () => undefined,
      ...init,
    })

  it('finds a channel again whose opening it did not live to hear of, and opens no second one', async () => {
    const store = keptStore()
    let sent!: () => void
    const submitted = new Promise<void>(resolve => {
      sent = resolve
    })
    const dying = await open({
      store,
      access: {
        ...access,
        submit: async bytes => {
          const answer = await access.submit(bytes)
          sent()
          return answer
        },
        // as for a process that ends here
        settled: () => new Promise<never>(() => undefined),
      },
    })
    void dying.book.open([{ payee, amount: 10_000n }])
    await submitted
    const again = await open({ store: { ...store, load: async () => store.kept } })
    await again.book.open([{ payee, amount: 10_000n }])
    const channels = again.book.list()
    expect(channels).toHaveLength(1)
    expect(await access.get([`channels/${channels[0]!.id}`])).toEqual([expect.any(Uint8Array)])
    expect(again.book.budget.locked).toBe(channels[0]!.deposited)
    // what it may have cost counts, where nobody heard what it did cost
    expect(again.book.budget.fees).toBeGreaterThan(0n)
  })

  it('tops a channel up before it runs dry, and no further than the budget', async () => {
    const { book } = await open({ budget: 40_000_000n, step: 40_000_000n })
    const price = 1_000_000n
    await book.open([{ payee, amount: price }])
    const { deposited } = book.get(payee)!
    let paid = 0n
    const payOn = async (): Promise<void> => {
      for (;;) {
        const ticket = await book.take(payee, price, never)
        paid += price
        ticket.answered({ units: 1n, amount: price, spent: paid, accepted: book.get(payee)!.signed })
      }
    }
    await expect(payOn()).rejects.toMatchObject({ code: 'CLIENT_BUDGET_SPENT' })
    const channel = book.get(payee)!
    expect(channel.deposited).toBeGreaterThan(deposited)
    expect(channel.used).toBe(paid)
    const { limit, locked, fees } = book.budget
    expect(locked).toBe(channel.deposited)
    expect(locked + fees).toBeLessThanOrEqual(limit)
    expect(limit - locked - fees).toBeLessThan(2n * price)
  })

  it('pays a node that answers for more and more requests at a time, with no more than a step at stake', async () => {
    const step = 12_000_000n
    const { book } = await open({ step })
    const price = 1_000_000n
    await book.open([{ payee, amount: price }])
    let paid = 0n
    const pay = async () => {
      const { payment, ...ticket } = await book.take(payee, price, never)
      const { signed, used } = book.get(payee)!
      expect(signed - used).toBeLessThanOrEqual(step)
      paid += price
      ticket.answered({ units: 1n, amount: price, spent: paid, accepted: signed })
      return payment.voucher !== undefined
    }
    const withVoucher: boolean[] = []
    for (let request = 0; request < 475; request++) withVoucher.push(await pay())
    const among = (from: number, to: number) => withVoucher.slice(from, to).filter(Boolean).length
    // one for each of a stranger's; and one for the step, once a part of what it answered is as much
    expect(among(0, 32)).toBe(32)
    expect(among(427, 475)).toBeLessThanOrEqual(5)
    const { used, signed } = book.get(payee)!
    expect(used).toBe(paid)
    expect(signed).toBeGreaterThan(paid)
    expect(openVoucher(book.finalVoucher(payee)!).voucher.cumulative).toBe(paid)
  })

  it('has its top-ups over before its channels end', async () => {
    const { book } = await open({ budget: 40_000_000n, step: 40_000_000n })
    await book.open([{ payee, amount: 1_000_000n }])
    const { deposited } = book.get(payee)!
    const ticket = await book.take(payee, deposited - 1_000_000n, never)
    ticket.refused()
    expect(book.get(payee)!.deposited).toBe(deposited)
    await book.toppedUp()
    expect(book.get(payee)!.deposited).toBeGreaterThan(deposited)
  })

  it('counts a channel whole that its node ended while nobody knew what was signed', async () => {
    const store = keptStore()
    const { book, save } = await open({ store })
    await book.open([{ payee, amount: 10_000n }])
    const [channel] = book.list()
    await save()
    const forgetful: ChainAccess = { ...access, get: async keys => keys.map(() => undefined) }
    const unsure = await open({ access: forgetful, store: { ...store, load: async () => store.kept } })
    expect(unsure.book.budget).toMatchObject({ locked: 0n, paid: channel!.deposited })
    await save(true)
    const sure = await open({ access: forgetful, store: { ...store, load: async () => store.kept } })
    expect(sure.book.budget).toMatchObject({ locked: 0n, paid: 0n })
  })

  it('is not written over where it is damaged, or of another chain', async () => {
    const store = keptStore()
    store.kept = new TextEncoder().encode('{"version":1,"chainId"')
    await expect(open({ store })).rejects.toMatchObject({ code: 'CLIENT_PURSE_UNREADABLE' })
    store.kept = undefined
    const { save } = await open({ store })
    await save()
    const other: ChainAccess = { ...access, chainId: 'purse-2' }
    await expect(open({ store, access: other })).rejects.toMatchObject({
      code: 'CLIENT_PURSE_UNREADABLE',
      details: { saved: 'purse-1' },
    })
  })

  it('remembers channels that it asked the ledger to end, until the rest is back', async () => {
    const store = keptStore()
    const { book, ending, vault, save } = await open({ store })
    await book.open([{ payee, amount: 10_000n }])
    const [channel] = book.list()
    await vault.requestClose(channel!.id)
    ending.add(channel!.id)
    book.drop(payee)
    await save(true)
    const again = await open({ store })
    expect(again.book.list()).toEqual([])
    expect(again.ending.list()).toEqual([channel!.id])
    expect(bytesOf(channel!.id)).toHaveLength(32)
  })
})
