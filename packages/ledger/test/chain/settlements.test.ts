import { errorCode } from '@neurovoyance/protocol'
import { createVirtualClock } from '@neurovoyance/testing/network'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Settlements } from '../../src/chain/answers/settlements.js'
import { actions } from '../../src/index.js'
import { type Chain, localAccess } from '../../src/node/index.js'
import { person } from '../machine/chain.js'
import { alice, bob, genesisOf, keyOf, transactionOf, validators, Workplace } from './local-chain.js'

let place: Workplace
beforeEach(() => {
  place = new Workplace()
})
afterEach(() => place.clear())

const genesis = genesisOf(1)
const give = (amount: bigint) => [actions.transfer(bob.address, amount)]
const gone = (why: string) => ({ code: 'LEDGER_CHAIN_TRANSACTION_GONE', details: { why } })
const open = async (key = validators[0]!) =>
  place.open({ dir: await place.folder(), genesis, validator: keyOf(key) })
/** A chain that decides nothing: its key is not the validator's. */
const openHalted = () => open(person(55))
const submitted = async (chain: Chain, init: Parameters<typeof transactionOf>[3] = {}, amount = 1n) => {
  const { id, bytes } = await transactionOf(chain, alice, give(amount), init)
  await chain.submit(bytes)
  return id
}

describe('who waits for a transaction', () => {
  it('hears when another that waits takes its place, and so does who asks later', async () => {
    const chain = await openHalted()
    const first = await submitted(chain)
    const waiting = expect(localAccess(chain).settled(first)).rejects.toMatchObject(gone('replaced'))
    await submitted(chain, { tip: 5n }, 2n)
    await waiting
    await expect(chain.settled(first)).rejects.toMatchObject(gone('replaced'))
  })

  it('hears when its time is over, with the block that ends it', async () => {
    const chain = await open()
    const { height } = chain.head()
    // a later nonce than the account's: it waits for those before it
    const late = await submitted(chain, { nonce: 5, validUntil: height + 2 })
    const waiting = expect(chain.settled(late)).rejects.toMatchObject(gone('expired'))
    for (const nonce of [0, 1]) await chain.settled(await submitted(chain, { nonce }))
    await waiting
    expect(chain.pool.size).toBe(0)
  })

  it('hears when the chain is closed, and stops when it is told to', async () => {
    const chain = await openHalted()
    const id = await submitted(chain)
    const stop = new AbortController()
    const stopped = expect(chain.settled(id, { signal: stop.signal })).rejects.toThrow('enough')
    stop.abort(new Error('enough'))
    await stopped
    const waiting = chain.settled(id).catch(errorCode)
    await chain.close()
    expect(await waiting).toBe('LEDGER_CHAIN_CLOSED')
  })

  it('waits a minute for one that nobody has heard of, and longer for one that has come meanwhile', async () => {
    const clock = createVirtualClock()
    const waiting = new Set<string>()
    const settlements = new Settlements({
      found: () => undefined,
      pool: { has: id => waiting.has(String(id)), expire: () => {}, onDropped: () => {} },
      clock,
    })
    const [stranger, newcomer] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
    const unheard = settlements.wait(stranger).catch(errorCode)
    const heard = settlements.wait(newcomer)
    waiting.add(String(newcomer))
    clock.advance(61_000)
    expect(await unheard).toBe('LEDGER_CHAIN_TRANSACTION_UNKNOWN')
    const result = { id: newcomer, height: 7, index: 0, fee: 1n, weight: 1, events: [], bytes: newcomer }
    settlements.applied({ height: 7, transactions: [result] })
    expect(await heard).toBe(result)
  })
})
