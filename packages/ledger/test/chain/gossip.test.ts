import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { systemClock } from '@neurovoyance/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Blocks, validatorKeys } from './blocks.js'
import { chainOf, Member, type MemberInit } from './member.js'
import { type ConnectedChains, connectChains } from './network.js'

const NAMES = ['a', 'b', 'c', 'd'] as const
const keys = validatorKeys(4)

let folder: string
let members: Member[]

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'neurovoyance-gossip-'))
  members = []
})
afterEach(async () => {
  await Promise.all(members.map(member => member.stop()))
  await rm(folder, { recursive: true })
})

function member(network: ConnectedChains, index: number, init: Partial<MemberInit> = {}): Member {
  const made = new Member({
    folder,
    keys,
    key: keys[index]!,
    network: network.node(NAMES[index]!),
    ...init,
  })
  members.push(made)
  return made
}

/** Four validators on a network. */
async function four(network: ConnectedChains, init: Partial<MemberInit> = {}): Promise<Member[]> {
  return Promise.all(NAMES.map((_, index) => member(network, index, init).start()))
}

function expectOneChain(height: number): void {
  for (const each of members) expect(chainOf(each, height)).toEqual(chainOf(members[0]!, height))
  expect(members.flatMap(({ failures }) => failures)).toEqual([])
}

const allReach = (height: number): Promise<unknown> => Promise.all(members.map(each => each.reached(height)))

/** Three parts and a little. */
const filling = [1, 2, 3].map(byte => new Uint8Array(65_000).fill(byte))

describe('four validators', () => {
  it('decide block after block, each connected with each', async () => {
    const network = connectChains({ ids: NAMES })
    await four(network)
    await allReach(6)
    expectOneChain(6)
  })

  it('decide blocks of several parts in a line, where each hears its neighbours only', async () => {
    const links = [
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'd'],
    ] as const
    const network = connectChains({ ids: NAMES, links })
    await four(network, { filling })
    await allReach(4)
    expectOneChain(4)
  })

  it('decide over a network that takes its time', async () => {
    const network = connectChains({ ids: NAMES, delayMs: 20 })
    await four(network)
    await allReach(3)
    expectOneChain(3)
  })

  it('go on without one that is cut off, which catches up when it is back', async () => {
    const network = connectChains({ ids: NAMES })
    const [a, , , d] = await four(network)
    await allReach(2)
    network.partition(['a', 'b', 'c'], ['d'])
    await a!.reached(d!.height + 4)
    network.heal()
    await allReach(a!.height + 2)
    expectOneChain(a!.height)
  })

  it('halt where no side has a quorum, and go on together', async () => {
    const network = connectChains({ ids: NAMES })
    await four(network)
    await allReach(2)
    network.partition(['a', 'b'], ['c', 'd'])
    const height = Math.max(...members.map(each => each.height))
    network.heal()
    await allReach(height + 3)
    expectOneChain(height + 3)
  })

  it('go on while their streams break again and again', async () => {
    const network = connectChains({ ids: NAMES })
    const [a] = await four(network)
    a!.onApplied(() => network.breakStreams())
    await allReach(8)
    expectOneChain(8)
  })

  it('never fork, however they are cut apart', async () => {
    const network = connectChains({ ids: NAMES })
    await four(network, { until: 40 })
    // a fixed walk through ways to be apart, one at each block of anybody
    let turn = 0
    const cuts = [
      () => network.partition(['a', 'b'], ['c', 'd']),
      () => network.heal(),
      () => network.breakStreams(),
      () => network.partition(['a', 'b', 'c'], ['d']),
      () => network.partition(['b', 'c', 'd'], ['a']),
      () => network.heal(),
      () => network.disconnect('a', 'c'),
      () => network.partition(['a'], ['b'], ['c', 'd']),
      () => network.heal(),
    ]
    const cut = (): void => {
      cuts[turn++ % cuts.length]!()
      if (turn < 90) systemClock.after(5, cut)
      else network.heal()
    }
    cut()
    await allReach(40)
    expectOneChain(40)
  })
})

describe('a node that is behind', () => {
  it('catches up 200 blocks by itself and then takes part', async () => {
    const network = connectChains({ ids: NAMES })
    const grown = () => {
      const blocks = new Blocks(keys)
      blocks.grow(200)
      return blocks
    }
    const ahead = [0, 1, 2].map(index => member(network, index, { blocks: grown() }))
    await Promise.all(ahead.map(each => each.start()))
    const behind = await member(network, 3).start()
    await behind.reached(200)
    expect(behind.pauses).toBeGreaterThan(0)
    await allReach(203)
    expectOneChain(203)
    expect(behind.sync.catchingUp).toBe(false)
  })
})
