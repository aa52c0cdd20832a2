import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { accounts, actions, verifyProof } from '../../src/index.js'
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

let place: Workplace
beforeEach(() => {
  place = new Workplace()
})
afterEach(() => place.clear())

const genesis = genesisOf(1)
const validator = keyOf(validators[0]!)

describe('a chain of one validator', () => {
  it('begins with the genesis, takes a transaction in, and tells what became of it', async () => {
    const chain = await place.open({ dir: await place.folder(), genesis, validator })
    const before = liquidOf(chain, alice)
    const { bytes, id } = await transactionOf(chain, alice, [actions.transfer(bob.address, 5n)])
    expect(await chain.submit(bytes)).toEqual(id)
    const result = await chain.settled(id)
    expect(result).toMatchObject({ id, index: 0, bytes })
    expect(result.code).toBeUndefined()
    expect(result.events.map(({ kind }) => kind)).toContain('accounts/transferred')
    expect(liquidOf(chain, bob)).toBe(5n)
    expect(liquidOf(chain, alice)).toBe(before - 5n - result.fee)
    expect(await chain.transaction(id)).toEqual(result)
    expect(chain.block(result.height)?.transactions).toEqual([result])
    expect(await chain.history(bob.id, 10)).toEqual([result])
  })
})
