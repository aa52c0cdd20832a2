import type { ChainGossip } from '@neurovoyance/protocol'
import { describe, expect, it } from 'vitest'
import { Outbox } from '../../src/chain/gossip/outbox.js'
import { Pace } from '../../src/chain/gossip/pace.js'
import { listeners, newPeer, type Peer } from '../../src/chain/gossip/peer.js'
import { Penalties } from '../../src/chain/gossip/penalties.js'
import { RecentSet } from '../../src/chain/gossip/recent.js'
import { DEFAULT_GOSSIP_SETTINGS } from '../../src/chain/gossip/settings.js'
import { rememberingVerifier } from '../../src/chain/gossip/signatures.js'
import { TransactionTalk } from '../../src/chain/gossip/transaction-talk.js'
import type { Message } from '../../src/consensus/core/index.js'
import { ledgerError } from '../../src/errors.js'

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

describe('who is told', () => {
  const peer = (id: string, sources: readonly string[]): Peer => ({
    ...newPeer(id),
    outbox: new Outbox(hello, limits),
    sources: new Set(sources),
  })

  it('nobody, of what one heard from another, where everyone hears everyone', () => {
    const peers = [peer('a', ['b', 'c', 'me']), peer('b', ['a', 'c', 'me']), peer('c', ['a', 'b', 'me'])]
    expect([...listeners(peers, 'a')]).toEqual([])
    expect([...listeners(peers)]).toEqual(peers.map(({ outbox }) => outbox))
  })

  it('those who do not hear it from whom it came, in a line', () => {
    const peers = [peer('left', ['me']), peer('right', ['me'])]
    expect([...listeners(peers, 'left')]).toEqual([peers[1]!.outbox])
  })

  it('nobody whose stream is not open', () => {
    expect([...listeners([newPeer('a')])]).toEqual([])
  })

  // Every net of up to six nodes that hangs together, and every node as the one that speaks first.
  it('everyone, in the end, on any net', () => {
    for (let size = 2; size <= 5; size++) {
      const pairs = [...Array(size).keys()].flatMap(a => [...Array(a).keys()].map(b => [a, b] as const))
      for (let net = 0; net < 2 ** pairs.length; net++) {
        const edges = pairs.filter((_, bit) => (net >> bit) & 1)
        const beside = (node: number): number[] =>
          edges.flatMap(([a, b]) => (a === node ? [b] : b === node ? [a] : []))
        for (let origin = 0; origin < size; origin++) {
          expect(spread(origin, beside)).toEqual(reachable(origin, beside))
        }
      }
    }
  })
})

/** Who has a message in the end, if each passes it on by the rule of `listeners`. */
function spread(origin: number, beside: (node: number) => number[]): Set<number> {
  const has = new Set([origin])
  const queue: { node: number; from: number | undefined }[] = [{ node: origin, from: undefined }]
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { node, from } = next
    const boxes = new Map<Outbox, number>()
    const peers = beside(node).map(id => {
      const outbox = new Outbox(hello, limits)
      boxes.set(outbox, id)
      return { ...newPeer(String(id)), outbox, sources: new Set(beside(id).map(String)) }
    })
    for (const outbox of listeners(peers, from === undefined ? undefined : String(from))) {
      const to = boxes.get(outbox)!
      if (has.has(to)) continue
      has.add(to)
      queue.push({ node: to, from: node })
    }
  }
  return has
}

function reachable(origin: number, beside: (node: number) => number[]): Set<number> {
  const found = new Set([origin])
  for (const node of found) for (const next of beside(node)) found.add(next)
  return found
}

/** A clock that goes when it is told to. */
class HandClock {
  time = 0
  readonly #due: { at: number; run: () => void }[] = []
  now = (): number => this.time
  monotonicMs = (): number => this.time
  after = (delayMs: number, run: () => void): (() => void) => {
    const entry = { at: this.time + delayMs, run }
    this.#due.push(entry)
    return () => void this.#due.splice(this.#due.indexOf(entry) >>> 0, 1)
  }
  advance(ms: number): void {
    this.time += ms
    for (const entry of this.#due.filter(({ at }) => at <= this.time)) {
      this.#due.splice(this.#due.indexOf(entry), 1)
      entry.run()
    }
  }
}

describe('limits', () => {
  it('a pace lets a second’s worth through at once, and then so much a second', () => {
    const clock = new HandClock()
    const pace = new Pace(clock, 100)
    expect(pace.use(100)).toBe(0)
    expect(pace.use(50)).toBe(500)
    clock.advance(500)
    expect(pace.use(0)).toBe(0)
    clock.advance(60_000)
    expect(pace.use(150)).toBe(500)
  })

  it('penalties end, and are longer each time', () => {
    const clock = new HandClock()
    const penalties = new Penalties(clock, { penaltyMs: 1_000, maxPenaltyMs: 3_000 })
    expect(penalties.remainingMs('a')).toBe(0)
    penalties.add('a')
    expect(penalties.remainingMs('a')).toBe(1_000)
    clock.advance(1_000)
    expect(penalties.remainingMs('a')).toBe(0)
    penalties.add('a')
    expect(penalties.remainingMs('a')).toBe(2_000)
    penalties.add('a')
    expect(penalties.remainingMs('a')).toBe(3_000)
    for (let peer = 0; peer < 2_000; peer++) penalties.add(`peer ${peer}`)
    expect(penalties.remainingMs('a')).toBe(0)
  })

  it('a memory holds the newest, and forgets the oldest', () => {
    const recent = new RecentSet(10)
    for (let name = 0; name < 100; name++) expect(recent.add(String(name))).toBe(true)
    for (let name = 90; name < 100; name++) expect(recent.add(String(name))).toBe(false)
    for (let name = 0; name < 80; name++) expect(recent.has(String(name))).toBe(false)
    recent.age()
    recent.age()
    expect(recent.has('99')).toBe(false)
  })

  it('a signature that held is not checked again, one that did not is', () => {
    let checks = 0
    const verify = rememberingVerifier((_, message) => {
      checks++
      return message.length === 1
    })
    const key = new Uint8Array(32)
    const signature = new Uint8Array(64)
    expect(verify(key, new Uint8Array(1), signature)).toBe(true)
    expect(verify(key, new Uint8Array(1), signature)).toBe(true)
    expect(checks).toBe(1)
    expect(verify(key, new Uint8Array(2), signature)).toBe(false)
    expect(verify(key, new Uint8Array(2), signature)).toBe(false)
    expect(checks).toBe(3)
  })
})

describe('transactions', () => {
  const good = (byte: number): Uint8Array => new Uint8Array(8).fill(byte)

  /** A node with peers a, b and c, of whom c hears a. */
  function talking(admit: (bytes: Uint8Array) => { id: Uint8Array; isNew: boolean }) {
    const clock = new HandClock()
    const open = (id: string, sources: string[]): Peer => ({
      ...newPeer(id),
      outbox: new Outbox(hello, { ...limits, waitingTransactionBytes: 10_000 }),
      sources: new Set(sources),
    })
    const peers = new Map([open('a', []), open('b', []), open('c', ['a'])].map(peer => [peer.id, peer]))
    const penalised: string[] = []
    const waiting = new Set<string>()
    let onAdmitted = (): void => {}
    const talk = new TransactionTalk({
      peers,
      clock,
      penalise: peerId => void penalised.push(peerId),
      settings: { ...DEFAULT_GOSSIP_SETTINGS, uncheckedTransactions: 50 },
      pool: {
        has: id => waiting.has(String(id)),
        admit(bytes) {
          setImmediate(() => onAdmitted())
          return admit(bytes)
        },
        waiting: () => [{ id: good(7), bytes: good(7) }],
      },
    })
    const told = (): Record<string, number> => {
      clock.advance(1_000)
      const counts = [...peers.values()].map(({ id, outbox }) => {
        return [id, drained(outbox!).flatMap(each => each.transactions?.transactions ?? []).length]
      })
      return Object.fromEntries(counts)
    }
    const admitted = (): Promise<void> =>
      new Promise(resolve => {
        onAdmitted = () => setImmediate(resolve)
      })
    return { talk, peers, penalised, waiting, told, admitted }
  }

  it('go on to who does not hear whom they came from', async () => {
    const { talk, peers, told, admitted } = talking(bytes => ({ id: bytes, isNew: true }))
    const done = admitted()
    talk.hear(peers.get('a')!, [good(1)])
    await done
    expect(told()).toEqual({ a: 0, b: 1, c: 0 })
  })

  it('are checked once, however often they come', async () => {
    let checks = 0
    const { talk, peers, told, admitted } = talking(bytes => {
      checks++
      return { id: bytes, isNew: true }
    })
    const done = admitted()
    for (const name of ['a', 'b', 'a']) talk.hear(peers.get(name)!, [good(1), good(1)])
    await done
    expect(checks).toBe(1)
    expect(told()).toEqual({ a: 0, b: 1, c: 0 })
  })

  it('that cannot be are told to nobody, and who sent them is penalised', async () => {
    const { talk, peers, told, penalised, admitted } = talking(bytes => {
      throw bytes[0] === 1
        ? ledgerError('LEDGER_BAD_SIGNATURE', 'forged', { key: 'aa' })
        : ledgerError('LEDGER_BAD_SIGNATURE', 'the keys of the account are others by now', { account: 'bb' })
    })
    const done = admitted()
    talk.hear(peers.get('a')!, [good(1)])
    talk.hear(peers.get('b')!, [good(2)])
    await done
    expect(penalised).toEqual(['a'])
    expect(told()).toEqual({ a: 0, b: 0, c: 0 })
  })

  it('that cannot be read are forgiven a few times between two blocks', async () => {
    let checks = 0
    const { talk, peers, penalised } = talking(() => {
      checks++
      throw ledgerError('LEDGER_BAD_TRANSACTION', 'version 2')
    })
    const say = async (first: number): Promise<void> => {
      const some = Array.from({ length: 40 }, (_, index) => Uint8Array.of(first, index))
      const all = checks + some.length
      talk.hear(peers.get('a')!, some)
      while (checks < all) await new Promise(resolve => setImmediate(resolve))
      await new Promise(resolve => setImmediate(resolve))
    }
    await say(1)
    talk.applied()
    await say(2)
    expect(penalised).toEqual([])
    await say(3)
    expect(penalised).toContain('a')
  })

  it('that were submitted here are said again while they wait', () => {
    const { talk, told, waiting } = talking(bytes => ({ id: bytes, isNew: true }))
    talk.announce(good(3), good(3))
    expect(told()).toEqual({ a: 1, b: 1, c: 1 })
    waiting.add(String(good(3)))
    talk.repeat()
    expect(told()).toEqual({ a: 1, b: 1, c: 1 })
    waiting.clear()
    talk.repeat()
    expect(told()).toEqual({ a: 0, b: 0, c: 0 })
  })

  it('that wait are what a new peer hears', () => {
    const { talk, peers, told } = talking(bytes => ({ id: bytes, isNew: true }))
    talk.greet(peers.get('b')!)
    expect(told()).toEqual({ a: 0, b: 1, c: 0 })
  })
})
