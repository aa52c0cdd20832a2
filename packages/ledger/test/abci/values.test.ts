import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { PROOF_TYPE, VALUE_PATH } from '../../src/abci/index.js'
import { transfer } from '../../src/actions/accounts.js'
import { accounts } from '../../src/core/modules/accounts/account.js'
import { accountOf, bytesOf, Draft, emptyState, verifyProof } from '../../src/index.js'
import { alice, bob, carol, keyOf, Served } from './served.js'
import { NVY, transactionOf } from './world.js'

let served: Served
beforeEach(async () => {
  served = await Served.inNewFolder()
})
afterEach(() => served.stop())

describe('an application for CometBFT', () => {
  it('gives values with proofs under the root', async () => {
    await served.begin()
    const { appHash } = await served.decide(1, [
      await transactionOf(alice, 0, [transfer(bytesOf(bob.id), NVY)]),
    ])
    const ask = (data: Uint8Array, more = {}) =>
      served.ask('query', { path: Buffer.from(VALUE_PATH), data, prove: true, ...more })
    const there = await ask(keyOf(bob))
    expect(there).toMatchObject({ code: 0, height: 1 })
    const [op] = there.proofOps!.ops
    expect(op!.type).toBe(PROOF_TYPE)
    expect(verifyProof(appHash, `accounts/${bob.id}`, there.value, op!.data)).toBe(true)
    const state = { get: (key: string) => (key === `accounts/${bob.id}` ? there.value : undefined) }
    const balance = accountOf({ draft: new Draft(state), timeMs: 0 }, bob.id).purse.liquid
    expect(balance).toBe(1_000_001n * NVY)
    expect(accounts.get(new Draft(emptyState), bob.id)).toBeUndefined()
    const absent = await ask(keyOf(carol))
    expect([absent.value.length, absent.log]).toEqual([0, 'absent'])
    expect(verifyProof(appHash, `accounts/${carol.id}`, undefined, absent.proofOps!.ops[0]!.data)).toBe(true)
    expect((await ask(keyOf(bob), { prove: false })).proofOps).toBeUndefined()
    expect((await ask(keyOf(bob), { height: 7 })).info).toBe('LEDGER_NOT_FOUND')
    expect((await ask(keyOf(bob), { path: Buffer.from([0xff, 0xfe]) })).info).toBe('LEDGER_NOT_FOUND')
    expect((await served.engine.askBytes('query', 1, new Uint8Array(100_000))).info).toBe('LEDGER_NOT_FOUND')
    expect((await ask(new Uint8Array(1_000))).info).toBe('LEDGER_NOT_FOUND')
  })
})
