import { errorCode } from '@neurovoyance/protocol'
import { ed25519 } from '@noble/curves/ed25519.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Message, NIL, summarise, type Vote, wholeCandidate } from '../../src/consensus/core/index.js'
import { decodeMessage, encodeMessage } from '../../src/consensus/wire/message.js'
import { signedBytesOf } from '../../src/consensus/wire/signed-bytes.js'
import { decodeSummary, encodeSummary } from '../../src/consensus/wire/summary.js'
import { isAuthentic } from '../../src/consensus/wire/verify.js'
import { benchCore, blockOf, voteOf } from './bench-core.js'

const secret = new Uint8Array(32).fill(7)
const validator = bytesToHex(ed25519.getPublicKey(secret))
const signature = new Uint8Array(64).fill(1)
const block = wholeCandidate(5, '11'.repeat(32), new Uint8Array(70_000).fill(3), 65_536)

const arbitraryVote: fc.Arbitrary<Vote> = fc.record({
  type: fc.constantFrom('prevote' as const, 'precommit' as const),
  height: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  round: fc.nat(),
  blockId: fc.constantFrom(NIL, block.blockId),
  validRound: fc.integer({ min: -1, max: 2 ** 31 }),
  validator: fc.constant(validator),
  signature: fc.constant(signature),
})

const arbitraryMessage: fc.Arbitrary<Message> = fc.oneof(
  arbitraryVote.map(vote => ({ type: 'vote' as const, vote })),
  fc
    .array(arbitraryVote, { minLength: 1, maxLength: 128 })
    .map(votes => ({ type: 'certificate' as const, votes })),
  fc.record({ round: fc.nat(), validRound: fc.integer({ min: -1 }) }).map(rounds => ({
    type: 'proposal' as const,
    proposal: { ...proposal, ...rounds },
  })),
  fc.constantFrom(...block.parts.map(part => ({ type: 'part' as const, part: part! }))),
)

const { blockId, headerHash, partsRoot, parts } = block
const proposal = {
  height: 5,
  round: 0,
  validRound: -1,
  blockId,
  headerHash,
  partsRoot,
  total: parts.length,
  proposer: validator,
  signature,
}

describe('messages', () => {
  it('come back as they were sent', () => {
    fc.assert(
      fc.property(arbitraryMessage, message => {
        expect(decodeMessage(encodeMessage(message))).toEqual(message)
      }),
    )
  })

  it('that say nothing, or are none, are refused', () => {
    const codeOf = (bytes: Uint8Array): string | undefined => {
      try {
        decodeMessage(bytes)
      } catch (error) {
        return errorCode(error)
      }
      return undefined
    }
    expect(codeOf(new Uint8Array(0))).toBe('LEDGER_BAD_CONSENSUS_MESSAGE')
    expect(codeOf(Uint8Array.of(255, 255))).toBe('PROTOCOL_MALFORMED')
    expect(codeOf(new Uint8Array(80_000))).toBe('PROTOCOL_TOO_LARGE')
    const two = [
      encodeMessage({ type: 'proposal', proposal }),
      encodeMessage({ type: 'part', part: parts[1]! }),
    ]
    expect(codeOf(Uint8Array.from(two.flatMap(bytes => [...bytes])))).toBe('LEDGER_BAD_CONSENSUS_MESSAGE')
  })
})

describe('signatures', () => {
  const vote = voteOf('prevote', validator, 3, blockId, { height: 5, validRound: 1 })
  const sign = (chainId: string): Vote => ({
    ...vote,
    signature: ed25519.sign(signedBytesOf(chainId, { kind: 'vote', ...vote }), secret),
  })
  const isGood = (message: Message): boolean =>
    isAuthentic('here', message, (key, bytes, given) => ed25519.verify(given, bytes, key))

  it('bind the chain and all that a vote says', () => {
    const good = sign('here')
    expect(isGood({ type: 'vote', vote: good })).toBe(true)
    expect(isGood({ type: 'vote', vote: sign('there') })).toBe(false)
    const changes: Partial<Vote>[] = [
      { type: 'precommit' },
      { height: 6 },
      { round: 4 },
      { blockId: NIL },
      { validRound: -1 },
      { validator: bytesToHex(ed25519.getPublicKey(new Uint8Array(32).fill(8))) },
    ]
    for (const change of changes)
      expect(isGood({ type: 'vote', vote: { ...good, ...change } }), JSON.stringify(change)).toBe(false)
    expect(isGood({ type: 'certificate', votes: [good, { ...good, round: 4 }] })).toBe(false)
  })

  it('bind all that a proposal says', () => {
    const bytes = signedBytesOf('here', { kind: 'proposal', ...proposal })
    const good = { ...proposal, signature: ed25519.sign(bytes, secret) }
    expect(isGood({ type: 'proposal', proposal: good })).toBe(true)
    for (const change of [{ round: 1 }, { validRound: 0 }, { total: 3 }, { partsRoot: '22'.repeat(32) }])
      expect(isGood({ type: 'proposal', proposal: { ...good, ...change } })).toBe(false)
  })
})

describe('summaries', () => {
  it('come back as they were sent', () => {
    const core = benchCore()
    expect(decodeSummary(encodeSummary(summarise(core.state)))).toEqual(summarise(core.state))
    core.propose(blockOf(1), 0)
    core.vote('prevote', 'abc', 0, NIL)
    core.vote('precommit', 'ab', 0, blockOf(1).blockId)
    const summary = summarise(core.state)
    expect(summary.rounds[0]!.prevotes.quorums).toEqual([NIL])
    expect(decodeSummary(encodeSummary(summary))).toEqual(summary)
  })
})
