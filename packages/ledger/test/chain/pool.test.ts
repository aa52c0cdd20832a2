import { errorCode, LIMITS } from '@neurovoyance/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { actions, buildTransaction, soleKey } from '../../src/index.js'
import type { Chain } from '../../src/node/index.js'
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

const genesis = genesisOf(1)
let place: Workplace
let chain: Chain

beforeEach(async () => {
  place = new Workplace()
  // nothing is decided: the key is not the validator's, so what waits goes on waiting
  chain = await place.open({ dir: await place.folder(), genesis, validator: keyOf(person(55)) })
})
afterEach(() => place.clear())

const give = [actions.transfer(bob.address, 1n)]
const submit = (bytes: Uint8Array) => chain.submit(bytes).catch(errorCode)

describe('a transaction does not wait', () => {
  it.each([
    [
      'with an action that nobody knows',
      'LEDGER_UNKNOWN_ACTION',
      { actions: [{ kind: 'a/b', payload: new Uint8Array() }] },
    ],
    ['after its time', 'LEDGER_EXPIRED', { validUntil: 0 }],
    ['that offers too little', 'LEDGER_FEE_TOO_LOW', { maxFee: 1n }],
    ['of another chain', 'LEDGER_BAD_SIGNATURE', { chainId: 'other-1' }],
    ['that somebody else has signed', 'LEDGER_BAD_SIGNATURE', { signers: [keyOf(bob)] }],
    ['that nobody has signed', 'LEDGER_BAD_SIGNATURE', { signers: [] }],
    ['of an account whose keys nobody knows', 'LEDGER_BAD_KEYS', { keys: undefined }],
    ['too far ahead', 'LEDGER_WRONG_NONCE', { nonce: 1_000 }],
    [
      'without coins for its fee',
      'LEDGER_INSUFFICIENT_FUNDS',
      { sender: bob.address, keys: soleKey(bob.publicKey), signers: [keyOf(bob)] },
    ],
  ])('%s: %s', async (_, code, init) => {
    const { keys, ...rest } = { keys: soleKey(alice.publicKey), ...init }
    const { bytes } = await buildTransaction({
      chainId: CHAIN,
      sender: alice.address,
      nonce: 0,
      validUntil: 1_000,
      maxFee: 1_000_000_000n,
      actions: give,
      signers: [keyOf(alice)],
      ...rest,
      ...(keys !== undefined && { keys }),
    })
    expect(await submit(bytes)).toBe(code)
    expect(chain.pool).toMatchObject({ size: 0, bytes: 0 })
  })

  it('that is none, or larger than any may be', async () => {
    expect(await submit(new Uint8Array([1, 2, 3]))).toBe('PROTOCOL_MALFORMED')
    expect(await submit(new Uint8Array(LIMITS.transactionBytes + 1))).toBe('PROTOCOL_TOO_LARGE')
    const { bytes } = await transactionOf(chain, alice, give)
    const changed = bytes.slice()
    changed[changed.length - 1]! ^= 1
    expect(await submit(changed)).toBe('LEDGER_BAD_SIGNATURE')
  })
})

describe('a transaction that waits', () => {
  it('is known, waits once, and is replaced by one that offers more', async () => {
    const first = await transactionOf(chain, alice, give)
    expect(await chain.submit(first.bytes)).toEqual(first.id)
    expect(await chain.submit(first.bytes)).toEqual(first.id)
    expect(chain.pool.size).toBe(1)
    expect(await chain.transaction(first.id)).toMatchObject({ height: 0, bytes: first.bytes })
    const better = await transactionOf(chain, alice, give, { tip: 10n })
    await chain.submit(better.bytes)
    expect(chain.pool.size).toBe(1)
    expect(await chain.transaction(first.id)).toBeUndefined()
    const cheaper = await transactionOf(chain, alice, give, { tip: 5n })
    expect(await submit(cheaper.bytes)).toBe('LEDGER_FEE_TOO_LOW')
  })

  it('may be followed by others of its account, which need not show the keys again', async () => {
    const first = await transactionOf(chain, alice, give)
    const second = await buildTransaction({
      chainId: CHAIN,
      sender: alice.address,
      validUntil: 1_000,
      maxFee: 1_000_000_000n,
      actions: give,
      signers: [keyOf(alice)],
      nonce: 1,
    })
    await chain.submit(first.bytes)
    await chain.submit(second.bytes)
    expect(chain.pool.size).toBe(2)
  })
})

describe('transactions of one account', () => {
  it('happen in their order, whichever came first, and never twice', async () => {
    const running = await place.open({
      dir: await place.folder(),
      genesis,
      validator: keyOf(validators[0]!),
    })
    const all = await Promise.all([2, 1, 0].map(nonce => transactionOf(running, alice, give, { nonce })))
    for (const { bytes } of all) await running.submit(bytes)
    const results = await Promise.all(all.map(({ id }) => running.settled(id)))
    expect(results.map(({ code }) => code)).toEqual([undefined, undefined, undefined])
    expect(liquidOf(running, bob)).toBe(3n)
    expect(await running.submit(all[0]!.bytes).catch(errorCode)).toBe('LEDGER_WRONG_NONCE')
    expect(running.pool.size).toBe(0)
  })
})
