import { Evidence, type Header, type SignedVote, type VoteBody } from '@neurovoyance/protocol'
import { blockIdFrom, voteBytes } from '../../src/index.js'
import { CHAIN } from '../machine/chain.js'
import { seal } from '../payments/model/payments-chain.js'

/** A vote, signed as the chains of these tests believe it. */
export function signedVote(validator: Uint8Array, body: VoteBody, chainId = CHAIN): SignedVote {
  return { body, validator, signature: seal(validator, voteBytes(chainId, body)) }
}

/** 32 bytes to stand for a block or a root. */
export const hash = (seed: number): Uint8Array => new Uint8Array(32).fill(seed)

/** A vote that says what matters in it. */
export function vote(
  validator: Uint8Array,
  type: 'prevote' | 'precommit',
  height: number,
  round: number,
  block?: Uint8Array,
  validRound?: number,
): SignedVote {
  const named = block === undefined ? {} : { block }
  const valid = validRound === undefined ? {} : { validRound }
  return signedVote(validator, { type, height, round, ...named, ...valid })
}

export const doubleVote = (first: SignedVote, second: SignedVote): Uint8Array =>
  Evidence.encode({ doubleVote: { first, second } })

export const amnesia = (precommit: SignedVote, prevote: SignedVote): Uint8Array =>
  Evidence.encode({ amnesia: { precommit, prevote } })

/** A header of a height; what is not given is zeros. */
export function headerOf(height: number, fields: Partial<Header> = {}): Header {
  return {
    version: 1,
    chainId: CHAIN,
    height,
    timeMs: 1,
    previousBlock: hash(0),
    stateRoot: hash(0),
    receiptsRoot: hash(0),
    transactionsRoot: hash(0),
    evidenceRoot: hash(0),
    lastCommitHash: hash(0),
    validatorsHash: hash(0),
    nextValidatorsHash: hash(0),
    proposer: hash(0),
    ...fields,
  }
}

export { blockIdFrom }
