import { Evidence, formatAddress, Header, LIMITS } from '@neurovoyance/protocol'
import { ed25519 } from '@noble/curves/ed25519.js'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { blockIdOf } from '../../src/consensus/core/blocks/merkle.js'
import { isAmnesia, isDoubleVote, NIL, type Vote } from '../../src/consensus/core/index.js'
import { sha256 } from '../../src/core/crypto/sha256.js'
import {
  bondedTo,
  bytesOf,
  checkEvidenceOf,
  createEvidenceModule,
  evidenceModule,
  idOf,
  judge,
  NVY,
  slashValidator,
  validatorSetOf,
  validators,
  voteBytes,
} from '../../src/index.js'
import { CHAIN } from '../machine/chain.js'
import { member, seal } from '../payments/model/payments-chain.js'
import { asks, DAY_MS, StakeChain } from '../staking/stake-chain.js'
import { amnesia, blockIdFrom, doubleVote, hash, headerOf, signedVote, vote } from './votes.js'

const owners = [member('a', 1), member('b', 2), member('c', 3), member('d', 4)]
const keys = [101, 102, 103, 104].map(seed => ed25519.getPublicKey(new Uint8Array(32).fill(seed)))
const [x, y] = [keys[0]!, keys[1]!]

const newChain = (module = evidenceModule) => {
  const accounts = owners.map(({ id }) => ({
    address: formatAddress(bytesOf(id)),
    liquid: String(2_000n * NVY),
  }))
  const staking = keys.map((key, index) => ({
    consensusKey: idOf(key),
    owner: accounts[index]!.address,
    liquid: String(1_000n * NVY),
  }))
  return new StakeChain({ accounts, staking }, {}, [module])
}

describe('evidence', () => {
  let chain: StakeChain

  beforeEach(() => {
    chain = newChain()
    for (let block = 0; block < 5; block++) chain.block()
  })

  const bonded = (key: Uint8Array) => bondedTo(validators.get(chain.draft(), idOf(key))!)
  const submit = (...evidence: Uint8Array[]) =>
    chain
      .block({ evidence })
      .events.flatMap(({ kind, fields }) =>
        kind === 'evidence/punished' ? ['punished'] : kind === 'evidence/refused' ? [fields.code] : [],
      )
  const twice = (height: number, round = 0) =>
    doubleVote(vote(x, 'precommit', height, round, hash(1)), vote(x, 'precommit', height, round, hash(2)))

  it('a double vote costs a twentieth, is burnt, and ends the validator', () => {
    expect(submit(twice(3))).toEqual(['punished'])
    expect(bonded(x)).toBe(950n * NVY)
    expect(chain.supply().burnt).toBe(50n * NVY)
    expect(validatorSetOf(chain.draft()).validators).toHaveLength(3)
    chain.days(2)
    expect(validatorSetOf(chain.draft()).validators).toHaveLength(3)
  })

  it('nobody is punished twice, by the same evidence or other', () => {
    expect(submit(twice(3), twice(3))).toEqual(['punished', 'LEDGER_CONFLICT'])
    for (const more of [twice(3), twice(4), twice(3, 1)]) expect(submit(more)).toEqual(['LEDGER_CONFLICT'])
    expect(bonded(x)).toBe(950n * NVY)
  })

  it('finds room where a validator was slashed as often as can be', () => {
    const slash = { epoch: Math.floor(chain.timeMs / DAY_MS), share: 1_000n }
    const again = () => chain.deed(context => slashValidator(context, idOf(x), slash))
    for (let time = 1; time < LIMITS.slashes; time++) again()
    expect(again).toThrow(/31 times/)
    expect(submit(twice(3))).toEqual(['punished'])
  })

  it('after evidence that no honest proposer would have taken, the rest of a block is not looked at', () => {
    expect(submit(twice(99), twice(3))).toEqual(['LEDGER_EXPIRED'])
    expect(submit(twice(3))).toEqual(['punished'])
  })

  it('two prevotes that differ only in the valid round are a double vote', () => {
    const [first, second] = [vote(x, 'prevote', 3, 2, hash(1)), vote(x, 'prevote', 3, 2, hash(1), 0)]
    expect(submit(doubleVote(first, first))).toEqual(['LEDGER_BAD_EVIDENCE'])
    expect(submit(doubleVote(first, second))).toEqual(['punished'])
  })

  it('a forgotten lock is amnesia, a lock that was left by a quorum is not', () => {
    const lock = vote(x, 'precommit', 3, 1, hash(1))
    expect(submit(amnesia(lock, vote(x, 'prevote', 3, 4, hash(2), 1)))).toEqual(['LEDGER_BAD_EVIDENCE'])
    expect(submit(amnesia(lock, vote(x, 'prevote', 3, 4)))).toEqual(['LEDGER_BAD_EVIDENCE'])
    expect(submit(amnesia(lock, vote(x, 'prevote', 3, 1, hash(2))))).toEqual(['LEDGER_BAD_EVIDENCE'])
    expect(submit(amnesia(lock, vote(x, 'prevote', 3, 4, hash(2), 0)))).toEqual(['punished'])
  })

  it('is what consensus calls evidence, for any two votes', () => {
    const anyVote = fc.record({
      type: fc.constantFrom('prevote' as const, 'precommit' as const),
      height: fc.integer({ min: 3, max: 4 }),
      round: fc.nat({ max: 3 }),
      block: fc.constantFrom(0, 0, 1, 2),
      validRound: fc.integer({ min: -1, max: 2 }),
      validator: fc.constantFrom(x, x, x, y),
    })
    let found = 0
    fc.assert(
      fc.property(anyVote, anyVote, (a, b) => {
        const forCore = ({ block, validator, ...rest }: typeof a): Vote => ({
          ...rest,
          blockId: block === 0 ? NIL : idOf(hash(block)),
          validRound: rest.type === 'prevote' && block > 0 ? rest.validRound : -1,
          validator: idOf(validator),
          signature: hash(0),
        })
        const forLedger = (it: typeof a) => {
          const { type, height, round, validRound } = forCore(it)
          const block = it.block === 0 ? undefined : hash(it.block)
          return vote(it.validator, type, height, round, block, validRound < 0 ? undefined : validRound)
        }
        const context = { draft: chain.draft(), chainId: CHAIN, verify: chain.machine.verify }
        const says = (bytes: Uint8Array) => {
          try {
            judge(context, bytes)
            found++
            return true
          } catch {
            return false
          }
        }
        const [p, q] = [forCore(a), forCore(b)]
        expect(says(doubleVote(forLedger(a), forLedger(b)))).toBe(isDoubleVote(p, q))
        expect(says(amnesia(forLedger(a), forLedger(b)))).toBe(isAmnesia(p, q))
      }),
      { numRuns: 2_000 },
    )
    expect(found).toBeGreaterThan(20)
  })

  describe('a lunatic header', () => {
    const real = headerOf(3, { stateRoot: hash(7) })
    const lie = headerOf(3, { stateRoot: hash(8) })
    const blockOf = (header: Header) => blockIdFrom(Header.encode(header), 1, hash(9))
    const commit = (indices: readonly number[], header = real) => {
      const body = { type: 'precommit' as const, height: 3, round: 0, block: blockOf(header) }
      const { validators } = validatorSetOf(chain.draft())
      const signatures = indices.map(index => ({
        validator: index,
        signature: seal(validators[index]!.publicKey, voteBytes(CHAIN, body)),
      }))
      return { height: 3, round: 0, block: blockOf(header), signatures }
    }
    const lunatic = (
      init: { header?: Header; real?: Header; signers?: readonly number[]; block?: Uint8Array } = {},
    ) => {
      const header = init.header ?? lie
      const precommit = vote(x, 'precommit', 3, 0, init.block ?? blockOf(header))
      const whole = init.real ?? real
      return Evidence.encode({
        lunatic: {
          precommit,
          header,
          parts: 1,
          partsRoot: hash(9),
          real: whole,
          realParts: 1,
          realPartsRoot: hash(9),
          commit: commit(init.signers ?? [0, 1, 2], whole),
        },
      })
    }

    it('costs a tenth', () => {
      expect(submit(lunatic())).toEqual(['punished'])
      expect(bonded(x)).toBe(900n * NVY)
    })

    it.each([
      ['the header only has another time', () => lunatic({ header: { ...real, timeMs: 2 } }), 'EVIDENCE'],
      ['the vote is for another block', () => lunatic({ block: hash(5) }), 'EVIDENCE'],
      ['the headers are of two heights', () => lunatic({ header: { ...lie, height: 4 } }), 'EVIDENCE'],
      ['half of the power is no quorum', () => lunatic({ signers: [0, 1] }), 'COMMIT'],
      ['one signature counts once', () => lunatic({ signers: [0, 1, 1] }), 'COMMIT'],
    ])('proves nothing where %s', (_, evidence, code) => {
      expect(submit(evidence())).toEqual([`LEDGER_BAD_${code}`])
      expect(bonded(x)).toBe(1_000n * NVY)
    })
  })

  it('names blocks as consensus does', () => {
    const header = Header.encode(headerOf(3))
    const name = blockIdOf(idOf(sha256(header)), 5, idOf(hash(9)))
    expect(idOf(blockIdFrom(header, 5, hash(9)))).toBe(name)
  })

  it.each([
    [
      'signatures that do not hold',
      () => ({ ...vote(x, 'precommit', 3, 0, hash(2)), signature: new Uint8Array(64) }),
    ],
    ['votes of two validators', () => vote(y, 'precommit', 3, 0, hash(2))],
    [
      'votes of another chain',
      () => signedVote(x, { type: 'precommit', height: 3, round: 0, block: hash(2) }, 'test-2'),
    ],
    ['votes of two heights', () => vote(x, 'precommit', 4, 0, hash(2))],
    ['votes of two rounds', () => vote(x, 'precommit', 3, 1, hash(2))],
    ['votes of two types', () => vote(x, 'prevote', 3, 0, hash(2))],
  ])('%s prove nothing', (_, second) => {
    expect(submit(doubleVote(vote(x, 'precommit', 3, 0, hash(1)), second()))).toEqual(['LEDGER_BAD_EVIDENCE'])
    expect(bonded(x)).toBe(1_000n * NVY)
  })

  it('bytes that are none, and heights to come, prove nothing', () => {
    expect(submit(Uint8Array.of(255, 255))).toEqual(['PROTOCOL_MALFORMED'])
    expect(submit(Evidence.encode({}))).toEqual(['LEDGER_BAD_EVIDENCE'])
    expect(submit(twice(chain.height + 1))).toEqual(['LEDGER_EXPIRED'])
  })

  it('a fault is punished for twenty days, and coins that left since pay too', () => {
    chain.day()
    chain.block()
    chain.block()
    const height = chain.height
    expect(chain.ask(owners[0]!, asks.unbond(x, { liquid: 1_000n * NVY }))).toBeUndefined()
    const left = chain.timeMs
    chain.days(19)
    expect(submit(twice(height))).toEqual(['punished'])
    chain.block({ afterMs: left + 21 * DAY_MS - chain.timeMs })
    expect(chain.purse(owners[0]!).liquid).toBe(1_950n * NVY)
    expect(chain.held('unbonding')).toBe(0n)
  })

  it('after that it is too late', () => {
    const height = chain.height
    chain.days(22)
    expect(submit(twice(height))).toEqual(['LEDGER_EXPIRED'])
  })

  it('whoever was no validator at that height is not punished', () => {
    const key = ed25519.getPublicKey(new Uint8Array(32).fill(105))
    const owner = owners[3]!
    chain.ask(owner, asks.create(chain, owner, key, { liquid: 1_000n * NVY }))
    chain.block()
    const both = [1, 2].map(block => vote(key, 'precommit', chain.height, 0, hash(block)))
    expect(submit(doubleVote(both[0]!, both[1]!))).toEqual(['LEDGER_NOT_FOUND'])
  })

  it('an engine is believed where its ledger says so, and nowhere else', () => {
    const word = Evidence.encode({ reported: { validator: x, height: 3, lunatic: false } })
    expect(submit(word)).toEqual(['LEDGER_BAD_EVIDENCE'])
    chain = newChain(createEvidenceModule('engine'))
    for (let block = 0; block < 5; block++) chain.block()
    expect(submit(word)).toEqual(['punished'])
    expect(bonded(x)).toBe(950n * NVY)
  })

  it('can be asked about before it is put into a block', () => {
    const context = {
      draft: chain.draft(),
      chainId: CHAIN,
      verify: chain.machine.verify,
      parameters: { of: () => BigInt(20 * DAY_MS), all: () => [] },
      timeMs: chain.timeMs,
      height: chain.height + 1,
    }
    expect(checkEvidenceOf(context, twice(3))).toEqual({ kind: 'doubleVote', validator: idOf(x), height: 3 })
    expect(() => checkEvidenceOf(context, twice(9))).toThrow(/height 9/)
  })
})
