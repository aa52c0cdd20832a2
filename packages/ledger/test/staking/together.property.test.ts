import { formatAddress, NodesBind, NodesBond, NodesRetire, type StakerRecord } from '@neurovoyance/protocol'
import { ed25519 } from '@noble/curves/ed25519.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { noteMinted } from '../../src/core/machine/supply.js'
import {
  bytesOf,
  circulatingSupply,
  distributeToStakers,
  EMPTY_PURSE,
  earnedOf,
  evidenceModule,
  exitProgress,
  idOf,
  keyProofBytes,
  NODE_DOMAIN,
  NVY,
  nodes,
  nodesModule,
  stakers,
  validators,
} from '../../src/index.js'
import { doubleVote, hash, vote } from '../evidence/votes.js'
import { type Ask, CHAIN } from '../machine/chain.js'
import { type Member, member, seal } from '../payments/model/payments-chain.js'
import { asks, StakeChain } from './stake-chain.js'

const people = [member('a', 1), member('b', 2), member('c', 3), member('d', 4)]
const keys = [101, 102, 103].map(seed => ed25519.getPublicKey(new Uint8Array(32).fill(seed)))
const node = ed25519.getPublicKey(new Uint8Array(32).fill(201))
const LIQUID = 20_000n * NVY
const EARNED = 5_000n * NVY

const anyStep = fc.record({
  do: fc.constantFrom(
    'delegate',
    'delegate',
    'unbond',
    'unbond and exit',
    'redelegate',
    'claim',
    'request',
    'request',
    'claim exit',
    'cancel',
    'bind',
    'stake',
    'retire',
    'reward',
    'double vote',
    'day',
    'day',
    'day',
    'month',
  ),
  who: fc.nat({ max: people.length - 1 }),
  from: fc.nat({ max: keys.length - 1 }),
  to: fc.nat({ max: keys.length - 1 }),
  liquid: fc.bigInt(0n, 3_000n).map(amount => amount * NVY),
  earned: fc.bigInt(0n, 3_000n).map(amount => amount * NVY),
})

type Step = typeof anyStep extends fc.Arbitrary<infer Value> ? Value : never

/** Staking, nodes, evidence and exit, with everybody doing anything. */
class Town {
  readonly chain: StakeChain
  /** Coins that the queue has made liquid. */
  released = 0n

  constructor() {
    const accounts = people.map(({ id }) => ({ address: formatAddress(bytesOf(id)), liquid: String(LIQUID) }))
    const staking = keys.map((key, index) => ({
      consensusKey: idOf(key),
      owner: accounts[index]!.address,
      liquid: String(1_000n * NVY),
    }))
    this.chain = new StakeChain({ accounts, staking }, {}, [nodesModule, evidenceModule])
    for (const one of people) this.chain.earn(one, EARNED)
  }

  take(step: Step): string | undefined {
    const { chain } = this
    const { who, from, to, liquid, earned } = step
    const one = people[who]!
    const coins = { liquid, earned }
    switch (step.do) {
      case 'delegate':
        return this.ask(one, asks.delegate(keys[from]!, coins))
      case 'unbond':
        return this.ask(one, asks.unbond(keys[from]!, coins))
      case 'unbond and exit':
        return this.ask(one, asks.unbond(keys[from]!, coins, true))
      case 'redelegate':
        return this.ask(one, asks.redelegate(keys[from]!, keys[to]!, coins))
      case 'claim':
        return this.ask(one, asks.claim())
      case 'request':
        return this.ask(one, asks.request(earned))
      case 'claim exit':
        return this.ask(one, asks.claimExit())
      case 'cancel':
        return this.ask(one, asks.cancel(exitProgress(chain.draft(), one.id).at(-1)?.cohort ?? 0))
      case 'bind': {
        const message = keyProofBytes({
          domain: NODE_DOMAIN,
          chainId: CHAIN,
          owner: one.id,
          nonce: chain.nonce(one),
        })
        const payload = { nodeKey: node, proof: seal(node, message), capabilities: hash(0) }
        return this.ask(one, { kind: 'nodes/bind', payload: NodesBind.encode(payload) })
      }
      case 'stake':
        return this.ask(one, { kind: 'nodes/bond', payload: NodesBond.encode({ nodeKey: node, ...coins }) })
      case 'retire':
        return this.ask(one, { kind: 'nodes/retire', payload: NodesRetire.encode({ nodeKey: node }) })
      case 'reward':
        chain.deed(context => {
          noteMinted(context.draft, earned)
          distributeToStakers(context, earned)
        })
        return undefined
      case 'double vote': {
        const height = Math.max(1, chain.height - Number(liquid % 40n))
        const [first, second] = [1, 2].map(block => vote(keys[from]!, 'precommit', height, 0, hash(block)))
        const { events } = this.noted(chain.block({ evidence: [doubleVote(first!, second!)] }))
        const refused = events.find(({ kind }) => kind === 'evidence/refused')
        return refused === undefined ? undefined : String(refused.fields.code)
      }
      case 'day':
        this.day()
        return undefined
      default:
        for (let day = 0; day < 30; day++) this.day()
        return undefined
    }
  }

  ask(one: Member, ...actions: readonly Ask[]): string | undefined {
    const { receipts } = this.noted(this.chain.block({ from: one, actions }))
    return receipts[0]!.code
  }

  /** One epoch further: the queue lets out no more than the cap. */
  day(): void {
    const { chain } = this
    const waiting = () =>
      people.reduce(
        (sum, { id }) => exitProgress(chain.draft(), id).reduce((all, p) => all + p.waiting, sum),
        0n,
      )
    const before = waiting()
    const cap = circulatingSupply({ draft: chain.draft() }) / 50n
    const came = chain.held('unbonding')
    this.noted(chain.day())
    // what came in with this very block is not out yet, or not more than all of it
    expect(before - waiting()).toBeLessThanOrEqual(cap)
    expect(chain.held('unbonding')).toBeLessThanOrEqual(came)
  }

  noted(applied: ReturnType<StakeChain['block']>) {
    const { events, receipts } = applied
    for (const { kind, fields } of [...events, ...receipts.flatMap(receipt => receipt.events)])
      if (kind === 'exit/released') this.released += fields.liquid as bigint
    return applied
  }

  /** Liquid coins, at hand or bonded somewhere. */
  liquid(): bigint {
    const draft = this.chain.draft()
    const bonded = ({ bonds, unbonding }: StakerRecord) =>
      [...bonds, ...unbonding].reduce((sum, { purse }) => sum + purse!.liquid, 0n)
    const own = people.reduce(
      (sum, one) =>
        sum +
        this.chain.purse(one).liquid +
        bonded(stakers.get(draft, one.id) ?? { bonds: [], unbonding: [] }),
      0n,
    )
    const { stake, unbonding = [] } = nodes.get(draft, idOf(node)) ?? {}
    return [stake ?? EMPTY_PURSE, ...unbonding.map(({ purse }) => purse!)].reduce(
      (sum, purse) => sum + purse.liquid,
      own,
    )
  }

  /** Everybody takes everything out of everything. */
  leave(): void {
    const { chain } = this
    for (const one of people) {
      this.ask(one, { kind: 'nodes/retire', payload: NodesRetire.encode({ nodeKey: node }) })
      this.ask(one, asks.claim())
      for (const key of keys) {
        const bonds = stakers.get(chain.draft(), one.id)?.bonds ?? []
        const mine = bonds.filter(({ liability }) => idOf(liability!.validator) === idOf(key))
        if (mine.length === 0) continue
        const liquid = mine.reduce((sum, { purse }) => sum + purse!.liquid, 0n)
        const earned = mine.reduce((sum, { purse }) => sum + earnedOf(purse!), 0n)
        expect(this.ask(one, asks.unbond(key, { liquid, earned }, true))).toBeUndefined()
      }
    }
    for (let day = 0; day < 75; day++) this.day()
  }
}

/** Every step of `runs` random lives in the town; gives what was done, and how often. */
const live = (parameters: fc.Parameters<[Step[]]>) => {
  const done = new Map<string, number>()
  fc.assert(
    fc.property(fc.array(anyStep, { minLength: 20, maxLength: 60, size: 'max' }), steps => {
      const town = new Town()
      const begun = town.liquid()
      for (const step of steps) {
        const code = town.take(step)
        if (code === undefined) done.set(step.do, (done.get(step.do) ?? 0) + 1)
        expect(town.liquid()).toBeLessThanOrEqual(begun + town.released)
      }
      town.leave()
      const { chain } = town
      expect(chain.held('bonded') + chain.held('unbonding') + chain.held('queued')).toBe(0n)
      expect(keys.every(key => validators.get(chain.draft(), idOf(key))!.bonds === 0)).toBe(true)
      const { genesis, minted, burnt, held } = chain.supply()
      expect(held.reduce((sum, { amount }) => sum + amount, 0n)).toBe(genesis + minted - burnt)
      expect(town.liquid()).toBeLessThanOrEqual(begun + town.released)
    }),
    parameters,
  )
  return done
}

describe('staking, nodes, evidence and exit together', () => {
  it('never make a liquid coin but by the queue, and strand none', () => {
    live({ numRuns: 30 })
  })

  it('do so in a run where every step succeeds at least once', () => {
    // What never happened was not tested; a seed of its own, because chance may leave a step out.
    expect([...live({ numRuns: 120, seed: 7 }).keys()].sort()).toEqual(
      [
        'bind',
        'cancel',
        'claim',
        'claim exit',
        'day',
        'delegate',
        'double vote',
        'month',
        'redelegate',
        'request',
        'retire',
        'reward',
        'stake',
        'unbond',
        'unbond and exit',
      ].sort(),
    )
  })
})
