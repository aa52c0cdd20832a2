import type { ChainGossip } from '@neurovoyance/protocol'
import { describe, expect, it } from 'vitest'
import { Outbox } from '../../src/chain/gossip/outbox.js'
import type { Message } from '../../src/consensus/core/index.js'

const hello = { chainId: 'here-1', genesis: new Uint8Array(32) }

const limits = { waitingMessages: 3, waitingParts: 2, waitingTransactionBytes: 100 }

const vote = (round: number, height = 5): Message => ({
  type: 'vote',
  vote: {
    type: 'prevote',
    height,
    round,
    blockId: '',
    validRound: -1,
    validator: 'aa'.repeat(32),
    signature: new Uint8Array(64),
  },
})

const part = (index: number, height = 5): Message => ({
  type: 'part',
  part: { height, partsRoot: 'bb'.repeat(32), index, bytes: new Uint8Array(1), proof: [] },
})

/** All that waits in a box, in its order. */
function drained(outbox: Outbox): ChainGossip[] {
  const said: ChainGossip[] = []
  for (let next = outbox.take(); next !== undefined; next = outbox.take()) said.push(next)
  return said
}

/** A word for each thing that is said. */
const named = ({ hello: first, head, message, transactions, summary, sources }: ChainGossip): string => {
  if (first !== undefined) return 'hello'
  if (head !== undefined) return `head ${head.height}`
  if (sources !== undefined) return `sources ${sources.peers}`
  if (summary !== undefined) return `summary ${summary.height}`
  if (message?.vote !== undefined) return `vote ${message.vote.body?.round}`
  if (message?.part !== undefined) return `part ${message.part.index}`
  return `transactions ${transactions?.transactions.length}`
}

describe('a box for a peer', () => {
  it('gives what is urgent first', () => {
    const outbox = new Outbox(hello, limits)
    outbox.transaction(new Uint8Array(10))
    outbox.message(part(0))
    outbox.message(vote(1))
    outbox.sources(['a', 'b'])
    outbox.head({ height: 98, first: 1 })
    outbox.head({ height: 99, first: 1 })
    outbox.summary({ height: 4, round: 0, rounds: [], blocks: [] })
    outbox.summary({ height: 5, round: 0, rounds: [], blocks: [] })
    outbox.transaction(new Uint8Array(10))
    const said = drained(outbox).map(named)
    expect(said).toEqual([
      'hello',
      'head 99',
      'sources a,b',
      'summary 5',
      'vote 1',
      'part 0',
      'transactions 2',
    ])
  })

  it('lets old votes go, and takes no more parts and transactions than it holds', () => {
    const outbox = new Outbox(hello, limits)
    for (let round = 0; round < 5; round++) outbox.message(vote(round))
    for (let index = 0; index < 5; index++) outbox.message(part(index))
    for (let count = 0; count < 5; count++) outbox.transaction(new Uint8Array(40))
    const said = drained(outbox).map(named).slice(1)
    expect(said).toEqual(['vote 2', 'vote 3', 'vote 4', 'part 0', 'part 1', 'transactions 2'])
  })

  it('forgets what is over', () => {
    const outbox = new Outbox(hello, limits)
    outbox.message(vote(0, 5))
    outbox.message(vote(1, 6))
    outbox.message(part(0, 5))
    outbox.forgetBelow(6)
    expect(drained(outbox).map(named).slice(1)).toEqual(['vote 1'])
  })

  it('ends for whoever waits at it', async () => {
    const outbox = new Outbox(hello, limits)
    const iterator = outbox[Symbol.asyncIterator]()
    await iterator.next()
    const next = iterator.next()
    outbox.close()
    expect(await next).toEqual({ done: true, value: undefined })
  })
})
