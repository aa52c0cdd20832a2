import type { ChainGossip } from '@neurovoyance/protocol'
import { describe, expect, it } from 'vitest'
import { Outbox } from '../../src/chain/gossip/outbox.js'
import { newPeer, type Peer } from '../../src/chain/gossip/peer.js'
import { DEFAULT_GOSSIP_SETTINGS } from '../../src/chain/gossip/settings.js'
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
