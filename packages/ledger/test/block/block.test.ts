import { Block, type Commit } from '@neurovoyance/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  assembleBlock,
  type ChainHead,
  checkLinks,
  isUnderRoot,
  merkleProof,
  merkleRoot,
  openBlock,
  openTransaction,
  verifyZip215,
} from '../../src/index.js'
import { CHAIN, person, START_MS, TestChain } from '../machine/chain.js'

const alice = person(1)
const open = { chainId: CHAIN, verify: verifyZip215 }
const hash = (byte: number) => new Uint8Array(32).fill(byte)
const validators = { validators: [{ publicKey: alice.publicKey, power: 1 }] }
const head: ChainHead = {
  height: 4,
  timeMs: START_MS,
  blockId: hash(1),
  stateRoot: hash(2),
  receiptsRoot: hash(3),
  validators,
  nextValidators: validators,
}
const lastCommit: Commit = {
  height: 4,
  round: 0,
  block: hash(1),
  signatures: [{ validator: 0, signature: new Uint8Array(64) }],
}

function blockOf(timeMs = START_MS + 1_000) {
  const chain = new TestChain([], { accounts: [{ address: alice.address, liquid: '1000000' }] })
  const bytes = chain.sign(alice, [{ kind: 'accounts/transfer', payload: new Uint8Array(0) }])
  const transaction = openTransaction(bytes, open)
  const transactions = [{ transaction, bytes }]
  return assembleBlock(head, {
    chainId: CHAIN,
    timeMs,
    proposer: alice.publicKey,
    transactions,
    evidence: [hash(7)],
    lastCommit,
  })
}

describe('a block', () => {
  it('is read as it was made, and follows its head', () => {
    const { bytes, headerHash } = blockOf()
    const block = openBlock(bytes, open)
    expect(block.headerHash).toEqual(headerHash)
    expect(block.transactions).toHaveLength(1)
    expect(() => checkLinks(head, block.header, 60_000)).not.toThrow()
  })

  it.each([
    ['height', { height: 5 }],
    ['previousBlock', { blockId: hash(9) }],
    ['stateRoot', { stateRoot: hash(9) }],
    ['receiptsRoot', { receiptsRoot: hash(9) }],
    ['validatorsHash', { validators: { validators: [] } }],
    ['nextValidatorsHash', { nextValidators: { validators: [] } }],
  ])('that does not follow is refused by its %s', (field, other) => {
    const { header } = blockOf()
    expect(() => checkLinks({ ...head, ...other }, header, 60_000)).toThrow(
      expect.objectContaining({ code: 'LEDGER_BAD_BLOCK', message: expect.stringContaining(field) }),
    )
  })

  it('comes after its head, and no more than two heartbeats', () => {
    for (const [timeMs, allowed] of [
      [START_MS, false],
      [START_MS + 1, true],
      [START_MS + 120_000, true],
      [START_MS + 120_001, false],
    ] as const) {
      const check = () => checkLinks(head, blockOf(timeMs).header, 60_000)
      if (allowed) expect(check).not.toThrow()
      else expect(check).toThrow(expect.objectContaining({ code: 'LEDGER_BAD_BLOCK' }))
    }
  })

  it.each(['transactions', 'evidence', 'lastCommit'] as const)(
    'whose %s is not what its header says is refused',
    part => {
      const { header, transactions, evidence } = Block.decode(blockOf().bytes)
      const whole = { header, transactions, evidence, lastCommit }
      const changed = {
        transactions: { ...whole, transactions: [] },
        evidence: { ...whole, evidence: [] },
        lastCommit: { ...whole, lastCommit: { ...lastCommit, round: 1 } },
      }[part]
      expect(() => openBlock(Block.encode(changed), open)).toThrow(
        expect.objectContaining({ code: 'LEDGER_BAD_BLOCK' }),
      )
    },
  )
})

describe('the tree over a block’s leaves', () => {
  it('proves each leaf at its place, and nothing else', () => {
    const leaf = fc.uint8Array({ minLength: 1, maxLength: 8 })
    fc.assert(
      fc.property(
        fc.array(leaf, { minLength: 1, maxLength: 40 }),
        fc.nat(),
        fc.nat(),
        (leaves, pick, bit) => {
          const index = pick % leaves.length
          const root = merkleRoot(leaves)
          const proof = merkleProof(leaves, index)
          expect(isUnderRoot(root, leaves[index]!, index, proof)).toBe(true)
          const other = Uint8Array.of(...leaves[index]!, 0)
          expect(isUnderRoot(root, other, index, proof)).toBe(false)
          expect(isUnderRoot(root, leaves[index]!, index, [...proof, hash(0)])).toBe(false)
          if (proof.length === 0) return
          const changed = proof.map(item => Uint8Array.from(item))
          const at = bit % (proof.length * 256)
          changed[at >> 8]![(at >> 3) & 31]! ^= 1 << (at & 7)
          expect(isUnderRoot(root, leaves[index]!, index, changed)).toBe(false)
        },
      ),
    )
  })
})
