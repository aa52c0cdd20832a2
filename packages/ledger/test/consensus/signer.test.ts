import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  afterSigning,
  askSigner,
  comparePositions,
  contentOf,
  NIL,
  positionOf,
  type SignerState,
  SOUND_RULES,
  type Unsigned,
} from '../../src/consensus/core/index.js'
import { blockOf, proposalOf, voteOf } from './bench-core.js'

const x = blockOf(1)
const y = blockOf(2)

function vote(...args: Parameters<typeof voteOf>): Unsigned {
  const { signature: _signature, ...rest } = voteOf(...args)
  return { kind: 'vote', ...rest }
}

const prevoteX = vote('prevote', 'a', 1, x.blockId)
const signed = afterSigning(undefined, prevoteX, Uint8Array.of(7))

describe('a signer', () => {
  it('signs what comes first and what comes later', () => {
    expect(askSigner(undefined, prevoteX, SOUND_RULES)).toEqual({ type: 'sign' })
    for (const later of [
      vote('precommit', 'a', 1, y.blockId),
      vote('prevote', 'a', 2, y.blockId),
      vote('prevote', 'a', 0, y.blockId, { height: 2 }),
    ])
      expect(askSigner(signed, later, SOUND_RULES)).toEqual({ type: 'sign' })
  })

  it('repeats its signature for the same message, and no other', () => {
    expect(askSigner(signed, { ...prevoteX }, SOUND_RULES)).toEqual({
      type: 'repeat',
      signature: Uint8Array.of(7),
    })
    for (const other of [
      vote('prevote', 'a', 1, y.blockId),
      vote('prevote', 'a', 1, NIL),
      vote('prevote', 'a', 1, x.blockId, { validRound: 0 }),
    ])
      expect(askSigner(signed, other, SOUND_RULES)).toEqual({ type: 'refuse' })
  })

  it('refuses to go back', () => {
    const { signature: _signature, ...proposal } = proposalOf(x, 1)
    for (const earlier of [
      vote('prevote', 'a', 0, x.blockId),
      vote('precommit', 'a', 0, x.blockId),
      vote('precommit', 'a', 9, x.blockId, { height: 0 }),
      { kind: 'proposal', ...proposal } as const,
    ])
      expect(askSigner(signed, earlier, SOUND_RULES)).toEqual({ type: 'refuse' })
  })

  it('remembers the lock of its height', () => {
    const locked = afterSigning(signed, vote('precommit', 'a', 1, x.blockId), Uint8Array.of(1))
    expect(locked.lock).toEqual({ round: 1, blockId: x.blockId })
    const nil = afterSigning(locked, vote('precommit', 'a', 2, NIL), Uint8Array.of(1))
    expect(nil.lock).toEqual({ round: 1, blockId: x.blockId })
    const next = afterSigning(nil, vote('prevote', 'a', 0, y.blockId, { height: 2 }), Uint8Array.of(1))
    expect(next.lock).toEqual({ round: -1, blockId: NIL })
  })

  it('remembers what it signed in two rounds, of its height alone', () => {
    let state: SignerState
    for (let round = 0; round < 9; round++)
      for (const type of ['prevote', 'precommit'] as const)
        state = afterSigning(state, vote(type, 'a', round, NIL), Uint8Array.of(round))
    expect(state!.before.map(({ message }) => message.round)).toEqual([6, 6, 7, 7, 8])
    state = afterSigning(state, vote('prevote', 'a', 0, NIL, { height: 2 }), Uint8Array.of(1))
    expect(state.before).toEqual([])
  })

  it('never signs two messages at one place, nor anything before what it signed', () => {
    const message = fc.record({
      type: fc.constantFrom('prevote' as const, 'precommit' as const),
      height: fc.integer({ min: 1, max: 3 }),
      round: fc.nat(3),
      block: fc.constantFrom(x.blockId, y.blockId, NIL),
    })
    fc.assert(
      fc.property(fc.array(message, { maxLength: 60 }), messages => {
        let state: SignerState
        const given: Unsigned[] = []
        for (const { type, height, round, block } of messages) {
          const asked = vote(type, 'a', round, block, { height })
          const decision = askSigner(state, asked, SOUND_RULES)
          if (decision.type === 'sign') state = afterSigning(state, asked, Uint8Array.of(given.length))
          if (decision.type !== 'refuse') given.push(asked)
        }
        for (const [index, later] of given.entries())
          for (const earlier of given.slice(0, index)) {
            const order = comparePositions(positionOf(earlier), positionOf(later))
            expect(order < 0 || contentOf(earlier) === contentOf(later)).toBe(true)
          }
      }),
    )
  })
})
