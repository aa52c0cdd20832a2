import { AccountsRotate, AccountsTransfer } from '@neurovoyance/protocol'
import { beforeEach, describe, expect, it } from 'vitest'
import { bytesOf, NVY, soleKey, totalOf } from '../../src/index.js'
import { type Person, person, TestChain } from './chain.js'

const alice = person(1)
const bob = person(2)
const carol = person(3)

const transfer = (to: Person, amount: bigint) => ({
  kind: 'accounts/transfer',
  payload: AccountsTransfer.encode({ to: bytesOf(to.id), amount }),
})

describe('accounts', () => {
  let chain: TestChain

  beforeEach(() => {
    chain = new TestChain([], { accounts: [{ address: alice.address, liquid: String(100n * NVY) }] })
  })

  it('a transfer moves liquid coins, and its fee is burnt', () => {
    const { receipts } = chain.block([chain.sign(alice, [transfer(bob, 10n * NVY)])])
    const [receipt] = receipts
    expect(receipt!.code).toBeUndefined()
    expect(chain.account(bob).purse.liquid).toBe(10n * NVY)
    expect(chain.account(alice).purse.liquid).toBe(90n * NVY - receipt!.fee)
    expect(chain.supply()).toMatchObject({ genesis: 100n * NVY, minted: 0n, burnt: receipt!.fee })
    expect(receipt!.events.map(({ kind }) => kind)).toEqual(['accounts/transferred'])
  })

  it('what fails costs its fee and nothing else', () => {
    const { receipts } = chain.block([chain.sign(alice, [transfer(bob, NVY), transfer(carol, 1_000n * NVY)])])
    expect(receipts[0]).toMatchObject({ code: 'LEDGER_INSUFFICIENT_FUNDS', admitted: true, events: [] })
    expect(totalOf(chain.account(bob).purse)).toBe(0n)
    expect(chain.account(alice).nonce).toBe(1)
    expect(totalOf(chain.account(alice).purse)).toBe(100n * NVY - receipts[0]!.fee)
  })

  it.each([
    ['LEDGER_WRONG_NONCE', { nonce: 1 }],
    ['LEDGER_EXPIRED', { validUntil: 0 }],
    ['LEDGER_FEE_TOO_LOW', { maxFee: 1n }],
    ['LEDGER_BAD_KEYS', { keys: undefined }],
    ['LEDGER_BAD_KEYS', { keys: soleKey(bob.publicKey) }],
  ])('what may not happen leaves nothing: %s', (code, init) => {
    const before = new Map(chain.values)
    const { receipts } = chain.block([chain.sign(alice, [transfer(bob, NVY)], init)])
    expect(receipts[0]).toMatchObject({ code, admitted: false, fee: 0n })
    expect(chain.values).toEqual(before)
  })

  it('a transaction happens once', () => {
    const bytes = chain.sign(alice, [transfer(bob, NVY)])
    chain.block([bytes])
    const { receipts } = chain.block([bytes])
    expect(receipts[0]).toMatchObject({ code: 'LEDGER_WRONG_NONCE', admitted: false })
    expect(chain.account(bob).purse.liquid).toBe(NVY)
  })

  it('keys are rotated, and the address stays', () => {
    const rotate = {
      kind: 'accounts/rotate',
      payload: AccountsRotate.encode({
        keys: {
          threshold: 2,
          keys: [bob, carol]
            .map(({ publicKey }) => ({ publicKey, weight: 1 }))
            .sort((a, b) => Buffer.compare(a.publicKey, b.publicKey)),
        },
      }),
    }
    expect(chain.ask(alice, rotate)).toBeUndefined()
    expect(chain.ask(alice, transfer(bob, NVY))).toBe('LEDGER_BAD_SIGNATURE')
    const one = chain.block([chain.sign(alice, [transfer(bob, NVY)], {}, [bob])])
    expect(one.receipts[0]!.code).toBe('LEDGER_BAD_SIGNATURE')
    const both = chain.block([chain.sign(alice, [transfer(bob, NVY)], {}, [bob, carol])])
    expect(both.receipts[0]!.code).toBeUndefined()
  })

  it('an empty block changes nothing', () => {
    chain.ask(alice, transfer(bob, NVY))
    chain.block([], 600_000)
    expect(chain.block([], 60_000).changes.size).toBe(0)
  })

  it('full blocks raise the base fee, quiet time lowers it to its floor', () => {
    const before = chain.baseFee()
    const bytes = Array.from({ length: 40 }, (_, index) => index).map(index =>
      chain.sign(
        alice,
        Array.from({ length: 32 }, () => transfer(bob, 1n)),
        { nonce: index },
      ),
    )
    const small = new TestChain(
      [],
      { accounts: [{ address: alice.address, liquid: String(100n * NVY) }] },
      { 'fees/targetWeight': '10000' },
    )
    small.block(bytes)
    expect(small.baseFee()).toBeGreaterThan(before)
    small.block([], 3_600_000)
    expect(small.baseFee()).toBe(before)
  })
})
