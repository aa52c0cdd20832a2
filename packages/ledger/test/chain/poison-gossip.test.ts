import { type ChainGossip, errorCode, type Message as RpcMessage } from '@neurovoyance/protocol'
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest'
import { genesisHash } from '../../src/genesis/document.js'
import { actions } from '../../src/index.js'
import type { Chain } from '../../src/node/index.js'
import { laxBindings } from '../crypto/lax-bindings.js'
import { CHAIN, person } from '../machine/chain.js'
import {
  alice,
  bob,
  genesisOf,
  keyOf,
  liquidOf,
  transactionOf,
  validators,
  Workplace,
} from './local-chain.js'
import { type ConnectedChains, connectChains } from './network.js'

const NAMES = ['a', 'b', 'c', 'd'] as const
const EVIL = 'evil'
const mallory = person(3)
const genesis = genesisOf(4, {}, [alice, mallory])
const hello: ChainGossip = { hello: { chainId: CHAIN, genesis: genesisHash(genesis) } }

let place: Workplace
let network: ConnectedChains
let chains: Chain[]

beforeEach(async () => {
  place = new Workplace()
  network = connectChains({ ids: [...NAMES, EVIL] })
  const open = async (name: string, index: number) =>
    place.open({
      dir: await place.folder(),
      genesis,
      network: network.node(name),
      validator: keyOf(validators[index]!),
    })
  chains = await Promise.all(NAMES.map(open))
})
afterEach(() => place.clear())

/** Says these things to a node; how that ends. */
async function say(to: string, said: readonly ChainGossip[]): Promise<unknown> {
  async function* messages(): AsyncGenerator<RpcMessage<ChainGossip>> {
    for (const body of said) yield { body }
  }
  try {
    for await (const _ of network.node(EVIL).gossip(to, messages(), new AbortController().signal)) {
      // nothing is answered
    }
    return 'ended'
  } catch (error) {
    return errorCode(error)
  }
}

it('a peer that says a poison of the highest tip to all validators is let alone, and honest ones are in the next blocks', async () => {
  let isOver = false
  onTestFinished(() => {
    isOver = true
  })
  const poison = await transactionOf(
    chains[0]!,
    mallory,
    laxBindings({ chainId: CHAIN, owner: mallory.id, nonce: 0, count: 20 }),
    { tip: 1_000n },
  )
  const offer: ChainGossip = { transactions: { transactions: [poison.bytes] } }
  for (const name of NAMES) {
    const said = [hello, offer]
    while (!isOver && (await say(name, said)) !== 'LEDGER_FORBIDDEN') {
      said.length = 1
      await new Promise(resolve => setImmediate(resolve))
    }
  }
  for (let nonce = 0; nonce < 3; nonce++) {
    const { id, bytes } = await transactionOf(chains[0]!, alice, [actions.transfer(bob.address, 1n)], {
      nonce,
    })
    await chains[nonce]!.submit(bytes)
    const results = await Promise.all(chains.map(chain => chain.settled(id)))
    for (const { code } of results) expect(code).toBeUndefined()
  }
  for (const chain of chains) {
    expect(liquidOf(chain, bob)).toBe(3n)
    expect(await chain.transaction(poison.id)).toBeUndefined()
    expect(chain.pool.size).toBe(0)
  }
})
