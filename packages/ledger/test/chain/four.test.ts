import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { actions } from '../../src/index.js'
import type { Chain, ChainInit } from '../../src/node/index.js'
import {
  alice,
  bob,
  genesisOf,
  keyOf,
  liquidOf,
  reached,
  transactionOf,
  validators,
  Workplace,
} from './local-chain.js'
import { type ConnectedChains, connectChains } from './network.js'

const genesis = genesisOf(4)
const names = ['a', 'b', 'c', 'd', 'follower']
let place: Workplace
let network: ConnectedChains
let folders: string[]

beforeEach(async () => {
  place = new Workplace()
  network = connectChains({ ids: names })
  folders = await Promise.all(names.map(() => place.folder()))
})
afterEach(() => place.clear())

const open = (index: number, init: Partial<ChainInit> = {}): Promise<Chain> =>
  place.open({
    dir: folders[index]!,
    genesis,
    network: network.node(names[index]!),
    ...(index < 4 && { validator: keyOf(validators[index]!) }),
    ...init,
  })
const openFour = (): Promise<Chain[]> => Promise.all([0, 1, 2, 3].map(index => open(index)))

/** Waits for a height everywhere, and compares what every chain says up to it. */
async function expectOneChain(chains: readonly Chain[], height: number): Promise<void> {
  await Promise.all(chains.map(chain => reached(chain, height)))
  for (let at = 1; at <= height; at++) {
    const [first, ...rest] = chains.map(chain => chain.block(at)!)
    for (const { id, stateRoot } of rest)
      expect({ id, stateRoot }).toEqual({ id: first!.id, stateRoot: first!.stateRoot })
  }
}

describe('four validators in one process', () => {
  it('decide the same, whoever is given a transaction', async () => {
    const chains = await openFour()
    const { id, bytes } = await transactionOf(chains[0]!, alice, [actions.transfer(bob.address, 7n)])
    await chains[2]!.submit(bytes)
    const results = await Promise.all(chains.map(chain => chain.settled(id)))
    for (const result of results) expect(result).toEqual(results[0])
    for (const chain of chains) expect(liquidOf(chain, bob)).toBe(7n)
    await expectOneChain(chains, results[0]!.height)
  })

  it('are followed by a node without a key, which passes transactions on', async () => {
    const chains = await openFour()
    const follower = await open(4)
    const { id, bytes } = await transactionOf(chains[0]!, alice, [actions.transfer(bob.address, 7n)])
    await follower.submit(bytes)
    const { height } = await follower.settled(id)
    await expectOneChain([...chains, follower], height)
  })

  it('go on without one, who catches up when it is back', async () => {
    const chains = await openFour()
    await reached(chains[0]!, 1)
    await chains[3]!.close()
    const three = chains.slice(0, 3)
    let last = 0
    for (let round = 0; round < 3; round++) {
      const { id, bytes } = await transactionOf(three[0]!, alice, [actions.transfer(bob.address, 1n)])
      await three[0]!.submit(bytes)
      last = (await three[0]!.settled(id)).height
    }
    const back = await open(3)
    await expectOneChain([...three, back], last)
    expect(liquidOf(back, bob)).toBe(3n)
  })

  it('halt without two, and go on when one is back', async () => {
    const chains = await openFour()
    await Promise.all(chains.map(chain => reached(chain, 1)))
    await Promise.all([chains[2]!.close(), chains[3]!.close()])
    const { id, bytes } = await transactionOf(chains[0]!, alice, [actions.transfer(bob.address, 1n)])
    await chains[0]!.submit(bytes)
    const back = await open(2)
    const { height } = await back.settled(id)
    await expectOneChain([chains[0]!, chains[1]!, back], height)
  })
})
