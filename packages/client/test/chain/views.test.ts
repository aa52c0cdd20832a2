import { accounts, idOf, NVY } from '@neurovoyance/ledger'
import { systemClock } from '@neurovoyance/protocol'
import { describe, expect, it } from 'vitest'
import {
  openChainReader,
  readAccount,
  readParameters,
  readState,
  readSupply,
  readValidators,
} from '../../src/chain/index.js'
import { nodesOf } from './nodes.js'
import { TestChain, walletOf } from './test-chain.js'

const alice = walletOf(1)
const bob = walletOf(2)

describe('views of a chain from afar', () => {
  const chain = new TestChain({ startMs: systemClock.now() - 60_000, clients: [alice.address] })
  const open = () => openChainReader({ host: nodesOf({ node: { chain } }), genesis: chain.genesis })

  it('supply, validators and parameters are those of the state', async () => {
    const reader = await open()
    const supply = await readSupply(reader)
    expect(supply.total).toBe(Object.values(supply.held).reduce((sum, amount) => sum + amount, 0n))
    expect(supply.held.bonded).toBe(400_000n * NVY)
    const validators = await readValidators(reader)
    expect(validators.map(({ key: name }) => name)).toEqual(
      chain.validators.map(({ publicKey }) => idOf(publicKey)),
    )
    expect(validators[0]).toMatchObject({ power: 100_000, bonded: 100_000n * NVY, tombstoned: false })
    const parameters = await readParameters(reader)
    expect(parameters.find(({ name }) => name === 'fees/leastBaseFee')).toMatchObject({
      value: 10n,
      unit: 'base units',
    })
  })

  it('an account that nobody has used is empty, a validator’s owner has a bond', async () => {
    const reader = await open()
    expect(await readAccount(reader, bob.address)).toMatchObject({ nonce: 0, total: 0n, bonds: [] })
    const owner = chain.validators[0]!
    const view = await readAccount(reader, owner.address)
    expect(view.balances).toMatchObject({ liquid: 100n * NVY, bonded: 100_000n * NVY })
    expect(view.bonds).toEqual([
      { validator: idOf(owner.publicKey), liquid: 100_000n * NVY, earned: 0n, reward: 0n },
    ])
  })

  it('a view sees one state only: what it lacks is asked for together with what it had', async () => {
    const asked: (readonly string[])[] = []
    const get = async (keys: readonly string[]) => {
      asked.push(keys)
      return keys.map(name => (name === 'accounts/a' ? accountBytes : undefined))
    }
    const accountBytes = undefined
    await readState(get, draft => {
      accounts.get(draft, 'a')
      if (asked.length > 0) accounts.get(draft, 'b')
    })
    expect(asked).toEqual([['accounts/a'], ['accounts/a', 'accounts/b']])
  })

  it('a view that fails with all that it asked for fails', async () => {
    await expect(
      readState(
        async keys => keys.map(() => undefined),
        draft => {
          if (accounts.get(draft, 'a') === undefined) throw new RangeError('not there')
        },
      ),
    ).rejects.toThrow('not there')
  })
})
