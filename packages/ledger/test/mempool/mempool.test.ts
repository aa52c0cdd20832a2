import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Id, Mempool, type OpenTransaction, type Room, type Waiting } from '../../src/index.js'

let serial = 0

function waiting(
  sender: Id,
  nonce: number,
  tip: bigint,
  init: Partial<{ maxFee: bigint; validUntil: number }> = {},
): Waiting {
  const id = new Uint8Array(32)
  new DataView(id.buffer).setUint32(0, ++serial)
  const transaction = {
    id,
    sender,
    payer: sender,
    signers: new Set<Id>(),
    weight: 100,
    body: { nonce, tip, maxFee: 1_000_000n, validUntil: 100, ...init },
  } as unknown as OpenTransaction
  return { transaction, bytes: new Uint8Array(100), weight: 100 }
}

const room = (init: Partial<Room> = {}): Room => ({
  weight: 1_000_000,
  bytes: 1_000_000,
  count: 1_000,
  baseFee: 10n,
  nonceOf: () => 0,
  ...init,
})

const seen = (chosen: readonly Waiting[]) =>
  chosen.map(({ transaction }) => `${transaction.sender}${transaction.body.nonce}`)

describe('a mempool', () => {
  it('chooses the best offers, each account’s in order, as far as its nonces go on', () => {
    const pool = new Mempool()
    pool.add(waiting('a', 0, 1n), 0)
    pool.add(waiting('a', 1, 9n), 0)
    pool.add(waiting('b', 0, 5n), 0)
    pool.add(waiting('b', 2, 9n), 0)
    pool.add(waiting('c', 0, 3n), 0)
    expect(seen(pool.select(room()))).toEqual(['b0', 'c0', 'a0', 'a1'])
    expect(seen(pool.select(room({ count: 2 })))).toEqual(['b0', 'c0'])
    expect(seen(pool.select(room({ weight: 150 })))).toEqual(['b0'])
  })

  it('has nothing ready where a nonce is missing, or the base fee is not paid', () => {
    const pool = new Mempool()
    expect(pool.hasReady(room())).toBe(false)
    pool.add(waiting('a', 1, 9n), 0)
    pool.add(waiting('b', 0, 9n, { maxFee: 1_000n }), 0)
    expect(pool.hasReady(room())).toBe(false)
    expect(pool.hasReady(room({ baseFee: 1n }))).toBe(true)
    expect(pool.hasReady(room({ nonceOf: sender => (sender === 'a' ? 1 : 0) }))).toBe(true)
  })

  it('takes nothing of an account after what did not fit', () => {
    const pool = new Mempool()
    pool.add({ ...waiting('a', 0, 9n), weight: 500 }, 0)
    pool.add(waiting('a', 1, 9n), 0)
    pool.add(waiting('b', 0, 1n), 0)
    expect(seen(pool.select(room({ weight: 400 })))).toEqual(['b0'])
  })

  it('keeps back what cannot pay the base fee now, and what comes after it', () => {
    const pool = new Mempool()
    pool.add(waiting('a', 0, 1n, { maxFee: 2_000n }), 0)
    pool.add(waiting('a', 1, 1n), 0)
    expect(seen(pool.select(room({ baseFee: 19n })))).toEqual(['a0', 'a1'])
    expect(seen(pool.select(room({ baseFee: 20n })))).toEqual([])
  })

  it('replaces one only for a tenth more', () => {
    const pool = new Mempool()
    pool.add(waiting('a', 0, 100n), 0)
    expect(() => pool.add(waiting('a', 0, 109n), 0)).toThrow(
      expect.objectContaining({ code: 'LEDGER_FEE_TOO_LOW' }),
    )
    pool.add(waiting('a', 0, 110n), 0)
    expect(pool.size).toBe(1)
    expect(pool.bytes).toBe(100)
    expect(pool.select(room())[0]!.transaction.body.tip).toBe(110n)
  })

  it('refuses nonces that have passed or are too far ahead', () => {
    const pool = new Mempool({ perSender: 4 })
    const wrong = expect.objectContaining({ code: 'LEDGER_WRONG_NONCE' })
    expect(() => pool.add(waiting('a', 2, 1n), 3)).toThrow(wrong)
    expect(() => pool.add(waiting('a', 7, 1n), 3)).toThrow(wrong)
    pool.add(waiting('a', 6, 1n), 3)
  })

  it('is full: the cheapest go, and what offers no more than they do is refused', () => {
    const pool = new Mempool({ transactions: 16 })
    for (let index = 0; index < 16; index++) pool.add(waiting(`s${index}`, 0, BigInt(index)), 0)
    expect(() => pool.add(waiting('x', 0, 0n), 0)).toThrow(
      expect.objectContaining({ code: 'LEDGER_FEE_TOO_LOW' }),
    )
    pool.add(waiting('x', 0, 50n), 0)
    expect(pool.size).toBe(16)
    expect(seen(pool.select(room()))).not.toContain('s00')
  })

  it('forgets what happened, what is past its time, and what never may', () => {
    const pool = new Mempool()
    const never = waiting('b', 0, 1n)
    pool.add(waiting('a', 0, 1n), 0)
    pool.add(waiting('a', 1, 1n), 0)
    pool.add(never, 0)
    pool.add(waiting('c', 0, 1n, { validUntil: 5 }), 0)
    pool.settle(5, sender => (sender === 'a' ? 1 : 0))
    pool.remove(never.transaction)
    expect(seen([...pool.all()])).toEqual(['a1'])
  })

  it('counts right and stays within its limits, whatever comes', () => {
    const step = fc.record({
      sender: fc.constantFrom('a', 'b', 'c', 'd'),
      nonce: fc.nat(12),
      tip: fc.bigInt({ min: 0n, max: 20n }),
      settle: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), steps => {
        const pool = new Mempool({ transactions: 10, bytes: 900, perSender: 8 })
        const nonces = new Map<Id, number>()
        const nonceOf = (sender: Id) => nonces.get(sender) ?? 0
        for (const { sender, nonce, tip, settle } of steps) {
          if (settle) {
            for (const { transaction } of pool.select(room({ nonceOf, count: 3 }))) {
              expect(transaction.body.nonce).toBe(nonceOf(transaction.sender))
              nonces.set(transaction.sender, transaction.body.nonce + 1)
            }
            pool.settle(1, nonceOf)
          } else {
            try {
              pool.add(waiting(sender, nonce, tip), nonceOf(sender))
            } catch (error) {
              expect(error).toMatchObject({
                code: expect.stringMatching(/^LEDGER_(WRONG_NONCE|FEE_TOO_LOW)$/),
              })
            }
          }
          const all = [...pool.all()]
          expect(pool.size).toBe(all.length)
          expect(pool.bytes).toBe(all.length * 100)
          expect(pool.size).toBeLessThanOrEqual(10)
          expect(pool.bytes).toBeLessThanOrEqual(900)
        }
      }),
    )
  })
})
