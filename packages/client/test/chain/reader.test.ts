import { idOf, NVY } from '@neurovoyance/ledger'
import { LightBlock, systemClock } from '@neurovoyance/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { openChainReader, storageTrust } from '../../src/chain/index.js'
import { keyOf, liquidOf } from './account-value.js'
import { nodesOf } from './nodes.js'
import { TestChain, walletOf } from './test-chain.js'

const alice = walletOf(1)
const bob = walletOf(2)
const FUNDS = 10_000n * NVY

const memoryStorage = () => {
  const texts = new Map<string, string>()
  return {
    texts,
    getItem: (name: string) => texts.get(name) ?? null,
    setItem: (name: string, text: string) => void texts.set(name, text),
  }
}

describe('a chain from afar', () => {
  let chain: TestChain

  beforeEach(() => {
    chain = new TestChain({ startMs: systemClock.now() - 60_000, clients: [alice.address] })
  })

  it('begins with the genesis and gives proven values, and what is not there', async () => {
    const { genesis } = chain
    const reader = await openChainReader({ host: nodesOf({ node: { chain } }), genesis })
    const [mine, his] = await reader.get([keyOf(alice), keyOf(bob)])
    expect(liquidOf(mine)).toBe(FUNDS)
    expect(his).toBeUndefined()
    expect(await reader.head()).toEqual({ height: 1, timeMs: genesis.timeMs + 1_000, baseFee: 10n })
    expect((await reader.header(1)).header.height).toBe(1)
  })

  it('goes on with another node when one is gone, and says it when all are', async () => {
    const nodes = nodesOf({ first: { chain }, second: { chain } })
    const reader = await openChainReader({ host: nodes, genesis: chain.genesis })
    nodes.end(nodes.calls.find(({ method }) => method === 'LightBlock')!.node)
    expect(liquidOf((await reader.get([keyOf(alice)]))[0])).toBe(FUNDS)
    nodes.end('first')
    nodes.end('second')
    await expect(reader.get([keyOf(alice)])).rejects.toMatchObject({ code: 'CLIENT_NO_CHAIN' })
  })

  it('finds only nodes of its own chain', async () => {
    const other = new TestChain({ startMs: chain.genesis.timeMs, clients: [bob.address] })
    const host = nodesOf({ other: { chain: other } })
    await expect(openChainReader({ host, genesis: chain.genesis })).rejects.toMatchObject({
      code: 'CLIENT_NO_CHAIN',
      message: expect.stringContaining('none of 1 connected peers'),
    })
    const nobody = { host: nodesOf({}), genesis: chain.genesis, openWithinMs: 0 }
    await expect(openChainReader(nobody)).rejects.toMatchObject({
      code: 'CLIENT_NO_CHAIN',
      message: expect.stringContaining('connect to the network first'),
    })
    await expect(openChainReader({ host })).rejects.toMatchObject({ code: 'CLIENT_INVALID_INIT' })
  })

  it('begins with a header that somebody named, where the document is not at hand', async () => {
    chain.produce()
    const { header, commit } = LightBlock.decode(chain.lightBlock(2))
    const host = nodesOf({ node: { chain } })
    const known = await openChainReader({ host, genesis: chain.genesis })
    const name = { chainId: known.chainId, genesis: known.genesis }
    const anchor = { height: header!.height, blockId: idOf(commit!.block) }
    const reader = await openChainReader({ host, chain: name, anchor })
    expect(reader.trusted.height).toBe(2)
    const wrong = { ...anchor, blockId: '00'.repeat(32) }
    await expect(openChainReader({ host, chain: name, anchor: wrong })).rejects.toMatchObject({
      code: 'CLIENT_NO_CHAIN',
    })
  })

  it('keeps what it trusts from one run to the next, and begins anew where that is damaged or another chain’s', async () => {
    const storage = memoryStorage()
    const trust = storageTrust(storage, 'chain')
    const nodes = nodesOf({ node: { chain } })
    const { genesis } = chain
    const first = await openChainReader({ host: nodes, genesis, trust })
    chain.produce()
    await first.header()
    await first.close()
    expect(JSON.parse(storage.texts.get('chain')!)).toMatchObject({ chainId: 'test-1', height: 2 })
    const second = await openChainReader({ host: nodes, genesis, trust })
    expect(second.trusted.height).toBe(2)
    for (const text of ['{', '{"version":1}', storage.texts.get('chain')!.replace('test-1', 'test-2')]) {
      storage.texts.set('chain', text)
      expect((await openChainReader({ host: nodes, genesis, trust })).trusted.height).toBe(2)
    }
  })

  it('waits for the first block of a chain that begins, and not for ever', async () => {
    const { genesis, ...fresh } = { genesis: chain.genesis, clients: [alice.address], begun: false }
    const young = new TestChain({ startMs: genesis.timeMs, ...fresh })
    const nodes = nodesOf({ node: { chain: young } })
    const opening = openChainReader({ host: nodes, genesis: young.genesis })
    await nodes.asked('Status', 2)
    young.produce()
    expect((await opening).trusted.height).toBe(1)

    const late = new TestChain({ startMs: genesis.timeMs, ...fresh })
    const host = nodesOf({ node: { chain: late } })
    await expect(openChainReader({ host, genesis: late.genesis, firstBlockMs: 0 })).rejects.toMatchObject({
      code: 'CLIENT_NO_CHAIN',
      message: expect.stringContaining('has no block yet'),
    })
    const stop = new AbortController()
    const waiting = openChainReader({ host, genesis: late.genesis, signal: stop.signal })
    const stopped = expect(waiting).rejects.toThrow('enough')
    await host.asked('Status', 2)
    stop.abort(new Error('enough'))
    await stopped
  })

  it('believes what it kept rather than a node that shows an older chain', async () => {
    const storage = memoryStorage()
    const trust = storageTrust(storage)
    const { genesis } = chain
    const first = await openChainReader({ host: nodesOf({ node: { chain } }), genesis, trust })
    for (let block = 0; block < 5; block++) chain.produce()
    await first.header()
    await first.close()
    const old = new TestChain({ startMs: genesis.timeMs, clients: [alice.address] })
    await expect(
      openChainReader({ host: nodesOf({ node: { chain: old } }), genesis, trust }),
    ).rejects.toMatchObject({
      code: expect.stringMatching(/LEDGER_LIGHT_EXPIRED|CLIENT_NO_CHAIN/),
    })
  })
})
