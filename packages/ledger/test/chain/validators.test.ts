import { type Clock, LIMITS, systemClock } from '@neurovoyance/protocol'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { actions, idOf, keyProofBytes, NVY, VALIDATOR_DOMAIN } from '../../src/index.js'
import type { AppliedBlock, Chain } from '../../src/node/index.js'
import { CHAIN } from '../machine/chain.js'
import { alice, genesisOf, keyOf, QUICK, transactionOf, validators, Workplace } from './local-chain.js'
import { connectChains } from './network.js'

const HOUR_MS = 3_600_000

let place: Workplace
beforeEach(() => {
  place = new Workplace()
})
afterEach(() => place.clear())

/** The machine's clock, put forward at will: the ledger follows by two heartbeats a block. */
function movableClock(): Clock & { forward(ms: number): void } {
  let offset = 0
  return {
    ...systemClock,
    now: () => systemClock.now() + offset,
    forward(ms) {
      offset += ms
    },
  }
}

/** Resolves with the first block that is as asked. */
function firstBlock(chain: Chain, isIt: (block: AppliedBlock) => boolean): Promise<AppliedBlock> {
  return new Promise(resolve => {
    const stop = chain.onBlock(block => {
      if (!isIt(block)) return
      stop()
      resolve(block)
    })
  })
}

const keysOf = (chain: Chain): string[] =>
  chain.validators().validators.map(({ publicKey }) => idOf(publicKey))

it('a validator joins by a transaction, proposes from two blocks after its election on, and leaves again', async () => {
  const [founder, newcomer] = validators as [(typeof validators)[0], (typeof validators)[0]]
  const clock = movableClock()
  const genesis = genesisOf(1, {
    'time/epochMs': String(HOUR_MS),
    'time/heartbeatMs': '600000',
    'staking/unbondingMs': String(24 * HOUR_MS),
    'evidence/maxAgeMs': String(20 * HOUR_MS),
  })
  const settings = { ...QUICK, heartbeatMs: 20 }
  const network = connectChains({ ids: ['founder', 'newcomer'] })
  const shared = { genesis, settings, clock }
  const old = await place.open({
    ...shared,
    dir: await place.folder(),
    network: network.node('founder'),
    validator: keyOf(founder),
  })
  const young = await place.open({
    ...shared,
    dir: await place.folder(),
    network: network.node('newcomer'),
    validator: keyOf(newcomer),
  })
  expect(keysOf(young)).toEqual([idOf(founder.publicKey)])

  const consent = keyProofBytes({ domain: VALIDATOR_DOMAIN, chainId: CHAIN, owner: alice.id, nonce: 0 })
  const creation = actions.createValidator({
    consensusKey: newcomer.publicKey,
    proof: await keyOf(newcomer).sign(consent),
    commission: 0,
    liquid: 9_000n * NVY,
  })
  const created = await transactionOf(young, alice, [creation], { validUntil: LIMITS.transactionTermBlocks })
  await young.submit(created.bytes)
  expect((await young.settled(created.id)).code).toBeUndefined()

  const proposed = firstBlock(young, ({ proposer }) => idOf(proposer) === idOf(newcomer.publicKey))
  clock.forward(HOUR_MS)
  const { height } = await proposed
  const both = [founder, newcomer].map(({ publicKey }) => idOf(publicKey)).sort()
  expect(keysOf(young)).toEqual(both)
  expect(young.block(height)!.id).toEqual((await blockAt(old, height)).id)

  const leaving = actions.unbond(newcomer.publicKey, { liquid: 9_000n * NVY })
  const left = await transactionOf(young, alice, [leaving], { validUntil: LIMITS.transactionTermBlocks })
  await old.submit(left.bytes)
  expect((await old.settled(left.id)).code).toBeUndefined()
  const alone = firstBlock(young, () => keysOf(young).length === 1)
  clock.forward(HOUR_MS)
  const after = await alone
  expect(keysOf(young)).toEqual([idOf(founder.publicKey)])
  expect((await blockAt(old, after.height)).id).toEqual(after.id)
})

async function blockAt(chain: Chain, height: number): Promise<AppliedBlock> {
  return chain.block(height) ?? firstBlock(chain, block => block.height === height)
}
