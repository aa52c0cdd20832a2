import { actions, buildTransaction, idOf, NVY, soleKey } from '@neurovoyance/ledger'
import {
  parseAddress,
  systemClock,
  type TransactionProof,
  type TransactionResponse,
} from '@neurovoyance/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { openChainReader, storageTrust } from '../../src/chain/index.js'
import { type Lies, nodesOf } from './nodes.js'
import { TestChain, walletOf } from './test-chain.js'

const alice = walletOf(1)
const bob = walletOf(2)

let chain: TestChain
beforeEach(() => {
  chain = new TestChain({ startMs: systemClock.now() - 3_600_000, clients: [alice.address] })
})

/** Alice pays Bob; how long it is valid is counted from now. */
const payment = (nonce: number, amount = 1n, validBlocks = 1_000) =>
  buildTransaction({
    chainId: 'test-1',
    sender: alice.address,
    keys: soleKey(alice.publicKey),
    nonce,
    validUntil: chain.height + validBlocks,
    maxFee: NVY,
    actions: [actions.transfer(bob.address, amount)],
    signers: [alice],
  })

/** So many payments in one block; their ids. */
async function settled(count: number): Promise<Uint8Array[]> {
  const first = chain.settled.size
  const ids: Uint8Array[] = []
  for (let index = 0; index < count; index++) {
    const { id, bytes } = await payment(first + index)
    chain.submit(bytes)
    ids.push(id)
  }
  chain.settle()
  return ids
}

type Answer = { body: TransactionResponse; attachments: Uint8Array[] }

/** Lies of a node that changes what it says of transactions that happened. */
const changing = (change: (body: TransactionResponse) => TransactionResponse): Lies => ({
  Transaction(honest) {
    const { body, attachments } = honest as Answer
    return { body: body.height > 0 ? change(body) : body, attachments }
  },
})

const flipped = (bytes: Uint8Array, at = bytes.length - 1): Uint8Array =>
  bytes.with(at, bytes[at]! ^ 1) as Uint8Array
const withProof = (change: (proof: TransactionProof) => Partial<TransactionProof>) =>
  changing(body => ({ ...body, proof: { ...body.proof!, ...change(body.proof!) } }))

/** Every way to lie about a transaction that happened, by what is changed. */
const LIES: Readonly<Record<string, Lies>> = {
  height: changing(body => ({ ...body, height: body.height - 1 })),
  'height, of a block that is not there': changing(body => ({ ...body, height: body.height + 1_000 })),
  index: changing(body => ({ ...body, index: body.index ^ 1 })),
  code: changing(body => ({ ...body, code: 'LEDGER_INSUFFICIENT_FUNDS' })),
  fee: changing(body => ({ ...body, fee: body.fee ^ 1n })),
  transaction: changing(body => ({ ...body, transaction: flipped(body.transaction, 10) })),
  receipt: withProof(({ receipt }) => ({ receipt: flipped(receipt) })),
  'sibling of the receipt': withProof(({ receiptSiblings: [first, ...rest] }) => ({
    receiptSiblings: [flipped(first!), ...rest],
  })),
  'sibling of the id': withProof(({ transactionSiblings: [first, ...rest] }) => ({
    transactionSiblings: [flipped(first!), ...rest],
  })),
  'proof, which is not given': changing(({ proof: _, ...body }) => body),
}

describe('a transaction from afar', () => {
  it('is proven: where it is, what it cost and how it ended', async () => {
    const reader = await openChainReader({ host: nodesOf({ node: { chain } }), genesis: chain.genesis })
    const ids = await settled(5)
    for (const [index, id] of ids.entries()) {
      const { receipt } = chain.settled.get(idOf(id))!
      expect(await reader.transaction(id)).toMatchObject({ height: 2, index, code: '', fee: receipt.fee })
      expect(await reader.settled(id)).toEqual({ height: 2, fee: receipt.fee })
    }
  })

  it.each(Object.entries(LIES))('is not believed with another %s', async (_, lies) => {
    const [, , id] = await settled(5)
    const nodes = nodesOf({ liar: { chain, lies }, honest: { chain } })
    const reader = await openChainReader({ host: nodes, genesis: chain.genesis })
    expect(await reader.settled(id!)).toEqual({ height: 2, fee: chain.settled.get(idOf(id!))!.receipt.fee })
    const asked = nodes.calls.filter(({ method }) => method === 'Transaction').map(({ node }) => node)
    expect(asked.at(0)).toBe('liar')
    expect(asked.at(-1)).toBe('honest')
  })

  it('has a liar asked nothing more, while others are there', async () => {
    const [first, second] = await settled(2)
    const nodes = nodesOf({ liar: { chain, lies: LIES.fee! }, honest: { chain } })
    const reader = await openChainReader({ host: nodes, genesis: chain.genesis })
    await reader.settled(first!)
    const before = nodes.calls.length
    await reader.settled(second!)
    await reader.get([`accounts/${idOf(parseAddress(alice.address))}`])
    expect(nodes.calls.slice(before).filter(({ node }) => node === 'liar')).toEqual([])
  })

  it('is known by nobody where the only node lies', async () => {
    const [id] = await settled(3)
    const host = nodesOf({ liar: { chain, lies: LIES.receipt! } })
    const reader = await openChainReader({ host, genesis: chain.genesis })
    await expect(reader.settled(id!)).rejects.toMatchObject({
      code: 'CLIENT_NO_CHAIN',
      details: { attempts: [{ node: 'liar', code: expect.stringMatching(/^(LEDGER_BAD_PROOF|PROTOCOL_)/) }] },
    })
  })

  it('is found with another node where one says that it has not heard of it', async () => {
    const [id] = await settled(1)
    const Transaction = (honest: unknown) => ({
      body: { ...(honest as Answer).body, known: false, height: 0, transaction: new Uint8Array(0) },
      attachments: [],
    })
    const nodes = nodesOf({ deaf: { chain, lies: { Transaction } }, honest: { chain } })
    const reader = await openChainReader({ host: nodes, genesis: chain.genesis })
    expect((await reader.settled(id!)).height).toBe(2)
  })

  it('is proven below the first header that is trusted, too', async () => {
    const [id] = await settled(2)
    for (let block = 0; block < 20; block++) chain.produce()
    const storage = new Map<string, string>()
    const trust = storageTrust({
      getItem: name => storage.get(name) ?? null,
      setItem: (name, text) => void storage.set(name, text),
    })
    const host = nodesOf({ node: { chain } })
    const first = await openChainReader({ host, genesis: chain.genesis, trust })
    await first.close()
    const later = await openChainReader({ host, genesis: chain.genesis, trust })
    expect(later.trusted.height).toBe(chain.height)
    expect(await later.transaction(id!)).toMatchObject({ height: 2, code: '' })
  })
})

describe('an account’s history from afar', () => {
  const account = parseAddress(alice.address)

  it('has each line proven, newest first and page by page', async () => {
    const ids = [...(await settled(3)), ...(await settled(2))].reverse()
    const reader = await openChainReader({ host: nodesOf({ node: { chain } }), genesis: chain.genesis })
    const all = await reader.history(account)
    expect(all.map(({ id }) => idOf(id))).toEqual(ids.map(idOf))
    expect(all[0]).toMatchObject({ height: 4, index: 1, fee: chain.settled.get(idOf(ids[0]!))!.receipt.fee })
    expect(all.every(({ code }) => code === undefined)).toBe(true)
  })

  it('is asked of another node where a line is not what it says', async () => {
    await settled(4)
    const moved: Lies = {
      History(honest) {
        const { body } = honest as { body: { entries: { height: number }[] } }
        const [first, ...rest] = body.entries
        return { body: { entries: [{ ...first, height: first!.height + 1 }, ...rest] }, attachments: [] }
      },
    }
    const shuffled: Lies = {
      History(honest) {
        const { body } = honest as { body: { entries: object[] } }
        return { body: { entries: body.entries.toReversed() }, attachments: [] }
      },
    }
    for (const lies of [moved, shuffled, LIES.fee!]) {
      const nodes = nodesOf({ liar: { chain, lies }, honest: { chain } })
      const reader = await openChainReader({ host: nodes, genesis: chain.genesis })
      expect(await reader.history(account)).toHaveLength(4)
      expect(nodes.calls.filter(({ method }) => method === 'History').map(({ node }) => node)).toEqual([
        'liar',
        'honest',
      ])
    }
  })
})

describe('a transaction that will not happen', () => {
  it('is said to be replaced when another has its nonce', async () => {
    const reader = await openChainReader({ host: nodesOf({ node: { chain } }), genesis: chain.genesis })
    const { id, bytes } = await payment(0, 5n)
    await reader.submit(bytes)
    chain.forget()
    await settled(1)
    await expect(reader.settled(id)).rejects.toMatchObject({ code: 'CLIENT_TRANSACTION_REPLACED' })
  })

  it('is said to be too late when a node says for ever that it waits', async () => {
    const waits: Lies = {
      Transaction: () => ({
        body: {
          known: true,
          height: 0,
          index: 0,
          code: '',
          message: '',
          fee: 0n,
          transaction: new Uint8Array(0),
        },
        attachments: [],
      }),
    }
    const reader = await openChainReader({
      host: nodesOf({ node: { chain, lies: waits } }),
      genesis: chain.genesis,
    })
    const { id, bytes } = await payment(0, 5n, 2)
    await reader.submit(bytes)
    chain.forget()
    for (let block = 0; block < 4; block++) chain.produce()
    await expect(reader.settled(id)).rejects.toMatchObject({
      code: 'CLIENT_TRANSACTION_EXPIRED',
      details: { validUntil: 3 },
    })
  })
})
