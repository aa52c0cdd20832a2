import { type Verify, zip215 } from '../../core/crypto/zip215.js'
import { type OpenTransaction, openTransaction } from '../../core/machine/transaction.js'
import { nameOf } from '../../crypto/name-of.js'
import { nativeSha256 } from '../../crypto/native-sha256.js'

/** A transaction that was opened, and how many of its signatures the platform's verifier would not take. */
export interface Opening {
  readonly transaction: OpenTransaction
  readonly slowSignatures: number
}

/** Transactions kept: about as many as wait in a full mempool. */
const KEPT = 65_536

/**
 * Opens transactions, each once: a signature that was checked when the transaction came in is not checked again when
 * it comes back in a block.
 */
export class Openings {
  readonly #chainId: string
  readonly #native: Verify
  readonly #kept = new Map<string, Opening>()

  constructor(chainId: string, native: Verify) {
    this.#chainId = chainId
    this.#native = native
  }

  /**
   * Opens one for a block: by ZIP-215.
   *
   * @throws ProtocolError, LedgerError: as `openTransaction`
   */
  open(bytes: Uint8Array): Opening {
    const name = nameOf(bytes)
    const known = this.#kept.get(name)
    if (known !== undefined) return known
    let slowSignatures = 0
    const transaction = openTransaction(bytes, {
      chainId: this.#chainId,
      hash: nativeSha256,
      verify: zip215(this.#native, () => void slowSignatures++),
    })
    const opening = { transaction, slowSignatures }
    this.#keep(name, opening)
    return opening
  }

  /**
   * Opens one that wants to wait: only by what the platform's verifier takes.
   *
   * @throws ProtocolError, LedgerError: as `openTransaction`
   */
  openFast(bytes: Uint8Array): OpenTransaction {
    const name = nameOf(bytes)
    const known = this.#kept.get(name)
    if (known?.slowSignatures === 0) return known.transaction
    const transaction = openTransaction(bytes, {
      chainId: this.#chainId,
      hash: nativeSha256,
      verify: this.#native,
    })
    this.#keep(name, { transaction, slowSignatures: 0 })
    return transaction
  }

  #keep(name: string, opening: Opening): void {
    if (this.#kept.size >= KEPT) this.#kept.delete(this.#kept.keys().next().value as string)
    this.#kept.set(name, opening)
  }
}
