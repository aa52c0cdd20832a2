import { errorCode, Transaction } from '@neurovoyance/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { receiptsRootOf, transactionsRootOf } from '../../src/core/block/hashes.js'
import { sha256 } from '../../src/core/crypto/sha256.js'
import { type ClaimedTransaction, checkTransactionProof, transactionProof } from '../../src/light/index.js'

const bodyOf = (index: number) => Uint8Array.of(index, index >> 8, 7)

/** A block of so many transactions, every third of which failed, and the roots that headers show of it. */
function blockOf(count: number) {
  const receipts = Array.from({ length: count }, (_, index) => ({
    id: sha256(bodyOf(index)),
    ...(index % 3 === 2 && { code: 'LEDGER_INSUFFICIENT_FUNDS', message: 'too few' }),
    fee: 1_000n + BigInt(index),
    weight: 300 + index,
    admitted: true,
    events: [],
  }))
  const roots = {
    transactionsRoot: transactionsRootOf(receipts.map(({ id }) => id)),
    receiptsRoot: receiptsRootOf(receipts),
  }
  const claim = (index: number): ClaimedTransaction => {
    const { id, code = '', fee } = receipts[index]!
    const transaction = Transaction.encode({ body: bodyOf(index), signatures: [] })
    return { id, index, code, fee, transaction, proof: transactionProof(receipts, index) }
  }
  return { roots, claim }
}

const verdict = (claim: ClaimedTransaction, roots: Parameters<typeof checkTransactionProof>[1]) => {
  try {
    checkTransactionProof(claim, roots)
    return 'holds'
  } catch (error) {
    return errorCode(error) ?? 'no code'
  }
}

/** Every copy of some bytes with one bit changed. */
function* flipped(bytes: Uint8Array): Generator<Uint8Array> {
  for (let bit = 0; bit < bytes.length * 8; bit++) {
    const copy = bytes.slice()
    copy[bit >> 3]! ^= 1 << (bit & 7)
    yield copy
  }
}

/** Every claim that differs in one bit of one field. */
function* damaged(claim: ClaimedTransaction): Generator<[field: string, ClaimedTransaction]> {
  const { proof } = claim
  for (const id of flipped(claim.id)) yield ['id', { ...claim, id }]
  for (const transaction of flipped(claim.transaction)) yield ['transaction', { ...claim, transaction }]
  for (let bit = 0; bit < 32; bit++) yield ['index', { ...claim, index: (claim.index ^ (1 << bit)) >>> 0 }]
  for (let bit = 0n; bit < 63n; bit++) yield ['fee', { ...claim, fee: claim.fee ^ (1n << bit) }]
  for (const code of flipped(new TextEncoder().encode(claim.code || 'C')))
    yield ['code', { ...claim, code: new TextDecoder('latin1').decode(code) }]
  for (const receipt of flipped(proof.receipt)) yield ['receipt', { ...claim, proof: { ...proof, receipt } }]
  for (const field of ['receiptSiblings', 'transactionSiblings'] as const) {
    for (const [at, sibling] of proof[field].entries())
      for (const changed of flipped(sibling))
        yield [field, { ...claim, proof: { ...proof, [field]: proof[field].with(at, changed) } }]
    yield [field, { ...claim, proof: { ...proof, [field]: [...proof[field], new Uint8Array(32)] } }]
    if (proof[field].length > 0)
      yield [field, { ...claim, proof: { ...proof, [field]: proof[field].slice(1) } }]
  }
}

describe('a proof of what became of a transaction', () => {
  it('holds for every place of blocks of every size', () => {
    for (let count = 1; count <= 40; count++) {
      const { roots, claim } = blockOf(count)
      for (let index = 0; index < count; index++) {
        const { id, code, fee } = claim(index)
        const receipt = checkTransactionProof(claim(index), roots)
        expect(receipt).toEqual({ id, code, fee, weight: 300 + index, index })
      }
    }
  })

  it.each([
    [1, 0],
    [3, 2],
    [6, 4],
    [7, 5],
  ])('does not hold with one bit changed anywhere: %i transactions, place %i', (count, index) => {
    const { roots, claim } = blockOf(count)
    for (const [field, wrong] of damaged(claim(index)))
      expect([field, verdict(wrong, roots)]).toEqual([
        field,
        expect.stringMatching(/^(LEDGER_BAD_PROOF|PROTOCOL_.*)$/),
      ])
  })

  it('does not hold under other headers, or for another transaction of the block', () => {
    const { roots, claim } = blockOf(5)
    for (const field of ['transactionsRoot', 'receiptsRoot'] as const)
      for (const root of flipped(roots[field]))
        expect(verdict(claim(3), { ...roots, [field]: root })).toBe('LEDGER_BAD_PROOF')
    expect(verdict({ ...claim(3), proof: claim(2).proof }, roots)).toBe('LEDGER_BAD_PROOF')
    expect(verdict({ ...claim(3), id: claim(2).id }, roots)).toBe('LEDGER_BAD_PROOF')
  })

  it('says one place only: no other that somebody claims with the receipt holds', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), fc.nat({ max: 127 }), (count, pick, other) => {
        const { roots, claim } = blockOf(count)
        const honest = claim(pick % count)
        expect(verdict({ ...honest, index: other }, roots)).toBe(
          other === honest.index ? 'holds' : 'LEDGER_BAD_PROOF',
        )
      }),
    )
  })
})
