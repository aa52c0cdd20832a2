import { sameBytes } from '../core/block/merkle.js'
import type { CoherentBlock } from '../core/light/verify.js'
import { ledgerError } from '../errors.js'

/** A way down to find. */
export interface Descent {
  /** A block that is trusted. */
  readonly from: CoherentBlock
  /** The height to reach, below it. */
  readonly to: number
  readonly ask: (height: number) => Promise<CoherentBlock>
}

/** Headers that one way down takes at most. */
const MOST_STEPS = 4_096
/** Headers that are asked for at once. */
const AT_ONCE = 16

/**
 * Goes down from a trusted block to an earlier one: each header has the id of the block before it, so that no signature
 * needs to be checked, and however old that block is, it is of this chain.
 *
 * @throws LedgerError `LEDGER_BAD_LIGHT_BLOCK` where a block is not the one that the next names;
 *   `LEDGER_LIGHT_TOO_FAR` where it is too far
 */
export async function descend({ from, to, ask }: Descent): Promise<CoherentBlock> {
  const steps = from.header.height - to
  if (steps > MOST_STEPS) {
    throw ledgerError(
      'LEDGER_LIGHT_TOO_FAR',
      `height ${to} is ${steps} blocks below the first trusted header: begin with an older one that you trust`,
      { height: to, trusted: from.header.height, most: MOST_STEPS },
    )
  }
  let after = from
  while (after.header.height > to) {
    const next = after.header.height - 1
    const count = Math.min(AT_ONCE, next - to + 1)
    const blocks = await Promise.all(Array.from({ length: count }, (_, step) => ask(next - step)))
    for (const block of blocks) {
      if (!sameBytes(block.blockId, after.header.previousBlock)) {
        throw ledgerError(
          'LEDGER_BAD_LIGHT_BLOCK',
          `the header cannot be trusted: block ${block.header.height} is not the one that block ${after.header.height} follows`,
          { height: block.header.height },
        )
      }
      after = block
    }
  }
  return after
}
