import { accounts, blockIdFrom, Draft, idOf, NVY } from '@neurovoyance/ledger'
import { Header, LightBlock, NeurovoyanceError, parseAddress, systemClock } from '@neurovoyance/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  openChainReader,
  readAccount,
  readParameters,
  readState,
  readSupply,
  readValidators,
  storageTrust,
} from '../../src/chain/index.js'
import { nodesOf, TestChain, walletOf } from './test-chain.js'

const alice = walletOf(1)
const bob = walletOf(2)
const FUNDS = 10_000n * NVY
const key = (address: string) => accounts.key(idOf(parseAddress(address)))
const liquidOf = (bytes: Uint8Array | undefined) =>
  accounts.get(new Draft({ get: () => bytes }), 'x')?.purse?.liquid

const memoryStorage = () => {
  const texts = new Map<string, string>()
  return {
    texts,
    getItem: (name: string) => texts.get(name) ?? null,
    setItem: (name: string, text: string) => void texts.set(name, text),
  }
}

type Answer = { body: object; attachments: Uint8Array[] }

/** A light block of another block, with a commit that nobody signed. */
function unsigned({ body, attachments }: Answer): Answer {
  const block = LightBlock.decode(attachments[0]!)
  const partsRoot = new Uint8Array(32).fill(9)
  const id = blockIdFrom(Header.encode(block.header!), block.parts, partsRoot)
  const commit = { ...block.commit!, block: id, signatures: [] }
  return { body, attachments: [LightBlock.encode({ ...block, partsRoot, commit })] }
}

/** What a node answers with reaches who asks with its code. */
function refuse(code: string): never {
  throw new NeurovoyanceError(code, 'believe me')
}

describe('a chain from afar', () => {
  let chain: TestChain

  beforeEach(() => {
    chain = new TestChain({ startMs: systemClock.now() - 60_000, clients: [alice.address] })
  })

  it('begins with the genesis and gives proven values, and what is not there', async () => {
    const { genesis } = chain
    const reader = await openChainReader({ host: nodesOf({ node: { chain } }), genesis })
    const [mine, his] = await reader.get([key(alice.address), key(bob.address)])
    expect(liquidOf(mine)).toBe(FUNDS)
    expect(his).toBeUndefined()
    expect(await reader.head()).toEqual({ height: 1, timeMs: genesis.timeMs + 1_000, baseFee: 10n })
    expect((await reader.header(1)).header.height).toBe(1)
  })

  it('gives a value that was changed on its way to nobody: the next node is asked', async () => {
    const lies = {
      Values: (honest: unknown) => {
        const { body, attachments } = honest as { body: object; attachments: Uint8Array[] }
        const changed = Uint8Array.from(attachments[0]!)
        changed[changed.length - 1]! ^= 1
        return { body, attachments: [changed, ...attachments.slice(1)] }
      },
    }
    const { genesis } = chain
    const alone = await openChainReader({ host: nodesOf({ liar: { chain, lies } }), genesis })
    await expect(alone.get([key(alice.address)])).rejects.toMatchObject({
      code: 'CLIENT_NO_CHAIN',
      details: { attempts: [{ node: 'liar', code: 'CLIENT_BAD_RESPONSE' }] },
    })
    const nodes = nodesOf({ liar: { chain, lies }, honest: { chain } })
    const reader = await openChainReader({ host: nodes, genesis })
    const [mine] = await reader.get([key(alice.address)])
    expect(liquidOf(mine)).toBe(FUNDS)
    expect(nodes.calls.filter(({ method }) => method === 'Values').map(({ node }) => node)).toEqual([
      'liar',
      'honest',
    ])
  })

  it('does not take an absent value for a present one, nor the other way round', async () => {
    const lies = {
      Values: (honest: unknown) => {
        const { body, attachments } = honest as {
          body: { height: number; values: { present: boolean }[] }
          attachments: Uint8Array[]
        }
        return {
          body: { ...body, values: body.values.map(({ present }) => ({ present: !present })) },
          attachments,
        }
      },
    }
    const reader = await openChainReader({ host: nodesOf({ liar: { chain, lies } }), genesis: chain.genesis })
    for (const wallet of [alice, bob]) {
      await expect(reader.get([key(wallet.address)])).rejects.toMatchObject({ code: 'CLIENT_NO_CHAIN' })
    }
  })

  it('does not follow a node with validators of its own', async () => {
    const usurped = new TestChain({ startMs: chain.genesis.timeMs, clients: [bob.address], validators: 3 })
    const lies = {
      Status: () => chain.answer('Status', undefined as never),
      LightBlock: () => usurped.answer('LightBlock', {} as never),
    }
    const { genesis } = chain
    await expect(
      openChainReader({ host: nodesOf({ usurper: { chain, lies } }), genesis }),
    ).rejects.toMatchObject({
      code: 'CLIENT_NO_CHAIN',
      details: { attempts: [{ code: 'LEDGER_BAD_LIGHT_BLOCK' }] },
    })
  })

  it.each([
    ['shows a block beside a trusted one that nobody signed', (honest: Answer) => unsigned(honest)],
    ['says that there is a fork', () => refuse('LEDGER_LIGHT_FORK')],
    ['says that all is too old', () => refuse('LEDGER_LIGHT_EXPIRED')],
    ['says that the question is wrong', () => refuse('CLIENT_INVALID_ARGUMENT')],
  ])('asks another node where one %s', async (_, lie) => {
    const { genesis } = chain
    let lies = false
    const LightBlock = (honest: unknown) => (lies ? lie(honest as Answer) : honest)
    const nodes = nodesOf({ liar: { chain, lies: { LightBlock } }, honest: { chain } })
    const reader = await openChainReader({ host: nodes, genesis })
    lies = true
    expect((await reader.header()).header.height).toBe(1)
    expect(nodes.calls.slice(-2).map(({ node }) => node)).toContain('honest')
    // and begins in spite of it
    const another = await openChainReader({ host: nodes, genesis })
    expect(liquidOf((await another.get([key(alice.address)]))[0])).toBe(FUNDS)
  })

  it('stops where the validators signed two blocks of a height', async () => {
    const { genesis } = chain
    const fork = new TestChain({ startMs: genesis.timeMs, clients: [alice.address] })
    chain.produce()
    fork.produce(1_500)
    let lies = false
    const LightBlock = (honest: unknown) => (lies ? fork.answer('LightBlock', {} as never) : honest)
    const nodes = nodesOf({ traitor: { chain, lies: { LightBlock } } })
    const reader = await openChainReader({ host: nodes, genesis })
    lies = true
    await expect(reader.header()).rejects.toMatchObject({
      code: 'LEDGER_LIGHT_FORK',
      details: { height: 2, ours: { commit: expect.any(String) }, theirs: { commit: expect.any(String) } },
    })
  })

  it('goes on with another node when one is gone, and says it when all are', async () => {
    const nodes = nodesOf({ first: { chain }, second: { chain } })
    const reader = await openChainReader({ host: nodes, genesis: chain.genesis })
    nodes.end(nodes.calls.find(({ method }) => method === 'LightBlock')!.node)
    expect(liquidOf((await reader.get([key(alice.address)]))[0])).toBe(FUNDS)
    nodes.end('first')
    nodes.end('second')
    await expect(reader.get([key(alice.address)])).rejects.toMatchObject({ code: 'CLIENT_NO_CHAIN' })
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

describe('views of a chain from afar', () => {
  const chain = new TestChain({ startMs: systemClock.now() - 60_000, clients: [alice.address] })
  const open = () => openChainReader({ host: nodesOf({ node: { chain } }), genesis: chain.genesis })

  it('supply, validators and parameters are those of the state', async () => {
    const reader = await open()
    const supply = await readSupply(reader)
    expect(supply.total).toBe(Object.values(supply.held).reduce((sum, amount) => sum + amount, 0n))
    expect(supply.held.bonded).toBe(400_000n * NVY)
    const validators = await readValidators(reader)
    expect(validators.map(({ key: name }) => name)).toEqual(
      chain.validators.map(({ publicKey }) => idOf(publicKey)),
    )
    expect(validators[0]).toMatchObject({ power: 100_000, bonded: 100_000n * NVY, tombstoned: false })
    const parameters = await readParameters(reader)
    expect(parameters.find(({ name }) => name === 'fees/leastBaseFee')).toMatchObject({
      value: 10n,
      unit: 'base units',
    })
  })

  it('an account that nobody has used is empty, a validator’s owner has a bond', async () => {
    const reader = await open()
    expect(await readAccount(reader, bob.address)).toMatchObject({ nonce: 0, total: 0n, bonds: [] })
    const owner = chain.validators[0]!
    const view = await readAccount(reader, owner.address)
    expect(view.balances).toMatchObject({ liquid: 100n * NVY, bonded: 100_000n * NVY })
    expect(view.bonds).toEqual([
      { validator: idOf(owner.publicKey), liquid: 100_000n * NVY, earned: 0n, reward: 0n },
    ])
  })

  it('a view sees one state only: what it lacks is asked for together with what it had', async () => {
    const asked: (readonly string[])[] = []
    const get = async (keys: readonly string[]) => {
      asked.push(keys)
      return keys.map(name => (name === 'accounts/a' ? accountBytes : undefined))
    }
    const accountBytes = undefined
    await readState(get, draft => {
      accounts.get(draft, 'a')
      if (asked.length > 0) accounts.get(draft, 'b')
    })
    expect(asked).toEqual([['accounts/a'], ['accounts/a', 'accounts/b']])
  })

  it('a view that fails with all that it asked for fails', async () => {
    await expect(
      readState(
        async keys => keys.map(() => undefined),
        draft => {
          if (accounts.get(draft, 'a') === undefined) throw new RangeError('not there')
        },
      ),
    ).rejects.toThrow('not there')
  })
})
