import type { ChainGossip } from '@neurovoyance/protocol'
import { describe, expect, it } from 'vitest'
import { Outbox } from '../../src/chain/gossip/outbox.js'
import { newPeer, type Peer } from '../../src/chain/gossip/peer.js'
import { Penalties } from '../../src/chain/gossip/penalties.js'
import { DEFAULT_GOSSIP_SETTINGS, type GossipSettings } from '../../src/chain/gossip/settings.js'
import { TransactionTalk } from '../../src/chain/gossip/transaction-talk.js'
import { ledgerError } from '../../src/errors.js'
import { HandClock } from './hand-clock.js'

const hello = { chainId: 'here-1', genesis: new Uint8Array(32) }

/** All that waits in a box, in its order. */
function drained(outbox: Outbox): ChainGossip[] {
  const said: ChainGossip[] = []
  for (let next = outbox.take(); next !== undefined; next = outbox.take()) said.push(next)
  return said
}

const limits = { waitingMessages: 3, waitingParts: 2, waitingTransactionBytes: 100 }

describe('transactions', () => {
  const good = (byte: number): Uint8Array => new Uint8Array(8).fill(byte)

  /** A node with peers a, b and c, of whom c hears a. */
  function talking(
    admit: (bytes: Uint8Array) => { id: Uint8Array; isNew: boolean },
    settings: Partial<GossipSettings> = {},
  ) {
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
      settings: {
        ...DEFAULT_GOSSIP_SETTINGS,
        uncheckedTransactions: 50,
        refusedTransactions: 100,
        ...settings,
      },
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
    return { talk, peers, clock, penalised, waiting, told, admitted }
  }

  const many = (first: number, count: number): Uint8Array[] =>
    Array.from({ length: count }, (_, index) => Uint8Array.of(first, index))

  /** Turns enough for whatever is to be checked. */
  async function settledTurns(): Promise<void> {
    for (let turn = 0; turn < 10; turn++) await new Promise(resolve => setImmediate(resolve))
  }

  /** A pool that takes nothing. */
  function refusing(error: Error, settings: Partial<GossipSettings> = {}) {
    let count = 0
    const world = talking(() => {
      count++
      throw error
    }, settings)
    const checked = async (all: number): Promise<void> => {
      while (count < all) await new Promise(resolve => setImmediate(resolve))
      await settledTurns()
    }
    return { ...world, checks: () => count, checked }
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

  it('that come with too many that cannot be read are not looked at, and that is one offence', async () => {
    const { talk, peers, clock, penalised, checks, checked } = refusing(
      ledgerError('LEDGER_BAD_TRANSACTION', 'version 2'),
      { uncheckedTransactions: 1_000, refusedTransactions: 1_000 },
    )
    talk.hear(peers.get('a')!, many(1, 250))
    await checked(128)
    expect(checks()).toBe(128)
    const { penaltyMs } = DEFAULT_GOSSIP_SETTINGS
    const penalties = new Penalties(clock, DEFAULT_GOSSIP_SETTINGS)
    for (const peerId of penalised) penalties.add(peerId)
    expect(penalties.remainingMs('a')).toBe(penaltyMs)
  })

  it('of a peer of which too many were refused are not read before the next block', async () => {
    const { talk, peers, penalised, checks, checked } = refusing(
      ledgerError('LEDGER_INSUFFICIENT_FUNDS', 'the account has fewer'),
    )
    const a = peers.get('a')!
    talk.hear(a, many(1, 50))
    await checked(50)
    expect(talk.isSpent(a)).toBe(false)
    talk.hear(a, many(2, 50))
    await checked(100)
    expect(talk.isSpent(a)).toBe(true)
    talk.hear(a, many(3, 50))
    // a peer that comes again is no new one, and another is
    talk.hear({ ...newPeer('a') }, many(4, 50))
    talk.hear(peers.get('b')!, many(5, 1))
    await checked(101)
    await settledTurns()
    expect([checks(), penalised]).toEqual([101, []])
    talk.applied()
    talk.hear(a, many(6, 50))
    await checked(151)
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
