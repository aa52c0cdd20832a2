import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { type ChainGossip, Commit, type Message as RpcMessage } from '@neurovoyance/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ChainHandlers } from '../../src/chain/network.js'
import { idOf } from '../../src/index.js'
import { Blocks, CHAIN, type DecidedBytes, GENESIS_HASH, validatorKeys } from './blocks.js'
import { Member, type MemberInit } from './member.js'
import { type ConnectedChains, connectChains } from './network.js'

const NODE = 'node'
const PEERS = ['first', 'second', 'third'] as const
const LENGTH = 60
const keys = validatorKeys(4)
const chain = new Blocks(keys)
chain.grow(LENGTH)

let folder: string
let network: ConnectedChains
let node: Member
let leaving: AbortController

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'neurovoyance-sync-'))
  network = connectChains({ ids: [NODE, ...PEERS] })
  leaving = new AbortController()
})
afterEach(async () => {
  leaving.abort()
  await node.stop()
  await rm(folder, { recursive: true })
})

type Answer = (first: number, limit: number) => readonly DecidedBytes[] | Promise<readonly DecidedBytes[]>

/** What the chain has. */
const truth: Answer = (first, limit) => chain.stored.slice(first - 1, first - 1 + limit)

/** A peer that says that it is so far, and gives these blocks; how often it was asked. */
function peer(name: string, claims: number, answer: Answer = truth): { asked: number } {
  const own = network.node(name)
  const count = { asked: 0 }
  const refused = async (): Promise<never> => {
    throw new RangeError('not here')
  }
  own.serve({
    Gossip: messages => silence(messages),
    Blocks: async ({ body: { first, limit } }) => {
      count.asked++
      const blocks = await answer(first, limit)
      return { body: { first }, attachments: blocks.flatMap(({ block, commit }) => [block, commit]) }
    },
    Status: refused,
    LightBlock: refused,
    Submit: refused,
    Transaction: refused,
    Values: refused,
    History: refused,
    Snapshots: refused,
  } satisfies ChainHandlers)
  async function* says(): AsyncGenerator<RpcMessage<ChainGossip>> {
    yield { body: { hello: { chainId: CHAIN, genesis: GENESIS_HASH } } }
    yield { body: { head: { height: claims, first: 1 } } }
    await new Promise(resolve => leaving.signal.addEventListener('abort', resolve))
  }
  void (async () => {
    for await (const _ of own.gossip(NODE, says(), leaving.signal)) {
      // nothing is answered
    }
  })().catch(() => {})
  return count
}

/** Hears all and says nothing. */
function silence(messages: AsyncIterable<unknown>): AsyncIterable<never> {
  const heard = async (): Promise<IteratorResult<never>> => {
    for await (const _ of messages) if (leaving.signal.aborted) break
    return { done: true, value: undefined }
  }
  return { [Symbol.asyncIterator]: () => ({ next: heard }) }
}

/** Resolves when the node hears a peer no more. */
function letAlone(name: string): Promise<void> {
  const { peers } = node.gossip
  return new Promise(resolve => {
    let wasHeard = false
    const stop = peers.onHead(() => {
      const isHeard = peers.heads().has(name)
      if (wasHeard && !isHeard) {
        stop()
        resolve()
      }
      wasHeard = isHeard
    })
  })
}

/** A node that begins at the genesis. */
async function begin(init: Partial<MemberInit> = {}): Promise<void> {
  node = await new Member({ folder, keys, network: network.node(NODE), ...init }).start()
}

function expectWholeChain(): void {
  expect(node.blocks.stored.map(({ id }) => id)).toEqual(chain.stored.map(({ id }) => id))
  expect(node.failures).toEqual([])
}

/** The same blocks, one of them with another commit. */
const withCommit =
  (height: number, change: (commit: Commit) => Commit): Answer =>
  async (first, limit) => {
    const blocks = [...(await truth(first, limit))]
    const found = blocks[height - first]
    if (found !== undefined)
      blocks[height - first] = { ...found, commit: Commit.encode(change(Commit.decode(found.commit))) }
    return blocks
  }

describe('block sync', () => {
  it('fetches from several peers at once', async () => {
    await begin({ sync: { rangeBlocks: 8 } })
    const counts = PEERS.map(name => peer(name, LENGTH))
    await node.reached(LENGTH)
    expectWholeChain()
    for (const { asked } of counts) expect(asked).toBeGreaterThan(0)
    expect(node.pauses).toBe(1)
  })

  it('gives consensus what is missing where that is little', async () => {
    await begin({ sync: { farBlocks: 1_000 } })
    peer('first', LENGTH)
    await node.reached(LENGTH)
    expectWholeChain()
    expect(node.pauses).toBe(0)
  })

  const lies: Record<string, Answer> = {
    'a commit with a wrong signature beyond the quorum': withCommit(20, commit => ({
      ...commit,
      signatures: commit.signatures.map((signed, index) =>
        index === 3 ? { ...signed, signature: new Uint8Array(64).fill(1) } : signed,
      ),
    })),
    'a commit that is no quorum': withCommit(20, commit => ({
      ...commit,
      signatures: commit.signatures.slice(0, 2),
    })),
    'the commit of another block': async (first, limit) => {
      const blocks = await truth(first, limit)
      return blocks.map(block => ({ ...block, commit: chain.stored[0]!.commit }))
    },
    'a block that others signed': async (first, limit) => {
      const blocks = new Blocks(validatorKeys(8).slice(4))
      blocks.grow(first + limit)
      return blocks.stored.slice(first - 1, first - 1 + limit)
    },
    'bytes that are no block': async (first, limit) => {
      const blocks = await truth(first, limit)
      return blocks.map(block => ({ ...block, block: new Uint8Array(1_000).fill(255) }))
    },
    'blocks of another height': (_, limit) => chain.stored.slice(30, 30 + limit),
    'more than it was asked for': async (first, limit) => [
      ...(await truth(first, limit)),
      ...chain.stored.slice(0, limit),
    ],
  }

  it.each(Object.entries(lies))('finds a peer out that gives %s', async (_, answer) => {
    await begin({ sync: { rangeBlocks: 8 } })
    peer('first', LENGTH, answer)
    await letAlone('first')
    expect(node.height).toBeLessThan(20)
    peer('second', LENGTH)
    await node.reached(LENGTH)
    expectWholeChain()
  })

  /** The same validators decided another block after so many. */
  const forkedAfter = (height: number): Answer => {
    const fork = new Blocks(keys)
    fork.grow(height)
    fork.grow(LENGTH - height, [Uint8Array.of(1)])
    return (first, limit) => fork.stored.slice(first - 1, first - 1 + limit)
  }
  const trustedTo = { height: 40, blockId: idOf(chain.stored[39]!.id) }

  it('refuses the chain that it was given where that does not lead to the trusted block', async () => {
    await begin({ trustedTo })
    peer('first', 39, forkedAfter(0))
    await node.reached(39)
    peer('second', LENGTH)
    expect(await node.failed).toMatchObject({ code: 'LEDGER_CHAIN_UNTRUSTED', details: trustedTo })
    expect(node.height).toBe(39)
  })

  it('takes no other block in place of the trusted one, whoever has signed it', async () => {
    await begin({ trustedTo })
    peer('first', LENGTH, forkedAfter(39))
    await letAlone('first')
    expect(node.height).toBeLessThan(40)
    peer('second', LENGTH)
    await node.reached(LENGTH)
    expectWholeChain()
  })

  it('does not wait for a peer that never answers', async () => {
    await begin({ sync: { rangeBlocks: 8, requestMs: 100 } })
    peer('first', LENGTH, () => new Promise(() => {}))
    peer('second', LENGTH, () => [])
    peer('third', LENGTH)
    await node.reached(LENGTH)
    expectWholeChain()
  })

  it('does not stop consensus on the word of a peer that has nothing to show', async () => {
    await begin({ sync: { requestMs: 100 } })
    const liar = peer('first', 1_000_000, () => [])
    peer('second', 3)
    await node.reached(3)
    expect(liar.asked).toBeGreaterThan(0)
    expect(node.pauses).toBe(0)
    expect(node.sync.catchingUp).toBe(false)
  })

  it('goes on voting when those who were ahead are gone', async () => {
    await begin({ sync: { rangeBlocks: 4, requestMs: 100 } })
    // shows that it is far ahead, and then no more
    peer('first', LENGTH, (first, limit) =>
      first > 20 ? [] : chain.stored.slice(first - 1, first - 1 + limit),
    )
    await node.reached(20)
    await expect.poll(() => node.driver?.state.height).toBe(21)
    expect(node.sync.catchingUp).toBe(false)
  })
})
