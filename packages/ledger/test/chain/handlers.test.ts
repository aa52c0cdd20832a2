import { Block, BlockResults, Commit, errorCode, LightBlock, parseAddress } from '@neurovoyance/protocol'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ChainQueries } from '../../src/chain/answers/queries.js'
import { openDecided } from '../../src/chain/sync/open-decided.js'
import { actions, bytesOf, idOf, verifyProof } from '../../src/index.js'
import { checkTransactionProof, coherent } from '../../src/light/index.js'
import type { Chain } from '../../src/node/index.js'
import { CHAIN } from '../machine/chain.js'
import { client, ForgedChain, genesisOf as forgedGenesis } from '../snapshots/forged-chain.js'
import { alice, bob, genesisOf, keyOf, reached, transactionOf, validators, Workplace } from './local-chain.js'
import { type ConnectedChains, connectChains } from './network.js'

const STRANGERS = Array.from({ length: 22 }, (_, index) => `stranger ${index}`)

let place: Workplace
let network: ConnectedChains
let chain: Chain

beforeEach(async () => {
  place = new Workplace()
  network = connectChains({
    ids: ['node', 'client', ...STRANGERS],
    links: ['client', ...STRANGERS].map(id => ['node', id]),
  })
  chain = await place.open({
    dir: await place.folder(),
    genesis: genesisOf(1),
    validator: keyOf(validators[0]!),
    network: network.node('node'),
  })
})
afterEach(() => place.clear())

const ask: ReturnType<ConnectedChains['node']>['call'] = (...asked) => network.node('client').call(...asked)

/** Sends Alice's coins to Bob through the node's service; the transaction's id. */
async function pay(amount: bigint): Promise<Uint8Array> {
  const { bytes } = await transactionOf(chain, alice, [actions.transfer(bob.address, amount)])
  const { body } = await ask('node', 'Submit', { body: {}, attachments: [bytes] })
  return body.id
}

describe('a chain answers', () => {
  it('how far it is', async () => {
    await reached(chain, 1)
    const { body } = await ask('node', 'Status', { body: {} })
    expect(body).toMatchObject({ chainId: CHAIN, genesis: chain.genesisHash, catchingUp: false, first: 1 })
    expect(body.height).toBeGreaterThanOrEqual(1)
    expect(body.baseFee).toBeGreaterThan(0n)
  })

  it('what became of a transaction that it was given, when that is known', async () => {
    const id = await pay(5n)
    const { body } = await ask('node', 'Transaction', { body: { id, waitMs: 30_000, prove: false } })
    expect(body).toMatchObject({ known: true, code: '', index: 0 })
    expect(body.height).toBeGreaterThan(0)
    const again = await ask('node', 'Transaction', { body: { id, waitMs: 0, prove: false } })
    expect(again.body).toEqual(body)
  })

  it('what shows what became of a transaction, under the headers of its block and the next one', async () => {
    const id = await pay(5n)
    const { body } = await ask('node', 'Transaction', { body: { id, waitMs: 30_000, prove: true } })
    const headerOf = async (height: number) => {
      const { attachments } = await ask('node', 'LightBlock', { body: { height } })
      return coherent(LightBlock.decode(attachments[0]!), CHAIN).header
    }
    const { transactionsRoot } = await headerOf(body.height)
    const { receiptsRoot } = await headerOf(body.height + 1)
    const receipt = checkTransactionProof(
      { id, ...body, proof: body.proof! },
      { transactionsRoot, receiptsRoot },
    )
    expect(receipt).toMatchObject({ id, index: body.index, code: '', fee: body.fee })
    const { body: unasked } = await ask('node', 'Transaction', { body: { id, waitMs: 0, prove: false } })
    expect(unasked).toEqual({ ...body, proof: undefined })
  })

  it('that it does not know a transaction, when it has waited', async () => {
    const { body } = await ask('node', 'Transaction', {
      body: { id: new Uint8Array(32), waitMs: 5, prove: false },
    })
    expect(body).toMatchObject({ known: false, height: 0 })
  })

  it('with the code of what is wrong with a transaction', async () => {
    const { bytes } = await transactionOf(chain, bob, [actions.transfer(alice.address, 1n)])
    const broken = bytes.slice()
    broken[broken.length - 1]! ^= 1
    const submit = (attachments: Uint8Array[]) =>
      ask('node', 'Submit', { body: {}, attachments }).then(() => 'taken', errorCode)
    expect(await submit([bytes])).toBe('LEDGER_INSUFFICIENT_FUNDS')
    expect(await submit([])).toBe('LEDGER_BAD_TRANSACTION')
    expect(await submit([Uint8Array.of(255)])).toMatch(/^PROTOCOL_/)
    const forged = await transactionOf(chain, alice, [actions.transfer(bob.address, 1n)])
    forged.bytes[forged.bytes.length - 1]! ^= 1
    expect(await submit([forged.bytes])).toBe('LEDGER_BAD_SIGNATURE')
  })

  it('values with proofs, under a header that it also gives', async () => {
    await ask('node', 'Transaction', { body: { id: await pay(9n), waitMs: 30_000, prove: false } })
    const keys = [`accounts/${bob.id}`, `accounts/${'00'.repeat(32)}`]
    const { body, attachments } = await ask('node', 'Values', { body: { keys } })
    const light = await ask('node', 'LightBlock', { body: { height: body.height } })
    const { header } = coherent(LightBlock.decode(light.attachments[0]!), CHAIN)
    expect(body.values).toEqual([{ present: true }, { present: false }])
    expect(verifyProof(header.stateRoot, keys[0]!, attachments[0], attachments[1]!)).toBe(true)
    expect(verifyProof(header.stateRoot, keys[1]!, undefined, attachments[3]!)).toBe(true)
  })

  it('light blocks, and which it has where it lacks one', async () => {
    await reached(chain, 1)
    const { body, attachments } = await ask('node', 'LightBlock', { body: {} })
    expect(coherent(LightBlock.decode(attachments[0]!), CHAIN).header.height).toBe(body.height)
    const missing = ask('node', 'LightBlock', { body: { height: 1_000 } })
    expect(await missing.catch(errorCode)).toBe('LEDGER_NOT_FOUND')
  })

  it('blocks with their commits, as many as there are', async () => {
    await pay(1n)
    await reached(chain, 2)
    const { attachments } = await ask('node', 'Blocks', { body: { first: 1, limit: 1_000 } })
    expect(attachments.length).toBeGreaterThanOrEqual(4)
    expect(attachments.length % 2).toBe(0)
    for (let height = 1; height <= 2; height++) {
      const commit = Commit.decode(attachments[height * 2 - 1]!)
      expect(commit).toMatchObject({ height, block: chain.block(height)!.id })
    }
    const none = await ask('node', 'Blocks', { body: { first: 1_000, limit: 10 } })
    expect(none.attachments).toEqual([])
  })

  it('an account’s history, newest first and page by page', async () => {
    const ids: string[] = []
    for (const amount of [1n, 2n, 3n]) {
      const id = await pay(amount)
      await ask('node', 'Transaction', { body: { id, waitMs: 30_000, prove: false } })
      ids.unshift(idOf(id))
    }
    const page = async (limit: number, before?: { height: number; index: number; id: Uint8Array }) => {
      const asked = { account: bytesOf(bob.id), limit, ...(before && { before }) }
      return (await ask('node', 'History', { body: asked })).body.entries
    }
    const newest = await page(2)
    expect(newest.map(({ id }) => idOf(id))).toEqual(ids.slice(0, 2))
    const older = await page(2, newest[1])
    expect(older.map(({ id }) => idOf(id))).toEqual(ids.slice(2))
  })

  it('with no snapshots where it has none', async () => {
    expect((await ask('node', 'Snapshots', { body: {} })).body.snapshots).toEqual([])
  })

  it('whoever has something to ask, however many wait for what nobody knows', async () => {
    const ends = STRANGERS.flatMap(stranger =>
      Array.from({ length: 64 }, (_, index) => {
        const id = new Uint8Array(32).fill(index + 1)
        const call = network.node(stranger).call('node', 'Transaction', {
          body: { id, waitMs: 30_000, prove: false },
        })
        return call.then(({ body }) => body.known, errorCode)
      }),
    )
    const id = await pay(5n)
    const values = await ask('node', 'Values', { body: { keys: ['supply'] } })
    expect(values.body.values).toEqual([{ present: true }])
    const known = await ask('node', 'Transaction', { body: { id, waitMs: 30_000, prove: true } })
    expect(known.body).toMatchObject({ known: true, proof: expect.anything() })
    const unknown = { id: new Uint8Array(32), waitMs: 1, prove: false }
    expect((await ask('node', 'Transaction', { body: unknown })).body.known).toBe(false)
    await chain.close()
    const codes = await Promise.all(ends)
    expect(codes.filter(end => end === false).length).toBeGreaterThanOrEqual(STRANGERS.length * 64 - 128)
    expect(codes).not.toContain('LEDGER_TOO_LARGE')
  })
})

describe('what is asked of a chain’s store', () => {
  it('is no block for a history, and no transaction for a light block or for another transaction', async () => {
    const root = await place.folder()
    const forged = await ForgedChain.open(root, forgedGenesis('asked-1'))
    await forged.grow(2, 40)
    const { store } = forged
    const queries = new ChainQueries(store, () => forged.height)
    const block = store.blocks.block(2)!.block.length
    const { id } = new ChainQueries(store, () => 2).block(2)!.transactions[39]!
    const blocks = vi.spyOn(store.blocks, 'block')
    const results = vi.spyOn(store.blocks, 'resultsOf')
    const decodeBlock = vi.spyOn(Block, 'decode')
    const decodeResults = vi.spyOn(BlockResults, 'decode')
    try {
      const entries = await queries.entries(idOf(parseAddress(client.address)), 50)
      expect(entries).toHaveLength(50)
      expect(entries[0]).toMatchObject({ height: 2, index: 39, id })
      const light = coherent(LightBlock.decode(queries.lightBlock(2)!), 'asked-1')
      expect(light.blockId).toEqual(forged.chain.head.blockId)
      for (const read of [blocks, results, decodeBlock, decodeResults]) expect(read).not.toHaveBeenCalled()
      expect(queries.transaction(id)).toMatchObject({ id, height: 2, index: 39 })
      for (const [bytes] of [...decodeBlock.mock.calls, ...decodeResults.mock.calls])
        expect(bytes.length).toBeLessThan(block / 10)
    } finally {
      vi.restoreAllMocks()
    }
    expect(queries.transaction(id)).toEqual(queries.block(2)!.transactions[39])
    await forged.close()
  })

  it('is the same light block of a block that an earlier version kept', async () => {
    const forged = await ForgedChain.open(await place.folder(), forgedGenesis('asked-2'))
    await forged.grow(2, 40)
    const { store } = forged
    const queries = new ChainQueries(store, () => forged.height)
    const kept = queries.lightBlock(2)!
    const { header, validators, nextValidators, commit } = LightBlock.decode(kept)
    expect([header, validators, nextValidators, commit]).not.toContain(undefined)
    vi.spyOn(store.blocks, 'light').mockReturnValue(undefined)
    try {
      expect(queries.lightBlock(2)).toEqual(kept)
      expect(queries.lightBlock(3)).toBeUndefined()
    } finally {
      vi.restoreAllMocks()
    }
    await forged.close()
  })
})

describe('a decided block with transactions', () => {
  it('is opened with their signatures, unless a light client vouches for it', async () => {
    const start = chain.head()
    await ask('node', 'Transaction', { body: { id: await pay(3n), waitMs: 30_000, prove: false } })
    const { attachments } = await ask('node', 'Blocks', { body: { first: 1, limit: 64 } })
    let checked = 0
    const open = (index: number, isTrusted: boolean) => {
      const [bytes, commitBytes] = attachments.slice(2 * index)
      const fetched = { height: index + 1, bytes: bytes!, commitBytes: commitBytes!, from: 'node' }
      return openDecided(fetched, {
        chainId: CHAIN,
        head: start,
        isTrusted,
        verifyAll: async checks => {
          checked += checks.length
          return true
        },
      })
    }
    const count = async (isTrusted: boolean) => {
      checked = 0
      for (let index = 0; index < attachments.length / 2; index++) await open(index, isTrusted)
      return checked
    }
    const commits = attachments.length / 2
    expect(await count(true)).toBe(commits)
    expect(await count(false)).toBe(commits + 1)
  })

  it('of validators that are not known yet waits for those before it', async () => {
    await ask('node', 'Transaction', { body: { id: await pay(3n), waitMs: 30_000, prove: false } })
    const { attachments } = await ask('node', 'Blocks', { body: { first: 1, limit: 64 } })
    const [bytes, commitBytes] = attachments
    const stranger = { validators: [{ publicKey: bob.publicKey, power: 1 }] }
    const open = (height: number) =>
      openDecided(
        { height: 1, bytes: bytes!, commitBytes: commitBytes!, from: 'node' },
        {
          chainId: CHAIN,
          head: { ...chain.head(), height, validators: stranger, nextValidators: stranger },
          isTrusted: false,
          verifyAll: async () => true,
        },
      )
    expect(await open(-5)).toBeUndefined()
    expect(await open(-1).catch(errorCode)).toBe('LEDGER_BAD_BLOCK')
  })
})
