import { createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto'
import { blockIdFrom, idOf, NO_HASH, validatorsHashOf, voteBytes } from '@neurovoyance/ledger'
import type { LightProvider, TrustedHeader } from '@neurovoyance/ledger/light'
import { Header, LightBlock, type ValidatorSet } from '@neurovoyance/protocol'

export const CHAIN_ID = 'bench-1'
export const START_MS = Date.UTC(2026, 0, 1)
const BLOCK_MS = 1_000
const PARTS_ROOT = new Uint8Array(32).fill(5)
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')

interface Validator {
  readonly publicKey: Uint8Array
  readonly key: KeyObject
}

/** A chain of headers that are made when they are asked for. */
export interface LightChain {
  readonly provider: LightProvider
  /** Header 1, as somebody trusts it. */
  readonly anchor: TrustedHeader
  /** A time at which all of its headers are of the past. */
  readonly nowMs: number
  /** Light blocks that were asked for so far, by height. */
  readonly made: ReadonlyMap<number, Uint8Array>
}

/** How large the chain is, and how its validators change. */
export interface LightChainInit {
  readonly blocks: number
  readonly validators: number
  /** Blocks after which the set is another. */
  readonly every: number
  /** How many of the set are others then. */
  readonly replaced: number
}

/** A chain whose validators sign natively, all of them each header. */
export function lightChain({ blocks, validators, every, replaced }: LightChainInit): LightChain {
  const known = new Map<number, Validator>()
  const validatorOf = (seed: number): Validator => {
    const found = known.get(seed)
    if (found !== undefined) return found
    const secret = Buffer.alloc(32, 1)
    secret.writeUInt32BE(seed)
    const key = createPrivateKey({ key: Buffer.concat([PKCS8, secret]), format: 'der', type: 'pkcs8' })
    const spki = createPublicKey(key).export({ format: 'der', type: 'spki' })
    const made = { key, publicKey: Uint8Array.from(spki.subarray(-32)) }
    known.set(seed, made)
    return made
  }
  const at = (height: number): Validator[] =>
    Array.from({ length: validators }, (_, index) =>
      validatorOf(Math.floor(height / every) * replaced + index),
    ).sort((a, b) => (idOf(a.publicKey) < idOf(b.publicKey) ? -1 : 1))
  const setAt = (height: number): ValidatorSet => ({
    validators: at(height).map(({ publicKey }) => ({ publicKey, power: 10 })),
  })

  const made = new Map<number, Uint8Array>()
  const headerAt = (height: number): Header => ({
    version: 1,
    chainId: CHAIN_ID,
    height,
    timeMs: START_MS + height * BLOCK_MS,
    previousBlock: NO_HASH,
    stateRoot: NO_HASH,
    receiptsRoot: NO_HASH,
    transactionsRoot: NO_HASH,
    evidenceRoot: NO_HASH,
    lastCommitHash: NO_HASH,
    validatorsHash: validatorsHashOf(setAt(height)),
    nextValidatorsHash: validatorsHashOf(setAt(height + 1)),
    proposer: at(height)[0]!.publicKey,
  })
  const lightBlock = (height: number): Uint8Array => {
    const header = headerAt(height)
    const block = blockIdFrom(Header.encode(header), 1, PARTS_ROOT)
    const message = voteBytes(CHAIN_ID, { type: 'precommit', height, round: 0, block })
    const signatures = at(height).map(({ key }, validator) => ({
      validator,
      signature: Uint8Array.from(sign(null, message, key)),
    }))
    return LightBlock.encode({
      header,
      parts: 1,
      partsRoot: PARTS_ROOT,
      commit: { height, round: 0, block, signatures },
      validators: setAt(height),
      nextValidators: setAt(height + 1),
    })
  }
  return {
    anchor: {
      height: 1,
      timeMs: START_MS + BLOCK_MS,
      blockId: blockIdFrom(Header.encode(headerAt(1)), 1, PARTS_ROOT),
      nextValidators: setAt(2),
    },
    nowMs: START_MS + (blocks + 1) * BLOCK_MS,
    made,
    provider: {
      name: 'bench',
      async lightBlock(height = blocks) {
        const bytes = made.get(height) ?? lightBlock(height)
        made.set(height, bytes)
        return bytes
      },
    },
  }
}
