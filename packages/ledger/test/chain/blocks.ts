/** A chain whose blocks change nothing: real headers, commits and signatures, and no state. */
import { createHash } from 'node:crypto'
import { Commit, createSigner, type ValidatorSet } from '@neurovoyance/protocol'
import { ed25519 } from '@noble/curves/ed25519.js'
import {
  type Beginning,
  firstBeginning,
  genesisSet,
  nextBeginning,
  type Vote,
  wholeCandidate,
} from '../../src/consensus/core/index.js'
import { signedBytesOf } from '../../src/consensus/wire/signed-bytes.js'
import { assembleBlock, type ChainHead } from '../../src/core/block/assemble.js'
import { type OpenBlock, openBlock } from '../../src/core/block/check.js'
import { NO_HASH } from '../../src/core/block/hashes.js'
import { bytesOf, idOf } from '../../src/core/hex.js'

/** The chain of these tests. */
export const CHAIN = 'blocks-1'
export const GENESIS_HASH = new Uint8Array(createHash('sha256').update(CHAIN).digest())
const START_MS = 1_700_000_000_000

/** A key that decides. */
export interface Key {
  readonly id: string
  readonly publicKey: Uint8Array
  sign(bytes: Uint8Array): Uint8Array
}

/** Keys of `count` validators, in the order of a set. */
export function validatorKeys(count: number): Key[] {
  const keys = Array.from({ length: count }, (_, index) => {
    const secret = new Uint8Array(32).fill(index + 1)
    const publicKey = ed25519.getPublicKey(secret)
    const signer = createSigner(secret)
    return { id: idOf(publicKey), publicKey, sign: (bytes: Uint8Array) => signer.sign(bytes) as Uint8Array }
  })
  return keys.sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** A block with what decided it. */
export interface DecidedBytes {
  readonly id: Uint8Array
  readonly block: Uint8Array
  readonly commit: Uint8Array
}

/** Blocks that were decided, from the first on, and what the next one refers to. */
export class Blocks {
  readonly stored: DecidedBytes[] = []
  readonly #keys: readonly Key[]
  #head: ChainHead
  #beginning: Beginning
  #lastCommit: Commit | undefined

  constructor(keys: readonly Key[]) {
    this.#keys = keys
    const validators: ValidatorSet = {
      validators: keys.map(({ publicKey }) => ({ publicKey, power: 1 })),
    }
    this.#beginning = firstBeginning(genesisSet(keys.map(({ id }) => ({ id, power: 1n }))))
    this.#head = {
      height: 0,
      timeMs: START_MS,
      blockId: NO_HASH,
      stateRoot: NO_HASH,
      receiptsRoot: NO_HASH,
      validators,
      nextValidators: validators,
    }
  }

  get head(): ChainHead {
    return this.#head
  }

  get beginning(): Beginning {
    return this.#beginning
  }

  /** The next block; `filling` makes it large. */
  propose(filling: readonly Uint8Array[] = []) {
    return assembleBlock(this.#head, {
      chainId: CHAIN,
      timeMs: this.#head.timeMs + 1,
      proposer: this.#keys[0]!.publicKey,
      transactions: [],
      evidence: filling,
      lastCommit: this.#lastCommit,
    })
  }

  /** Takes a block that was decided. */
  append(bytes: Uint8Array, precommits: readonly Vote[]): void {
    const open = readBlock(bytes)
    const id = idOfBlock(open, bytes)
    const { height, timeMs } = open.header
    const commit = this.#commitOf(precommits)
    this.stored.push({ id, block: bytes, commit: Commit.encode(commit) })
    this.#lastCommit = commit
    this.#head = { ...this.#head, height, timeMs, blockId: id }
    this.#beginning = nextBeginning(this.#beginning, precommits, [], true)
  }

  /** Decides blocks by everyone's signature, without a vote. */
  grow(count: number, filling: readonly Uint8Array[] = []): void {
    for (let left = count; left > 0; left--) {
      const { bytes } = this.propose(filling)
      this.append(bytes, this.precommitsFor(bytes))
    }
  }

  /** Everyone's precommits for a block. */
  precommitsFor(bytes: Uint8Array, keys: readonly Key[] = this.#keys): Vote[] {
    const open = readBlock(bytes)
    const blockId = idOf(idOfBlock(open, bytes))
    return keys.map(({ id, sign }) => {
      const { height } = open.header
      const vote = { type: 'precommit', height, round: 0, blockId, validRound: -1, validator: id } as const
      return { ...vote, signature: sign(signedBytesOf(CHAIN, { kind: 'vote', ...vote })) }
    })
  }

  #commitOf(precommits: readonly Vote[]): Commit {
    const [{ height, round, blockId }] = precommits as [Vote]
    const signatures = precommits
      .map(({ validator, signature }) => ({
        validator: this.#keys.findIndex(({ id }) => id === validator),
        signature,
      }))
      .sort((a, b) => a.validator - b.validator)
    return { height, round, block: bytesOf(blockId), signatures }
  }
}

/** Reads a block of these tests. */
export const readBlock = (bytes: Uint8Array): OpenBlock =>
  openBlock(bytes, { chainId: CHAIN, verify: () => false })

const idOfBlock = ({ header, headerHash }: OpenBlock, bytes: Uint8Array): Uint8Array =>
  bytesOf(wholeCandidate(header.height, idOf(headerHash), bytes, 65_536).blockId)
