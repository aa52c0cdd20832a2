import { Header, LightBlock, type ValidatorSet } from '@neurovoyance/protocol'
import { ed25519 } from '@noble/curves/ed25519.js'
import { blockIdFrom, idOf, NO_HASH, validatorsHashOf, voteBytes } from '../../src/index.js'

export const CHAIN = 'light-1'
export const START_MS = Date.UTC(2026, 0, 1)
export const BLOCK_MS = 1_000
const PARTS_ROOT = new Uint8Array(32).fill(5)

/** A validator's keys. */
export interface Signer {
  readonly secret: Uint8Array
  readonly publicKey: Uint8Array
}

export function signerOf(seed: number): Signer {
  const secret = new Uint8Array(32)
  new DataView(secret.buffer).setUint32(0, seed + 1)
  return { secret, publicKey: ed25519.getPublicKey(secret) }
}

/** A chain of headers whose validators are what `signersAt` says; only what is asked for is signed. */
export class Headers {
  readonly #signersAt: (height: number) => readonly Signer[]
  readonly #salt: number
  readonly #kept = new Map<number, Uint8Array>()

  constructor(signersAt: (height: number) => readonly Signer[], salt = 0) {
    this.#signersAt = signersAt
    this.#salt = salt
  }

  /** The validators of a height, sorted by key. */
  sorted(height: number): readonly Signer[] {
    return this.#signersAt(height).toSorted((a, b) => (idOf(a.publicKey) < idOf(b.publicKey) ? -1 : 1))
  }

  header(height: number): Header {
    return {
      version: 1,
      chainId: CHAIN,
      height,
      timeMs: START_MS + height * BLOCK_MS,
      previousBlock: NO_HASH,
      stateRoot: new Uint8Array(32).fill(this.#salt),
      receiptsRoot: NO_HASH,
      transactionsRoot: NO_HASH,
      evidenceRoot: NO_HASH,
      lastCommitHash: NO_HASH,
      validatorsHash: validatorsHashOf(this.#set(height)),
      nextValidatorsHash: validatorsHashOf(this.#set(height + 1)),
      proposer: this.sorted(height)[0]!.publicKey,
    }
  }

  /** A light block that `signs` signed; all validators when left out. */
  block(height: number, signs: (signer: Signer, index: number) => boolean = () => true): Uint8Array {
    const header = this.header(height)
    const block = blockIdFrom(Header.encode(header), 1, PARTS_ROOT)
    const message = voteBytes(CHAIN, { type: 'precommit', height, round: 0, block })
    const signatures = this.sorted(height).flatMap((signer, validator) =>
      signs(signer, validator) ? [{ validator, signature: ed25519.sign(message, signer.secret) }] : [],
    )
    return LightBlock.encode({
      header,
      parts: 1,
      partsRoot: PARTS_ROOT,
      commit: { height, round: 0, block, signatures },
      validators: this.#set(height),
      nextValidators: this.#set(height + 1),
    })
  }

  /** The same, made once. */
  at(height: number): Uint8Array {
    const bytes = this.#kept.get(height) ?? this.block(height)
    this.#kept.set(height, bytes)
    return bytes
  }

  idAt(height: number): string {
    return idOf(blockIdFrom(Header.encode(this.header(height)), 1, PARTS_ROOT))
  }

  #set(height: number): ValidatorSet {
    return { validators: this.sorted(height).map(({ publicKey }) => ({ publicKey, power: 10 })) }
  }
}
