import { errorCode, LIMITS, Evidence as WireEvidence } from '@neurovoyance/protocol'
import type { Evidence } from '../../consensus/core/index.js'
import { wireVote } from '../../consensus/wire/message.js'
import type { Id } from '../../core/hex.js'
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

  get size(): number {
    return this.#pieces.size
  }

  /** Keeps what consensus found; says whether it is new. */
  add(evidence: Evidence): boolean {
    const { validator } = evidence
    if (this.#pieces.has(validator) || this.#pieces.size >= LIMITS.blockEvidence) return false
    const height = evidence.type === 'double-vote' ? evidence.first.height : evidence.precommit.height
    this.#pieces.set(validator, { bytes: encodeEvidence(evidence), height })
    return true
  }

  /** What the next block carries; what no block will ever need is forgotten. */
  select(block: EvidenceBlock): Uint8Array[] {
    const chosen: Uint8Array[] = []
    for (const [validator, { bytes, height }] of this.#pieces) {
      if (chosen.length === MOST_AT_ONCE) break
      try {
        checkEvidenceOf(block, bytes)
        chosen.push(bytes)
      } catch (error) {
        if (errorCode(error) === undefined) throw error
        if (errorCode(error) !== LATER || height < block.height) this.#pieces.delete(validator)
      }
    }
    return chosen
  }
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
