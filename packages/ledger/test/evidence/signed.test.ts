import { Evidence, NodesBind, StakingCreate, type VoteBody } from '@neurovoyance/protocol'
import { ed25519 } from '@noble/curves/ed25519.js'
import { describe, expect, it } from 'vitest'
import {
  Draft,
  evidenceModule,
  exitModule,
  idOf,
  keyProofBytes,
  NODE_DOMAIN,
  NVY,
  nodes,
  nodesModule,
  stakingModule,
  VALIDATOR_DOMAIN,
  validatorSetOf,
  validators,
  voteBytes,
} from '../../src/index.js'
import { CHAIN, person, TestChain } from '../machine/chain.js'

const alice = person(1)
const bob = person(2)
const [first, second, hot] = [person(101), person(102), person(103)]
const DAY_MS = 24 * 3_600_000

describe('with real signatures', () => {
  const accounts = [alice, bob].map(({ address }) => ({ address, liquid: String(5_000n * NVY) }))
  const staking = [
    { consensusKey: idOf(first.publicKey), owner: alice.address, liquid: String(2_000n * NVY) },
  ]
  const newChain = () =>
    new TestChain([exitModule, stakingModule, nodesModule, evidenceModule], { accounts, staking })

  const proofOf = (domain: string, secret: Uint8Array, chainId = CHAIN) =>
    ed25519.sign(keyProofBytes({ domain, chainId, owner: bob.id, nonce: 0 }), secret)

  it('a node is bound by its own signature', () => {
    const bind = (proof: Uint8Array) => ({
      kind: 'nodes/bind',
      payload: NodesBind.encode({ nodeKey: hot.publicKey, proof, capabilities: new Uint8Array(32) }),
    })
    for (const proof of [
      proofOf(NODE_DOMAIN, alice.secret),
      proofOf(VALIDATOR_DOMAIN, hot.secret),
      proofOf(NODE_DOMAIN, hot.secret, 'test-2'),
    ]) {
      expect(newChain().ask(bob, bind(proof))).toBe('LEDGER_BAD_SIGNATURE')
    }
    const chain = newChain()
    expect(chain.ask(bob, bind(proofOf(NODE_DOMAIN, hot.secret)))).toBeUndefined()
    expect(nodes.get(new Draft(chain.view), idOf(hot.publicKey))).toBeDefined()
  })

  it('a validator is made by its own signature, votes twice, and is gone', () => {
    const chain = newChain()
    const create = {
      kind: 'staking/create',
      payload: StakingCreate.encode({
        consensusKey: second.publicKey,
        proof: proofOf(VALIDATOR_DOMAIN, second.secret),
        commission: 0,
        liquid: 1_000n * NVY,
        earned: 0n,
      }),
    }
    expect(chain.ask(bob, create)).toBeUndefined()
    chain.block([], DAY_MS)
    for (let block = 0; block < 3; block++) chain.block()
    expect(validatorSetOf(new Draft(chain.view)).validators).toHaveLength(2)
    const vote = (block: number, secret: Uint8Array) => {
      const body: VoteBody = {
        type: 'prevote',
        height: chain.height,
        round: 1,
        block: new Uint8Array(32).fill(block),
        validRound: 0,
      }
      const signature = ed25519.sign(voteBytes(CHAIN, body), secret)
      return { body, validator: second.publicKey, signature }
    }
    const accuse = (secret: Uint8Array) =>
      Evidence.encode({ doubleVote: { first: vote(1, secret), second: vote(2, secret) } })
    const framed = chain.block([], 1_000, [accuse(alice.secret)])
    expect(framed.events.map(({ kind }) => kind)).toContain('evidence/refused')
    chain.block([], 1_000, [accuse(second.secret)])
    expect(validators.get(new Draft(chain.view), idOf(second.publicKey))!.tombstoned).toBe(true)
    expect(validatorSetOf(new Draft(chain.view)).validators).toHaveLength(1)
    expect(chain.supply().burnt).toBeGreaterThanOrEqual(50n * NVY)
  })
})
