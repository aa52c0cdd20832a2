import { errorCode, LightBlock, systemClock } from '@neurovoyance/protocol'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { accounts, actions, verifyProof } from '../../src/index.js'
import { coherent } from '../../src/light/index.js'
import { localAccess } from '../../src/node/index.js'
import { CHAIN } from '../machine/chain.js'
import {
  alice,
  bob,
  genesisOf,
  keyOf,
  liquidOf,
  QUICK,
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
const give = (amount: bigint) => [actions.transfer(bob.address, amount)]

describe('a chain of one validator', () => {
  it('takes a transaction in and tells what became of it', async () => {
    const chain = await place.open({ dir: await place.folder(), genesis, validator })
    const before = liquidOf(chain, alice)
    const { bytes, id } = await transactionOf(chain, alice, give(5n))
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
    expect(await localAccess(chain).settled(id)).toEqual(result)
  })

  it('waits by the clock that it is given, even for the next turn', async () => {
    const delays: number[] = []
    const after: typeof systemClock.after = (delayMs, call) => {
      delays.push(delayMs)
      return systemClock.after(delayMs, call)
    }
    const clock = { ...systemClock, after }
    const chain = await place.open({ dir: await place.folder(), genesis, validator, clock })
    const { bytes, id } = await transactionOf(chain, alice, give(5n))
    await chain.submit(bytes)
    await chain.settled(id)
    expect(delays).toContain(0)
  })

  it('keeps a transaction that fails, with its reason and its fee', async () => {
    const chain = await place.open({ dir: await place.folder(), genesis, validator })
    const { bytes, id } = await transactionOf(chain, alice, give(1n << 60n))
    await chain.submit(bytes)
    const result = await chain.settled(id)
    expect(result).toMatchObject({ code: 'LEDGER_INSUFFICIENT_FUNDS', events: [] })
    expect(result.fee).toBeGreaterThan(0n)
    expect(await chain.transaction(id)).toEqual(result)
    expect(liquidOf(chain, bob)).toBe(0n)
  })

  it('shows values under the next header, at once when something changed', async () => {
    const chain = await place.open({ dir: await place.folder(), genesis, validator })
    const { bytes, id } = await transactionOf(chain, alice, give(5n))
    await chain.submit(bytes)
    const { height } = await chain.settled(id)
    const key = accounts.key(bob.id)
    const { height: shown, values } = await chain.prove([key, 'accounts/nobody'])
    expect(shown).toBe(height + 1)
    const { header, validators } = coherent(LightBlock.decode(chain.lightBlock(shown)!), CHAIN)
    expect(validators.validators.map(({ publicKey }) => publicKey)).toEqual([validator.publicKey])
    for (const { key, value, proof } of values)
      expect(verifyProof(header.stateRoot, key, value, proof)).toBe(true)
    expect(values.map(({ value }) => value === undefined)).toEqual([false, true])
  })

  it('makes no block without a reason: neither transactions nor a root to show', async () => {
    const chain = await place.open({ dir: await place.folder(), genesis, validator })
    const { bytes, id } = await transactionOf(chain, alice, give(5n))
    await chain.submit(bytes)
    const { height } = await chain.settled(id)
    await reached(chain, height + 1)
    const roots = [height, height + 1].map(at => chain.block(at)!.stateRoot)
    expect(roots[0]).toEqual(roots[1])
    // shown by the header that is there: nothing else is waited for
    expect((await chain.prove([accounts.key(bob.id)])).height).toBe(height + 1)
    expect(chain.head().height).toBe(height + 1)
  })

  it('makes no block for what cannot be in one yet', async () => {
    let rested = 0
    let look = () => {}
    const after: typeof systemClock.after = (delayMs, call) =>
      systemClock.after(delayMs, () => {
        call()
        if (delayMs === QUICK.commitMs) rested = chain.head().height
        look()
      })
    const clock = { ...systemClock, after }
    const chain = await place.open({ dir: await place.folder(), genesis, validator, clock })
    const first = await transactionOf(chain, alice, give(5n))
    const second = await transactionOf(chain, alice, give(6n), { nonce: 1 })
    await chain.submit(second.bytes)
    const other = await transactionOf(chain, validators[0]!, give(7n))
    await chain.submit(other.bytes)
    const { height } = await chain.settled(other.id)
    // the block after it shows what it did; when that one has had its time, the next would begin if one was wanted
    await new Promise<void>(resolve => {
      look = () => rested > height && resolve()
      look()
    })
    await chain.submit(first.bytes)
    await chain.settled(second.id)
    expect(chain.block(height + 2)!.transactions.map(({ id }) => id)).toContainEqual(first.id)
  })

  it('makes a block at every heartbeat all the same', async () => {
    const settings = { ...QUICK, heartbeatMs: 40 }
    const chain = await place.open({ dir: await place.folder(), genesis, validator, settings })
    await reached(chain, 6)
    expect(chain.block(6)!.transactions).toEqual([])
  })

  it('goes on where it was closed, with what it had', async () => {
    const dir = await place.folder()
    const first = await place.open({ dir, genesis, validator })
    const { bytes, id } = await transactionOf(first, alice, give(5n))
    await first.submit(bytes)
    const result = await first.settled(id)
    await first.close()
    const second = await place.open({ dir, genesis, validator })
    expect(second.head().height).toBeGreaterThanOrEqual(result.height)
    expect(await second.transaction(id)).toEqual(result)
    expect(liquidOf(second, bob)).toBe(5n)
    const next = await transactionOf(second, alice, give(6n))
    await second.submit(next.bytes)
    expect((await second.settled(next.id)).height).toBeGreaterThan(result.height)
    expect(liquidOf(second, bob)).toBe(11n)
  })

  it('stops before the block after its halt height, and still answers', async () => {
    const dir = await place.folder()
    const settings = { ...QUICK, heartbeatMs: 10, haltHeight: 3 }
    const chain = await place.open({ dir, genesis, validator, settings })
    expect(await chain.stopped).toEqual({ reason: 'halted' })
    expect(chain.head().height).toBe(3)
    expect(chain.block()?.height).toBe(3)
    await chain.close()
    const again = await place.open({ dir, genesis, validator, settings })
    expect(await again.stopped).toEqual({ reason: 'halted' })
    await again.close()
    const free = { ...QUICK, heartbeatMs: 10 }
    await reached(await place.open({ dir, genesis, validator, settings: free }), 4)
  })
})

describe('a chain does not open', () => {
  it('in the folder of a chain with another genesis', async () => {
    const dir = await place.folder()
    await (await place.open({ dir, genesis, validator })).close()
    const other = { ...genesis, timeMs: genesis.timeMs + 1 }
    await expect(place.open({ dir, genesis: other, validator })).rejects.toMatchObject({
      code: 'LEDGER_CHAIN_OTHER_GENESIS',
    })
  })

  it('without a validator in its genesis', async () => {
    const { staking: _, ...modules } = genesis.modules
    const init = { dir: await place.folder(), genesis: { ...genesis, modules }, validator }
    await expect(place.open(init)).rejects.toMatchObject({ code: 'LEDGER_CHAIN_NO_VALIDATORS' })
  })

  it('twice in one folder', async () => {
    const dir = await place.folder()
    await place.open({ dir, genesis, validator })
    await expect(place.open({ dir, genesis, validator })).rejects.toMatchObject({
      code: 'LEDGER_STORE_IN_USE',
    })
  })
})

describe('who waits', () => {
  it('for a block that never comes is told when the chain is closed', async () => {
    const chain = await place.open({ dir: await place.folder(), genesis, validator })
    const waiting = chain.settled(new Uint8Array(32)).catch(errorCode)
    await chain.close()
    expect(await waiting).toBe('LEDGER_CHAIN_CLOSED')
  })

  it('may stop waiting', async () => {
    const chain = await place.open({ dir: await place.folder(), genesis, validator })
    const stop = new AbortController()
    const enough = new Error('enough')
    const waiting = chain.settled(new Uint8Array(32), { signal: stop.signal }).catch(reason => reason)
    stop.abort(enough)
    expect(await waiting).toBe(enough)
  })
})
