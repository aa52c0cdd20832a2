import { errorCode, LIMITS, Evidence as WireEvidence } from '@neurovoyance/protocol'
import type { Evidence } from '../../consensus/core/index.js'
import { wireVote } from '../../consensus/wire/message.js'
import { type Id, idOf } from '../../core/hex.js'
import type { BlockContext } from '../../core/machine/context.js'
import { checkEvidenceOf } from '../../core/modules/evidence/index.js'

/** What evidence is checked against: the block that would carry it. */
export type EvidenceBlock = Pick<
  BlockContext,
  'draft' | 'chainId' | 'verify' | 'parameters' | 'timeMs' | 'height'
>

/** Not yet: the fault was made at a height that is not over. */
const LATER = 'LEDGER_EXPIRED'

/** Pieces of one block: their votes may need the slow verifier, and transactions have to find room beside them. */
const MOST_AT_ONCE = 4

interface Piece {
  readonly bytes: Uint8Array
  readonly height: number
}

/** Faults that this node saw and no block has yet, one a validator. Whoever proposes next puts them into the block. */
export class EvidencePool {
  readonly #pieces = new Map<Id, Piece>()
  readonly #keep: (pieces: readonly Uint8Array[]) => void

  /** @param keep hears of all that there is, whenever that is something else */
  constructor(keep: (pieces: readonly Uint8Array[]) => void = () => {}) {
    this.#keep = keep
  }

  get size(): number {
    return this.#pieces.size
  }

  /** Keeps what consensus found; says whether it is new. */
  add(evidence: Evidence): boolean {
    const { validator } = evidence
    if (this.#pieces.has(validator) || this.#pieces.size >= LIMITS.blockEvidence) return false
    const height = evidence.type === 'double-vote' ? evidence.first.height : evidence.precommit.height
    this.#pieces.set(validator, { bytes: encodeEvidence(evidence), height })
    this.#changed()
    return true
  }

  /** Takes back what was kept when the node stopped, as far as a block may need it yet. */
  restore(kept: readonly Uint8Array[], block: EvidenceBlock): void {
    for (const bytes of kept) {
      const accused = accusedIn(bytes)
      if (accused !== undefined) this.#pieces.set(accused.validator, { bytes, height: accused.height })
    }
    const { size } = this
    for (const [validator, piece] of this.#pieces) this.#isProven(block, validator, piece)
    if (size < kept.length || this.size < size) this.#changed()
  }

  /** What the next block carries; what no block will ever need is forgotten. */
  select(block: EvidenceBlock): Uint8Array[] {
    const { size } = this
    const chosen: Uint8Array[] = []
    for (const [validator, piece] of this.#pieces) {
      if (chosen.length === MOST_AT_ONCE) break
      if (this.#isProven(block, validator, piece)) chosen.push(piece.bytes)
    }
    if (this.size < size) this.#changed()
    return chosen
  }

  /** Whether a block may carry a piece now; one that no block will ever need is forgotten. */
  #isProven(block: EvidenceBlock, validator: Id, { bytes, height }: Piece): boolean {
    try {
      checkEvidenceOf(block, bytes)
      return true
    } catch (error) {
      if (errorCode(error) === undefined) throw error
      if (errorCode(error) !== LATER || height < block.height) this.#pieces.delete(validator)
      return false
    }
  }

  #changed(): void {
    this.#keep([...this.#pieces.values()].map(({ bytes }) => bytes))
  }
}

/** Whom a piece accuses, of a fault at which height; nothing where it is none that a pool takes in. */
function accusedIn(bytes: Uint8Array): { validator: Id; height: number } | undefined {
  const { doubleVote, amnesia } = WireEvidence.decode(bytes)
  const vote = doubleVote?.first ?? amnesia?.precommit
  return vote?.body && { validator: idOf(vote.validator), height: vote.body.height }
}

/** Evidence as it travels. */
export function encodeEvidence(evidence: Evidence): Uint8Array {
  if (evidence.type === 'double-vote') {
    const { first, second } = evidence
    return WireEvidence.encode({ doubleVote: { first: wireVote(first), second: wireVote(second) } })
  }
  const { precommit, prevote } = evidence
  return WireEvidence.encode({ amnesia: { precommit: wireVote(precommit), prevote: wireVote(prevote) } })
}
