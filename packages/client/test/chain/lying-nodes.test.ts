import { blockIdFrom, NVY } from '@neurovoyance/ledger'
import { Header, LightBlock, NeurovoyanceError, systemClock } from '@neurovoyance/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { openChainReader } from '../../src/chain/index.js'
import { keyOf, liquidOf } from './account-value.js'
import { type Answer, honestAnswer } from './honest-answer.js'
import { nodesOf } from './nodes.js'
import { TestChain, walletOf } from './test-chain.js'

const alice = walletOf(1)
const bob = walletOf(2)
const FUNDS = 10_000n * NVY

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

describe('a chain from afar, of which nodes lie', () => {
  let chain: TestChain

  beforeEach(() => {
    chain = new TestChain({ startMs: systemClock.now() - 60_000, clients: [alice.address] })
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
    await expect(alone.get([keyOf(alice)])).rejects.toMatchObject({
      code: 'CLIENT_NO_CHAIN',
      details: { attempts: [{ node: 'liar', code: 'CLIENT_BAD_RESPONSE' }] },
    })
    const nodes = nodesOf({ liar: { chain, lies }, honest: { chain } })
    const reader = await openChainReader({ host: nodes, genesis })
    const [mine] = await reader.get([keyOf(alice)])
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
      await expect(reader.get([keyOf(wallet)])).rejects.toMatchObject({ code: 'CLIENT_NO_CHAIN' })
    }
  })

  it('does not follow a node with validators of its own', async () => {
    const usurped = new TestChain({ startMs: chain.genesis.timeMs, clients: [bob.address], validators: 3 })
    const lies = {
      Status: () => honestAnswer(chain, 'Status'),
      LightBlock: () => honestAnswer(usurped, 'LightBlock'),
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
    expect(liquidOf((await another.get([keyOf(alice)]))[0])).toBe(FUNDS)
  })

  it('stops where the validators signed two blocks of a height', async () => {
    const { genesis } = chain
    const fork = new TestChain({ startMs: genesis.timeMs, clients: [alice.address] })
    chain.produce()
    fork.produce(1_500)
    let lies = false
    const LightBlock = (honest: unknown) => (lies ? honestAnswer(fork, 'LightBlock') : honest)
    const nodes = nodesOf({ traitor: { chain, lies: { LightBlock } } })
    const reader = await openChainReader({ host: nodes, genesis })
    lies = true
    await expect(reader.header()).rejects.toMatchObject({
      code: 'LEDGER_LIGHT_FORK',
      details: { height: 2, ours: { commit: expect.any(String) }, theirs: { commit: expect.any(String) } },
    })
  })
})
