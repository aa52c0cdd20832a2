import {
  formatAddress,
  NodesBind,
  NodesBond,
  NodesDescribe,
  NodesRetire,
  NodesUnbond,
} from '@neurovoyance/protocol'
import { ed25519 } from '@noble/curves/ed25519.js'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  bytesOf,
  earnedOf,
  idOf,
  keyProofBytes,
  NODE_DOMAIN,
  NVY,
  nodes,
  nodesModule,
  slashNode,
  stakeOf,
} from '../../src/index.js'
import { type Ask, CHAIN } from '../machine/chain.js'
import { type Member, member, seal } from '../payments/model/payments-chain.js'
import { DAY_MS, StakeChain } from '../staking/stake-chain.js'

const anna = member('anna', 1)
const bert = member('bert', 2)
const [hot, other] = [201, 202].map(seed => ed25519.getPublicKey(new Uint8Array(32).fill(seed))) as [
  Uint8Array,
  Uint8Array,
]
const NONE = new Uint8Array(32)

interface Coins {
  liquid?: bigint
  earned?: bigint
}

describe('nodes', () => {
  let chain: StakeChain

  beforeEach(() => {
    const accounts = [anna, bert].map(({ id }) => ({
      address: formatAddress(bytesOf(id)),
      liquid: String(1_000n * NVY),
    }))
    chain = new StakeChain({ accounts }, {}, [nodesModule])
    chain.earn(anna, 1_000n * NVY)
  })

  const bind = (owner: Member, nodeKey: Uint8Array, signedFor = owner, nonce = chain.nonce(owner)): Ask => {
    const message = keyProofBytes({ domain: NODE_DOMAIN, chainId: CHAIN, owner: signedFor.id, nonce })
    const payload = { nodeKey, proof: seal(nodeKey, message), capabilities: NONE }
    return { kind: 'nodes/bind', payload: NodesBind.encode(payload) }
  }
  const bond = (nodeKey: Uint8Array, { liquid = 0n, earned = 0n }: Coins): Ask => ({
    kind: 'nodes/bond',
    payload: NodesBond.encode({ nodeKey, liquid, earned }),
  })
  const unbond = (nodeKey: Uint8Array, { liquid = 0n, earned = 0n }: Coins): Ask => ({
    kind: 'nodes/unbond',
    payload: NodesUnbond.encode({ nodeKey, liquid, earned }),
  })
  const retire = (nodeKey: Uint8Array): Ask => ({
    kind: 'nodes/retire',
    payload: NodesRetire.encode({ nodeKey }),
  })
  const describeAs = (nodeKey: Uint8Array, capabilities: Uint8Array): Ask => ({
    kind: 'nodes/describe',
    payload: NodesDescribe.encode({ nodeKey, capabilities }),
  })
  const nodeAt = (key: Uint8Array) => nodes.get(chain.draft(), idOf(key))

  it('a node is bound by its owner and by itself', () => {
    expect(chain.ask(anna, bind(anna, hot))).toBeUndefined()
    expect(nodeAt(hot)).toMatchObject({ owner: bytesOf(anna.id), retired: false })
    expect(chain.ask(bert, bind(bert, hot))).toBe('LEDGER_CONFLICT')
  })

  it('nobody binds another’s node, nor a node again with an old proof', () => {
    expect(chain.ask(bert, bind(bert, hot, anna))).toBe('LEDGER_BAD_SIGNATURE')
    const old = bind(anna, hot)
    expect(chain.ask(anna, old)).toBeUndefined()
    expect(chain.ask(anna, retire(hot))).toBeUndefined()
    expect(nodeAt(hot)).toBeUndefined()
    expect(chain.ask(anna, old)).toBe('LEDGER_BAD_SIGNATURE')
    expect(chain.ask(anna, bind(anna, new Uint8Array(32)))).toBe('LEDGER_BAD_KEYS')
  })

  it('only its owner speaks for it', () => {
    chain.ask(anna, bind(anna, hot))
    for (const ask of [bond(hot, { liquid: 200n * NVY }), retire(hot), describeAs(hot, bytesOf(bert.id))]) {
      expect(chain.ask(bert, ask)).toBe('LEDGER_FORBIDDEN')
      expect(chain.ask(bert, { ...ask, payload: replaced(ask.payload) })).toBe('LEDGER_NOT_FOUND')
    }
    expect(chain.ask(anna, describeAs(hot, bytesOf(bert.id)))).toBeUndefined()
    expect(nodeAt(hot)!.capabilities).toEqual(bytesOf(bert.id))
  })

  it('a stake comes back after 21 days, as what it was', () => {
    chain.ask(anna, bind(anna, hot))
    expect(chain.ask(anna, bond(hot, { liquid: 99n * NVY }))).toBe('LEDGER_TOO_SMALL')
    expect(chain.ask(anna, bond(hot, { liquid: 60n * NVY, earned: 90n * NVY }))).toBeUndefined()
    expect(stakeOf(chain.draft(), idOf(hot))).toBe(150n * NVY)
    expect(chain.ask(anna, unbond(hot, { earned: 60n * NVY }))).toBe('LEDGER_TOO_SMALL')
    expect(chain.ask(anna, unbond(hot, { earned: 91n * NVY }))).toBe('LEDGER_INSUFFICIENT_FUNDS')
    expect(chain.ask(anna, unbond(hot, { earned: 50n * NVY }))).toBeUndefined()
    chain.block({ afterMs: 21 * DAY_MS - 1 })
    expect(earnedOf(chain.purse(anna))).toBe(910n * NVY)
    chain.block({ afterMs: 1 })
    expect(earnedOf(chain.purse(anna))).toBe(960n * NVY)
    expect(chain.purse(anna).liquid).toBe(940n * NVY)
  })

  it('a key is free again when its stake is back', () => {
    chain.ask(anna, bind(anna, hot))
    chain.ask(anna, bond(hot, { liquid: 100n * NVY }))
    chain.ask(anna, retire(hot))
    expect(chain.ask(anna, bond(hot, { liquid: 100n * NVY }))).toBe('LEDGER_FORBIDDEN')
    chain.block({ afterMs: 20 * DAY_MS })
    expect(chain.ask(bert, bind(bert, hot))).toBe('LEDGER_CONFLICT')
    chain.block({ afterMs: 2 * DAY_MS })
    expect(chain.purse(anna).liquid).toBe(1_000n * NVY)
    expect(chain.ask(bert, bind(bert, hot))).toBeUndefined()
  })

  it('a slash takes from the stake, and from what left it since the fault', () => {
    chain.ask(anna, bind(anna, hot))
    chain.ask(anna, bond(hot, { liquid: 400n * NVY }))
    chain.ask(anna, unbond(hot, { liquid: 100n * NVY }))
    chain.block({ afterMs: 1_000 })
    const faultMs = chain.timeMs
    chain.ask(anna, unbond(hot, { liquid: 100n * NVY }))
    chain.deed(context => expect(slashNode(context, idOf(hot), { faultMs, share: 250_000 })).toBe(75n * NVY))
    chain.ask(anna, retire(hot))
    chain.block({ afterMs: 21 * DAY_MS })
    expect(chain.purse(anna).liquid).toBe(925n * NVY)
    expect(chain.supply().burnt).toBe(75n * NVY)
    expect(nodeAt(hot)).toBeUndefined()
  })

  it('blocks in which nothing is due change nothing', () => {
    chain.ask(anna, bind(anna, hot))
    chain.ask(anna, bond(hot, { liquid: 200n * NVY }))
    chain.ask(anna, unbond(hot, { liquid: 100n * NVY }))
    for (let day = 0; day < 20; day++) expect(chain.day().changes.size).toBe(0)
  })

  it('whatever is asked, every coin is somewhere, keeps its kind, and comes back in the end', () => {
    const amount = fc.bigInt(0n, 300n * NVY)
    const anyStep = fc.record({
      do: fc.constantFrom('bind', 'bond', 'bond', 'unbond', 'retire', 'slash', 'wait'),
      key: fc.constantFrom(hot, other),
      liquid: amount,
      earned: amount,
      days: fc.integer({ min: 1, max: 12 }),
    })
    fc.assert(
      fc.property(fc.array(anyStep, { minLength: 10, maxLength: 40, size: 'max' }), steps => {
        const accounts = [{ address: formatAddress(bytesOf(anna.id)), liquid: String(1_000n * NVY) }]
        chain = new StakeChain({ accounts }, {}, [nodesModule])
        chain.earn(anna, 1_000n * NVY)
        let burnt = 0n
        for (const { do: what, key, liquid, earned, days } of steps) {
          if (what === 'bind') chain.ask(anna, bind(anna, key))
          else if (what === 'bond') chain.ask(anna, bond(key, { liquid, earned }))
          else if (what === 'unbond') chain.ask(anna, unbond(key, { liquid, earned }))
          else if (what === 'retire') chain.ask(anna, retire(key))
          else if (what === 'wait') chain.block({ afterMs: days * DAY_MS })
          else if (nodeAt(key) !== undefined) {
            chain.deed(context => {
              burnt += slashNode(context, idOf(key), {
                faultMs: context.timeMs - DAY_MS,
                share: days * 1_000,
              })
            })
          }
        }
        for (const key of [hot, other]) chain.ask(anna, retire(key))
        chain.block({ afterMs: 21 * DAY_MS })
        expect(chain.held('bonded') + chain.held('unbonding')).toBe(0n)
        const { liquid } = chain.purse(anna)
        expect(liquid).toBeLessThanOrEqual(1_000n * NVY)
        expect(liquid + earnedOf(chain.purse(anna)) + burnt).toBe(2_000n * NVY)
        expect([...chain.values.keys()].filter(key => key.startsWith('nodes/'))).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})

/** The same action about another node. */
function replaced(payload: Uint8Array): Uint8Array {
  const copy = payload.slice()
  copy.set(other, 2)
  return copy
}
